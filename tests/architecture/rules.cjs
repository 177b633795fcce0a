/**
 * Who may import whom, and why. Read by dependency-cruiser in imports.test.ts, which also plants a violation of each
 * rule in a copy of the tree and sees it reported. Capture groups say "another feature" once for all folders.
 *
 * The registry of kinds and the server's own parts of features are found by a glob that no import graph shows; what
 * they may find is held by the names of the files (`*.record.ts`, `*.server.ts`) and by the rules for these names.
 */
const inTests =
  '[.](test|fixture)[.]ts$|^src/engine/client/testing[a-z-]*[.]ts$|^src/features/routes/test-station[.]ts$';
const screens = '[.]svelte$|[.]svelte[.]ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      severity: 'error',
      name: 'core-stands-alone',
      comment:
        'The core runs on the phone, on the server and in the simulation. Whatever it imported would have to exist in ' +
        'all three, so it knows itself and valibot.',
      from: { path: '^src/engine/[^/]+[.]ts$', pathNot: inTests },
      to: { pathNot: ['^src/engine/[^/]+[.]ts$', '(^|/)node_modules/valibot/'] },
    },
    {
      severity: 'error',
      name: 'client-knows-no-kind',
      comment:
        'The phone’s half of the engine works for any record. If it knew one, a new kind would be an edit in the engine.',
      from: { path: '^src/engine/client/' },
      to: { path: ['^src/features/', '^src/kinds', '^src/routes/', '^src/ui/'] },
    },
    {
      severity: 'error',
      name: 'client-knows-the-server-by-type-only',
      comment:
        'The phone speaks the router’s types and nothing else of the server: one value import would put the database ' +
        'into the bundle of every phone.',
      from: { path: '^src/engine/client/', pathNot: inTests },
      to: { path: '^server/', dependencyTypesNot: ['type-only'] },
    },
    {
      severity: 'error',
      name: 'storage-and-wire-only-in-client',
      comment:
        'IndexedDB and the tRPC client are known in one folder. A screen that spoke to them would have a side door around ' +
        'journal, permission and verdict.',
      from: { path: '^(src|server)/', pathNot: ['^src/engine/client/'] },
      to: { path: '(^|/)node_modules/(idb|@trpc/client)/' },
    },
    {
      severity: 'error',
      name: 'ui-knows-no-elder',
      comment:
        'Buttons and lists are the same for every service. They get words and values handed in, so that a change in a ' +
        'feature never reaches the design system.',
      from: { path: '^src/ui/' },
      to: { path: ['^src/engine/', '^src/features/', '^src/kinds', '^src/routes/', '^server/'] },
    },
    {
      severity: 'error',
      name: 'records-are-pure',
      comment:
        'A record’s acts and rules run on the phone and on the server and must give the same answer there: they read ' +
        'through `tx` and know no screen, storage or server.',
      from: { path: '[.](record|rules)[.]ts$' },
      to: {
        path: [
          screens,
          '(^|/)node_modules/(svelte|idb|postgres|@trpc)/',
          '^src/(engine/client|ui|routes)/',
          '^server/',
        ],
      },
    },
    {
      severity: 'error',
      name: 'records-lead-to-no-screen',
      comment:
        'What a record or a server part imports comes into the server with it, however many files lie between: a screen’s ' +
        'state there would not even start.',
      from: { path: '[.](record|rules|server)[.]ts$' },
      to: { path: [screens, '^src/engine/client/'], reachable: true },
    },
    {
      severity: 'error',
      name: 'records-need-no-node',
      comment: 'What runs on the phone too cannot ask for files, processes or sockets.',
      from: { path: ['[.](record|rules)[.]ts$', '^src/engine/'], pathNot: inTests },
      to: { dependencyTypes: ['core'] },
    },
    {
      severity: 'error',
      name: 'features-meet-in-public',
      comment:
        'Another feature’s folder may be rearranged at any time; its public.ts and its records are what it promises.',
      from: { path: '^src/features/([^/]+)/', pathNot: inTests },
      to: {
        path: '^src/features/',
        pathNot: ['^src/features/$1/', '^src/features/[^/]+/(public|[^/]+[.]record)[.]ts$'],
      },
    },
    {
      severity: 'error',
      name: 'features-reach-the-server-through-the-engine',
      comment:
        'A screen that called the server itself would fail without signal. Only a feature’s *.server.ts runs there.',
      from: { path: '^src/features/', pathNot: ['[.]server[.]ts$', inTests] },
      to: { path: '^server/' },
    },
    {
      severity: 'error',
      name: 'server-parts-show-nothing',
      comment: 'A feature’s *.server.ts runs in the server’s process, which has neither screens nor a phone’s store.',
      from: { path: '[.]server[.]ts$' },
      to: {
        path: [screens, '^src/(engine/client|ui|routes)/', '(^|/)node_modules/(svelte|idb|@trpc/client)/'],
      },
    },
    {
      severity: 'error',
      name: 'server-parts-stay-on-the-server',
      comment:
        'Nothing that reaches a phone may import a feature’s *.server.ts: it would take the server’s secrets along.',
      from: { path: '^src/', pathNot: ['[.]server[.]ts$', inTests] },
      to: { path: '^src/.*[.]server[.]ts$' },
    },
    {
      severity: 'error',
      name: 'kinds-finds-and-knows-none',
      comment: 'The list of kinds is found, not written. An import here would be a second list that somebody edits.',
      from: { path: '^src/kinds[a-z-]*[.]ts$', pathNot: inTests },
      to: { pathNot: ['^src/engine/[^/]+[.]ts$', '^src/engine/client/late-acts[.]ts$', '^src/kinds-at-desk[.]ts$'] },
    },
    {
      severity: 'error',
      name: 'phones-fetch-desks-late',
      comment:
        'Every phone loads what the layout imports before it shows anything. The acts of the desks are fetched by those ' +
        'who may do them (decision 0031), so nothing that runs on a phone imports the list with all of them.',
      from: { path: '^src/', pathNot: ['[.]server[.]ts$', '^src/kinds-on-phone[.]ts$', inTests] },
      to: { path: '^src/kinds(-at-desk)?[.]ts$' },
    },
    {
      severity: 'error',
      name: 'fields-need-no-desk',
      comment:
        'What is done at doors must not bring the acts of the desks along: a volunteer would fetch the code of the whole ' +
        'office before the first list.',
      from: { path: '^src/features/.*[.]record[.]ts$', pathNot: '[.]desk[.]record[.]ts$' },
      to: { path: '[.]desk[.]record[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      severity: 'error',
      name: 'pages-reach-the-server-through-the-engine',
      comment: 'Pages run on the phone. The only doors to the server are the routes that answer requests.',
      from: { path: '^src/routes/', pathNot: '[+]server[.]ts$' },
      to: { path: '^server/' },
    },
    {
      severity: 'error',
      name: 'server-shows-nothing',
      comment: 'The server works without a screen; a Svelte file in its process would be work that belongs to a phone.',
      from: { path: '^server/' },
      to: {
        path: [screens, '^src/(ui|routes|engine/client)/', '(^|/)node_modules/(svelte|idb)/'],
      },
    },
    {
      severity: 'error',
      name: 'nobody-imports-routes',
      comment:
        'Addresses put screens together and are put together by nobody, so that a page can move without an edit.',
      from: { pathNot: '^src/routes/' },
      to: { path: '^src/routes/' },
    },
    {
      severity: 'error',
      name: 'no-cycles',
      comment:
        'Of two modules that import each other neither can be understood, tested or moved alone, and which one is ' +
        'ready first depends on who is asked first. A circle closed by a type alone exists for the compiler only.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      severity: 'error',
      name: 'everything-resolves',
      comment: 'An import that leads nowhere is a build that fails on another machine. Names with $ are made by Kit.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^[$](app/|service-worker$)|^[.]/[$]types$' },
    },
    {
      severity: 'error',
      name: 'no-undeclared-package',
      comment: 'A package that is here only because another one brought it is gone with that one’s next release.',
      from: { path: '^(src|server)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      severity: 'error',
      name: 'product-imports-no-tests',
      comment: 'Fixtures and helpers of tests must never reach a phone or a station.',
      from: { path: '^(src|server)/', pathNot: inTests },
      to: { path: ['^tests/', inTests] },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^src/i18n/compiled/' },
    // Type-only imports count too: a type is knowledge.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.json'],
    },
  },
};
