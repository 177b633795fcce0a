import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyTree, root } from './copy-tree.ts';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

interface Rule {
  readonly name: string;
  readonly comment: string;
}

const rules = (createRequire(import.meta.url)('./rules.cjs') as { forbidden: Rule[] }).forbidden;
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** Every import in a tree that breaks a rule. */
async function violationsIn(folder: string): Promise<readonly Violation[]> {
  const args = [cruiser, '--config', 'tests/architecture/rules.cjs', '--output-type', 'json', 'src', 'server'];
  const printed = await new Promise<string>((resolve, reject) => {
    // It ends with an exit code of its own when it found something; what it printed says what.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 256 * 1024 * 1024 }, (error, stdout) =>
      stdout.startsWith('{') ? resolve(stdout) : reject(error ?? new Error('The cruiser printed nothing.')),
    );
  });
  return (JSON.parse(printed) as { summary: { violations: Violation[] } }).summary.violations;
}

const script = (lines: string): string => `<script lang="ts">\n${lines}\n</script>\n`;

/** For each rule files that break it, and nothing else would. The first one is the one to be reported. */
const planted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'core-stands-alone': { 'src/engine/planted-core.ts': `import { registry } from '#kinds';\nvoid registry;` },
  'client-knows-no-kind': {
    'src/engine/client/planted-client.ts': `import { elder } from '#features/people/elder.record.ts';\nvoid elder;`,
  },
  'client-knows-the-server-by-type-only': {
    'src/engine/client/planted-server.ts': `import { requestBytesMax } from '#server/limits.ts';\nvoid requestBytesMax;`,
  },
  'storage-and-wire-only-in-client': {
    'src/features/planted/planted-store.svelte': script(`import { openDB } from 'idb';\nvoid openDB;`),
  },
  'ui-knows-no-elder': {
    'src/ui/planted-list.svelte': script(`import { elder } from '#features/people/elder.record.ts';\nvoid elder;`),
  },
  'records-are-pure': {
    'src/features/planted/planted.record.ts': `import { writable } from 'svelte/store';\nvoid writable;`,
  },
  'records-lead-to-no-screen': {
    'src/features/planted/planted-far.record.ts': `import { far } from './planted-far.ts';\nvoid far;`,
    'src/features/planted/planted-far.ts': `export { station as far } from '#engine/client/station.svelte.ts';`,
  },
  'records-need-no-node': {
    'src/features/planted/planted.rules.ts': `import fs from 'node:fs';\nvoid fs;`,
  },
  'features-meet-in-public': {
    // Used in the markup only, where a cruiser that cannot read Svelte 5 would lose it.
    'src/features/planted/planted-page.svelte': `${script(
      `import Other from '#features/planted-other/inside.svelte';`,
    )}<Other />`,
    'src/features/planted-other/inside.svelte': '<p></p>',
  },
  'features-reach-the-server-through-the-engine': {
    'src/features/planted/planted-list.svelte': script(`import { limits } from '#server/limits.ts';\nvoid limits;`),
  },
  'server-parts-show-nothing': {
    'src/features/planted/planted.server.ts': `import Page from './planted-empty.svelte';\nvoid Page;`,
    'src/features/planted/planted-empty.svelte': '<p></p>',
  },
  'server-parts-stay-on-the-server': {
    'src/features/planted/planted-form.svelte': script(`import { jobs } from './planted-jobs.server.ts';\nvoid jobs;`),
    'src/features/planted/planted-jobs.server.ts': 'export const jobs = {};',
  },
  'kinds-finds-and-knows-none': {
    'src/kinds.ts': `import { elder } from '#features/people/elder.record.ts';\nvoid elder;`,
  },
  'phones-fetch-desks-late': {
    'src/features/planted/planted-acts.svelte': script(`import { registry } from '#kinds';\nvoid registry;`),
  },
  'fields-need-no-desk': {
    'src/features/planted/planted-door.record.ts': `import { personActs } from '#features/access/person.desk.record.ts';\nvoid personActs;`,
  },
  'pages-reach-the-server-through-the-engine': {
    'src/routes/planted/+page.svelte': script(`import { log } from '#server/log.ts';\nvoid log;`),
  },
  'server-shows-nothing': {
    'server/planted-screen.ts': `import { effect } from 'svelte';\nvoid effect;`,
  },
  'nobody-imports-routes': {
    'src/features/planted/planted-links.ts': `import Page from '../../routes/+page.svelte';\nvoid Page;`,
  },
  'no-cycles': {
    'server/planted-egg.ts': `import { hen } from './planted-hen.ts';\nexport const egg = (): unknown => hen;`,
    'server/planted-hen.ts': `import { egg } from './planted-egg.ts';\nexport const hen = (): unknown => egg;`,
  },
  'everything-resolves': { 'server/planted-nowhere.ts': `import { nothing } from './nowhere.ts';\nvoid nothing;` },
  'no-undeclared-package': { 'server/planted-package.ts': `import * as acorn from 'acorn';\nvoid acorn;` },
  'product-imports-no-tests': {
    'server/planted-test.ts': `import { freshDatabase } from '../tests/support/database.ts';\nvoid freshDatabase;`,
  },
};

describe('who may import whom', () => {
  it('is kept everywhere', async () => {
    const broken = (await violationsIn(root)).map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
    expect(broken).toEqual([]);
  }, 240_000);

  it('says why, for every rule', () => {
    expect(rules.filter(({ comment }) => !comment || comment.length < 40).map(({ name }) => name)).toEqual([]);
    expect(Object.keys(planted).sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  it('is reported when a file breaks it, for every rule', async () => {
    const tree = copyTree();
    try {
      for (const files of Object.values(planted))
        for (const [file, content] of Object.entries(files))
          if (file === 'src/kinds.ts') tree.prepend(file, content);
          else tree.write(file, content);
      const found = await violationsIn(tree.folder);
      for (const [name, files] of Object.entries(planted)) {
        const [file] = Object.keys(files);
        const reported = found.filter((one) => one.rule.name === name).map(({ from }) => from);
        expect(reported, name).toContain(file);
      }
    } finally {
      tree.remove();
    }
  }, 240_000);
});
