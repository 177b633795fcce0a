import type { DBSchema, IDBPObjectStore, IDBPTransaction } from 'idb';
import { Connection, databaseExists } from './connection.ts';
import type { Bytes } from './sealer.ts';
import type { KeptKey } from './unlock.ts';

/** What the device knows of its exchange with the centre, sealed. */
export interface FactsRow {
  readonly id: 'facts';
  readonly bytes: Bytes;
  /** Grows with every write of pages or facts, so that a tab which has read an older state cannot write over it. */
  readonly revision: number;
}

export interface PageRow {
  readonly seq: number;
  readonly bytes: Bytes;
}

/** One act. Its number is the device's sequence; only whether it was sent is readable without the key. */
export interface OutboxRow {
  readonly seq: number;
  readonly state: 'unsent' | 'received' | 'refused';
  readonly receivedAt: number | null;
  readonly bytes: Bytes;
  /** Why it was refused and whether its author has read that, sealed. */
  readonly verdict: Bytes | null;
}

export interface DeviceRow {
  readonly id: 'device';
  readonly device: string;
  readonly kept: KeptKey;
  /** Seals the journal. The centre can give it again, so that the journal still opens when this store is gone. */
  readonly journalKey: CryptoKey;
  /** Numbers below are used up: the device may have given them out before its store was lost. */
  readonly firstSeq: number;
  /** Names this making of the store: a tab must not write into one that was made after its own was emptied. */
  readonly store: string;
}

interface StationSchema extends DBSchema {
  facts: { key: string; value: FactsRow };
  pages: { key: number; value: PageRow };
  outbox: { key: number; value: OutboxRow };
  device: { key: string; value: DeviceRow };
}

const namePrefix = 'nuanlin-';
const numbered = { keyPath: 'seq', autoIncrement: true };

/** One database per sign-up of a device, so that leaving is deleting it whole. */
export class StationDatabase extends Connection<StationSchema> {
  constructor(device: string) {
    const stores = { facts: { keyPath: 'id' }, pages: numbered, outbox: numbered, device: { keyPath: 'id' } };
    super({ name: `${namePrefix}${device}`, version: 1, stores });
  }
}

export const allStores = ['facts', 'pages', 'outbox', 'device'] as const;
type AllStores = [...typeof allStores];
type Access = 'readonly' | 'readwrite';
type Stores<Mode extends Access> = {
  readonly [Name in AllStores[number]]: IDBPObjectStore<StationSchema, AllStores, Name, Mode>;
};
export type WritableStores = Stores<'readwrite'>;

/** The stores of a transaction over all of them. */
export function storesOf<Mode extends Access>(
  transaction: IDBPTransaction<StationSchema, AllStores, Mode>,
): Stores<Mode> {
  return {
    facts: transaction.objectStore('facts'),
    pages: transaction.objectStore('pages'),
    outbox: transaction.objectStore('outbox'),
    device: transaction.objectStore('device'),
  };
}

/** A row that gets its number when it is put into the store. */
export function unnumbered<Row extends { readonly seq: number }>(row: Omit<Row, 'seq'>): Row {
  return row as Row;
}

/**
 * Devices that have a database in this browser. Firefox before 126 gives no list; there only the `noted` one is looked
 * for.
 */
export async function storedDevices(noted: string | null): Promise<readonly string[]> {
  // The types know no browser without it.
  const list = indexedDB.databases as IDBFactory['databases'] | undefined;
  if (!list) return noted !== null && (await databaseExists(`${namePrefix}${noted}`)) ? [noted] : [];
  const names = (await list.call(indexedDB)).map(({ name }) => name ?? '');
  return names.filter((name) => name.startsWith(namePrefix)).map((name) => name.slice(namePrefix.length));
}
