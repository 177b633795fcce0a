import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { root } from './copy-tree.ts';

/** What the linter says about a text that stood in this file. */
async function complaints(file: string, text: string): Promise<string[]> {
  const linter = new ESLint({
    cwd: root,
    overrideConfigFile: path.join(root, 'tests/architecture/eslint.config.js'),
    // These need the types of a file that is really there; what is asked here needs none.
    ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
    overrideConfig: { languageOptions: { parserOptions: { projectService: false, project: null } } },
  });
  const [result] = await linter.lintText(text, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map(({ message }) => message);
}

const places = [
  'src/engine/planted.ts',
  'src/features/people/planted.record.ts',
  'src/features/people/planted.rules.ts',
];

describe('core, records and rules take clock, chance and network as arguments', () => {
  it.each([
    ['the clock', 'export const at = Date.now();'],
    ['the clock, otherwise', 'export const at = new Date();'],
    ['chance', 'export const at = Math.random();'],
    ['a new id', 'export const at = crypto.randomUUID();'],
    ['a timer', 'setTimeout(() => undefined, 10);'],
    ['the network', `void fetch('/');`],
    ['the phone’s storage', `export const at = localStorage.getItem('x');`],
  ])(
    '%s is reported by the linter',
    async (_what, text) => {
      for (const file of places) expect(await complaints(file, text), file).toHaveLength(1);
    },
    120_000,
  );

  it('and what was handed in is not', async () => {
    const text = 'export const day = (at: number): string => new Date(at).toISOString();';
    for (const file of places) expect(await complaints(file, text), file).toEqual([]);
  });
});
