/**
 * What oxlint cannot see: Svelte components, promises nobody waits for (this needs the types), and the determinism of
 * the engine's core. Run by `npm test` as `eslint -c tests/architecture/eslint.config.js`.
 */
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from '../../svelte.config.js';

/** Clock, chance, timers, network and new ids reach the core and the records as arguments, so that a whole station with its phones runs from one seed. */
const REASON = 'is passed in as an argument here: core, records and rules must give the same result every time.';

const determinism = {
  'no-restricted-globals': [
    'error',
    ...[
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'requestAnimationFrame',
      'fetch',
      'XMLHttpRequest',
    ].map((name) => ({ name, message: `${name} ${REASON}` })),
    ...['localStorage', 'sessionStorage', 'indexedDB', 'navigator', 'performance', 'crypto'].map((name) => ({
      name,
      message: `${name} ${REASON}`,
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: `The clock ${REASON}` },
    { object: 'Math', property: 'random', message: `Chance ${REASON}` },
    ...['globalThis', 'window', 'self'].flatMap((object) =>
      ['setTimeout', 'setInterval', 'fetch', 'crypto', 'performance', 'localStorage', 'indexedDB'].map((property) => ({
        object,
        property,
        message: `${property} ${REASON}`,
      })),
    ),
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `The clock ${REASON}` },
    { selector: "CallExpression[callee.name='Date']", message: `The clock ${REASON}` },
  ],
};

export default tseslint.config(
  {
    ignores: [
      'build/',
      '.svelte-kit/',
      'node_modules/',
      'src/i18n/compiled/',
      'src/i18n/collected/',
      'data/',
      'demo/',
      'tests/e2e/output/',
    ],
  },
  // oxlint reads the same comments, so one that looks unused here may be needed there.
  { linterOptions: { reportUnusedDisableDirectives: 'off' } },
  ...svelte.configs.recommended,
  { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: {
      // Addresses here are fixed paths of a site that lives at the root of its host.
      'svelte/no-navigation-without-resolve': 'off',
      // Sets and maps that are filled and read within one call need not tell anybody.
      'svelte/prefer-svelte-reactivity': 'off',
      // A written {' '} keeps a space that the formatter would take away.
      'svelte/no-useless-mustaches': 'off',
    },
  },
  {
    // A promise nobody waits for is work that is neither known to be done nor known to have failed.
    files: ['src/engine/**/*.ts', 'src/features/**/*.ts', 'server/**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: `${import.meta.dirname}/../..` } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  {
    files: ['src/engine/*.ts', 'src/**/*.record.ts', 'src/**/*.rules.ts'],
    ignores: ['**/*.test.ts'],
    rules: determinism,
  },
);
