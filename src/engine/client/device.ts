import Dexie from 'dexie';
import { noFacts } from '../device-storage.ts';
import type { Canary, CanaryNote } from './canary.ts';
import { createDatabase, StationDatabase, storedDevices } from './database.ts';
import { DexieStorage } from './dexie-storage.ts';
import { Sealer } from './sealer.ts';
import type { Enrolment } from './server-port.ts';
import type { Timers } from './timers.ts';
import { newKeptKey, unlockOf } from './unlock.ts';

/** A device whose store is open. */
export interface OpenDevice {
  readonly device: string;
  readonly database: StationDatabase;
  readonly storage: DexieStorage;
}

export type FoundDevice =
  | { readonly kind: 'nobody' }
  /** This phone was enrolled, and what it held is gone. */
  | { readonly kind: 'lost'; readonly note: CanaryNote }
  | ({ readonly kind: 'open' } & OpenDevice);

export type ProblemCode =
  /** The browser gives no lasting storage (private window, forbidden, full). */
  | 'no-storage'
  /** Another tab holds the store in an older form and does not let go. */
  | 'blocked'
  /** What stands on the disk does not open. */
  | 'damaged';

/** The app cannot start on this phone; the code has words in the catalogue. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
  constructor(
    readonly code: ProblemCode,
    cause?: unknown,
  ) {
    super(`The store cannot be opened: ${code}.`, { cause });
  }
}

/** An open that takes longer waits for another tab, not for the disk (ms). */
const openPatienceMs = 8_000;
/** Numbers left free after a loss: what the note knows of may be behind by the acts of a few seconds. */
const seqGapAfterLoss = 1_000;

/** Looks for the device this browser is enrolled as. Throws StartProblem. */
export async function findDevice(canary: Canary, timers: Timers): Promise<FoundDevice> {
  const note = canary.read();
  try {
    const stored = await inTime(storedDevices(), timers);
    const device = note?.device ?? stored[0];
    if (device === undefined) return { kind: 'nobody' };
    const open = stored.includes(device) ? await inTime(openDevice(device), timers) : null;
    if (open) return { kind: 'open', ...open };
    return note ? { kind: 'lost', note } : { kind: 'nobody' };
  } catch (error) {
    throw error instanceof StartProblem ? error : new StartProblem('no-storage', error);
  }
}

/** Makes the store of a device that the centre has just enrolled, or knows still after its store was lost. */
export async function enrolDevice({ device, identity }: Enrolment, canary: Canary): Promise<OpenDevice> {
  const note = canary.read();
  const lostBefore = note?.device === device ? note.highestSeq + seqGapAfterLoss : 0;
  await Dexie.delete(new StationDatabase(device).name);
  const database = await createDatabase(device, await newKeptKey(), lostBefore + 1);
  const open = await openDevice(device, database);
  if (!open) throw new StartProblem('no-storage');
  await open.storage.load();
  await open.storage.commit({
    facts: { ...noFacts, identity },
    reset: true,
    page: null,
    judged: [],
    unsentAgain: [],
    forget: [],
  });
  canary.write({ device, highestSeq: lostBefore, unsent: 0 });
  return open;
}

/** Deletes everything this browser holds about the device. */
export async function forgetDevice({ database }: OpenDevice, canary: Canary): Promise<void> {
  database.close();
  await Dexie.delete(database.name);
  canary.clear();
}

async function openDevice(device: string, database = new StationDatabase(device)): Promise<OpenDevice | null> {
  const row = await database.device.get('device');
  if (!row) {
    database.close();
    return null;
  }
  const key = await unlockOf(row.kept).open();
  return { device, database, storage: new DexieStorage(database, new Sealer(key, device)) };
}

function inTime<T>(work: Promise<T>, timers: Timers): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = timers.after(openPatienceMs, () => reject(new StartProblem('blocked')));
    work.then(resolve, reject).finally(callOff);
  });
}
