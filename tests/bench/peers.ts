import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import versions from './peers/versions.json';

const root = path.resolve(import.meta.dirname, '../..');

/** Somebody else's client and server over the same records. */
export interface Peer {
  readonly name: string;
  /** Folder of packages it needs besides ours; null for none. */
  readonly packages: keyof typeof versions | null;
  readonly page: string;
  readonly server: string;
  /** Given to the page's `open`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Runs on the Node that its packages bring. */
  readonly ownNode?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const floor = { packages: 'dexie', page: 'floor-page.js', server: 'floor-server.mjs' } as const;
const pouchdb = { packages: 'pouchdb', page: 'pouchdb-page.js', server: 'pouchdb-server.mjs' } as const;
const rxdb = { packages: 'rxdb', page: 'rxdb-page.js', server: 'rxdb-server.mjs' } as const;

/** In the order of the report. The floor is no peer: it is the least the machine allows, without any of the promises. */
export const peers: readonly Peer[] = [
  { name: 'floor', ...floor, options: { rowsPerPage: 10_000, durability: 'default', isPacked: false } },
  { name: 'floor-packed', ...floor, options: { rowsPerPage: 1_000, durability: 'default', isPacked: true } },
  { name: 'pouchdb', ...pouchdb, options: { adapter: 'indexeddb', batch: 1_000 } },
  { name: 'pouchdb-cht', ...pouchdb, options: { adapter: 'idb', batch: 100, theChtWay: true } },
  { name: 'rxdb', ...rxdb, options: { batch: 1_000 } },
];

export function packagesFolder(name: string): string {
  return path.join(root, '.cache/peers', name);
}

/**
 * Installs the packages of a peer once, in the versions written down, beside the project's own: they are no business of
 * whoever installs the project. Returns why it cannot take part, or null.
 */
export function installPeer({ packages }: Peer): string | null {
  if (packages === null) return null;
  const folder = packagesFolder(packages);
  const wanted = JSON.stringify(versions[packages]);
  const mark = path.join(folder, 'installed.json');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) return null;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  try {
    const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', ...versions[packages]];
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 180_000 });
  } catch (error) {
    return `its packages could not be installed (${String((error as Error).message)
      .split('\n')
      .at(-1)})`;
  }
  fs.writeFileSync(mark, wanted);
  return null;
}
