import Dexie, { type EntityTable } from 'dexie';
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

const namePrefix = 'nuanlin-';

/** One database per sign-up of a device, so that leaving is deleting it whole. */
export class StationDatabase extends Dexie {
  readonly facts!: EntityTable<FactsRow, 'id'>;
  readonly pages!: EntityTable<PageRow, 'seq'>;
  readonly outbox!: EntityTable<OutboxRow, 'seq'>;
  readonly device!: EntityTable<DeviceRow, 'id'>;

  constructor(device: string) {
    // Since Chrome 121 the default lets a power cut take back what was committed.
    super(`${namePrefix}${device}`, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ facts: 'id', pages: '++seq', outbox: '++seq', device: 'id' });
  }
}

/** Devices that have a database in this browser. */
export async function storedDevices(): Promise<readonly string[]> {
  const names = await Dexie.getDatabaseNames();
  return names.filter((name) => name.startsWith(namePrefix)).map((name) => name.slice(namePrefix.length));
}
