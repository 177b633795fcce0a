import path from 'node:path';
import { besideFolder, installBeside } from '../support/packages-beside.ts';
import versions from './peers/versions.json';

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
  /** Follows PostgreSQL's log of changes, which then has to say more. */
  readonly readsLog?: boolean;
  /** What one must know to read its figures beside ours; a whole sentence. */
  readonly note?: string;
}

const floor = { packages: 'dexie', page: 'floor-page.js', server: 'floor-server.mjs' } as const;
const pouchdb = { packages: 'pouchdb', page: 'pouchdb-page.js', server: 'pouchdb-server.mjs' } as const;
const rxdb = { packages: 'rxdb', page: 'rxdb-page.js', server: 'rxdb-server.mjs' } as const;
const tinybase = { packages: 'tinybase', page: 'tinybase-page.js', server: 'tinybase-server.mjs' } as const;
const zero = {
  ...({ packages: 'zero', page: 'zero-page.js', server: 'zero-server.mjs', options: {} } as const),
  ...{ ownNode: true, readsLog: true },
  note:
    'Its pull ends in memory, ours in IndexedDB. It refuses writes without a connection: they are sent as they are ' +
    'made, and its push is timed from the first of them. Its socket counts as one request.',
};

/** In the order of the report. The floor is no peer: it is the least the machine allows, without any of the promises. */
export const peers: readonly Peer[] = [
  { name: 'floor', ...floor, options: { rowsPerPage: 10_000, durability: 'default', isPacked: false } },
  { name: 'floor-packed', ...floor, options: { rowsPerPage: 1_000, durability: 'default', isPacked: true } },
  { name: 'pouchdb', ...pouchdb, options: { adapter: 'indexeddb', batch: 1_000 } },
  { name: 'pouchdb-cht', ...pouchdb, options: { adapter: 'idb', batch: 100, theChtWay: true } },
  { name: 'rxdb', ...rxdb, options: { batch: 1_000 } },
  {
    ...{ name: 'tinybase', ...tinybase, options: {} },
    note: 'It saves its store as a whole, so that 1,000 writes are one save. Its socket counts as one request.',
  },
  { name: 'zero', ...zero },
  { name: 'zero-packed', ...zero, env: { ZERO_WEBSOCKET_COMPRESSION: 'true' } },
];

export function packagesFolder(name: string): string {
  return besideFolder(path.join('peers', name));
}

/** Installs the packages of a peer in the versions written down. Returns why it cannot take part, or null. */
export function installPeer({ packages }: Peer): string | null {
  return packages === null ? null : installBeside(path.join('peers', packages), versions[packages]);
}
