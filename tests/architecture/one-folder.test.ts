import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { copyTree, type TreeCopy } from './copy-tree.ts';

const fixture = path.join(import.meta.dirname, 'fixtures/haircut-round');
const feature = 'src/features/haircut-round';
const migration = 'server/migrations/0900.do.haircut-round.sql';

/** Runs a TypeScript entry of the copy and returns what it printed last. */
async function runIn(tree: TreeCopy, entry: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: tree.folder, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['scripts/run.mjs', entry, ...args], options, (error, stdout, stderr) =>
      error ? reject(new Error(`${entry} failed:\n${stderr}`)) : resolve(stdout.trim().split('\n').at(-1) ?? ''),
    );
  });
}

/** What the tree makes of its folders, on a database of its own. */
async function probe(tree: TreeCopy): Promise<Record<string, unknown>> {
  const database = await freshDatabase();
  try {
    const printed = await runIn(tree, 'tests/architecture/one-folder.probe.ts', [], {
      PROBE_DATABASE_URL: database.url,
    });
    return JSON.parse(printed) as Record<string, unknown>;
  } finally {
    await database.drop();
  }
}

/** Hash of every file that people write, by name. What is generated anew by each build is left out. */
function written(tree: TreeCopy): Record<string, string> {
  const hashes: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const entry of fs.readdirSync(path.join(tree.folder, folder), { withFileTypes: true })) {
      const name = path.posix.join(folder, entry.name);
      if (/^(node_modules|words-before|\.svelte-kit|src\/i18n\/(compiled|collected))$/.test(name)) continue;
      if (entry.isDirectory()) walk(name);
      else
        hashes[name] = createHash('sha256')
          .update(fs.readFileSync(path.join(tree.folder, name)))
          .digest('hex');
    }
  };
  walk('.');
  return hashes;
}

/** The compiled catalogue is put back as it was: to compile it once more would take longer than all else here. */
function keepWords(folder: string, from: string, to: string): void {
  fs.rmSync(path.join(folder, to), { recursive: true, force: true });
  fs.cpSync(path.join(folder, from), path.join(folder, to), { recursive: true, preserveTimestamps: true });
}

describe('a new kind of care is one folder and one migration', () => {
  let tree: TreeCopy;
  let before: Record<string, string>;

  beforeAll(() => {
    tree = copyTree();
    before = written(tree);
    keepWords(tree.folder, 'src/i18n', 'words-before');
    fs.cpSync(fixture, path.join(tree.folder, feature), { recursive: true });
  });
  afterAll(() => tree.remove());

  it('writes its migration from the declarations', async () => {
    await runIn(tree, 'scripts/migration.cli.ts', ['0900-haircut-round']);
    const sql = fs.readFileSync(path.join(tree.folder, migration), 'utf8');
    expect(sql).toContain('create table "haircut_round"');
    expect(sql).toContain('create table "haircut"');
  }, 240_000);

  it('has tables as declared, words, and a day’s work on two phones without signal', async () => {
    expect(await probe(tree)).toEqual({
      kinds: ['haircut', 'haircutRound'],
      acts: ['haircut.finish', 'haircutRound.plan'],
      title: '理发日',
      withoutTable: 0,
      drift: [],
      day: {
        elders: ['e1', 'e2'],
        offline: ['cut', null],
        unsent: 1,
        left: 0,
        seen: ['cut', null],
      },
    });
  }, 240_000);

  it('touches nothing else', () => {
    const after = written(tree);
    const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
    expect(changed.filter((name) => !name.startsWith(`${feature}/`))).toEqual([migration]);
  });

  it('is gone without a trace when both are taken away', async () => {
    fs.rmSync(path.join(tree.folder, feature), { recursive: true });
    fs.rmSync(path.join(tree.folder, migration));
    keepWords(tree.folder, 'words-before', 'src/i18n');
    expect(written(tree)).toEqual(before);
    expect(await probe(tree)).toEqual({ kinds: [], acts: [], title: null, withoutTable: 0, drift: [], day: null });
  }, 240_000);
});
