/** The lint rules that guard the engine's determinism and its promises bite: each is shown a planted violation. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { beforeAll, expect, test } from 'vitest';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const eslint = new ESLint({ cwd: root, overrideConfigFile: path.join(root, 'tests/architecture/eslint.config.js') });

/** The rules that this text would break if it stood in that file, which has to exist. */
async function broken(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

// The first question reads the types of the whole project.
beforeAll(async () => {
  await broken('src/engine/kind.ts', '');
});

const deterministic = ['src/engine/kind.ts', 'src/features/visits/visit.record.ts'];

test.each(deterministic)('%s may not ask for the time, chance, timers, network or new ids', async (file) => {
  expect(await broken(file, 'export const at = Date.now();')).toContain('no-restricted-properties');
  expect(await broken(file, 'export const at = new Date();')).toContain('no-restricted-syntax');
  expect(await broken(file, 'export const at = Math.random();')).toContain('no-restricted-properties');
  expect(await broken(file, 'export const at = setTimeout(() => 1, 1);')).toContain('no-restricted-globals');
  expect(await broken(file, 'export const at = setInterval(() => 1, 1);')).toContain('no-restricted-globals');
  expect(await broken(file, "export const at = [fetch('/')];")).toContain('no-restricted-globals');
  expect(await broken(file, 'export const at = crypto.randomUUID();')).toContain('no-restricted-globals');
  expect(await broken(file, 'export const at = globalThis.crypto.randomUUID();')).toContain('no-restricted-properties');
  expect(await broken(file, 'export const at = (ms: number) => new Date(ms);')).toEqual([]);
});

test.each(['src/engine/client/sync-loop.ts', 'server/jobs.ts'])('%s may not leave a promise alone', async (file) => {
  expect(await broken(file, 'export function go() { Promise.reject(new Error()); }')).toContain(
    '@typescript-eslint/no-floating-promises',
  );
  expect(await broken(file, 'export async function go() { await Promise.resolve(); }')).toEqual([]);
});
