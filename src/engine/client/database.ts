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

/**
 * Makes the database of a device that has just joined. `firstSeq` is above every number that this device may have used
 * before its store was lost: the centre takes a number once only.
 */
export async function createDatabase(device: string, kept: KeptKey, firstSeq: number): Promise<StationDatabase> {
  const database = new StationDatabase(device);
  await database.transaction('rw', database.device, database.outbox, async () => {
    await database.device.put({ id: 'device', device, kept });
    if (firstSeq <= 1) return;
    const empty = new Uint8Array(0);
    await database.outbox.add({ seq: firstSeq - 1, state: 'received', receivedAt: 0, bytes: empty, verdict: null });
    await database.outbox.delete(firstSeq - 1);
  });
  return database;
}
