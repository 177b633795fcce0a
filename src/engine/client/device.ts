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
/** Seconds are counted from here where a first number is taken from the clock (ms, UTC). */
const seqEpoch = Date.UTC(2024, 0, 1);

/** Looks for the device this browser is enrolled as. Throws StartProblem. */
export async function findDevice(canary: Canary, timers: Timers): Promise<FoundDevice> {
  const note = canary.read();
  try {
    const stored = await inTime(storedDevices(), timers);
    for (const device of note ? stored.filter((name) => name === note.device) : stored) {
      const open = await inTime(openDevice(device), timers);
      if (open) return { kind: 'open', ...open };
    }
    return note ? { kind: 'lost', note } : { kind: 'nobody' };
  } catch (error) {
    throw error instanceof StartProblem ? error : new StartProblem('no-storage', error);
  }
}

/**
 * Makes the store of a device that the centre has just enrolled, or knows still after its store was lost. `wall` is the
 * phone's clock (ms).
 */
export async function enrolDevice({ device, identity }: Enrolment, canary: Canary, wall: number): Promise<OpenDevice> {
  const firstSeq = firstSeqFor(device, canary.read(), wall);
  await Dexie.delete(new StationDatabase(device).name);
  const database = await createDatabase(device, await newKeptKey(), firstSeq);
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
  canary.write({ device, highestSeq: firstSeq - 1, unsent: 0 });
  return open;
}

/**
 * The centre may give a browser its old device back, whose numbers up to an unknown one are used up, and takes each
 * number once. The note may be gone as well (a browser that tidies up leaves only the sign-in), so the clock gives a
 * second bound: nobody acts more than once a second for long.
 */
function firstSeqFor(device: string, note: CanaryNote | null, wall: number): number {
  const afterNote = note?.device === device ? note.highestSeq + seqGapAfterLoss : 1;
  return Math.max(1, afterNote, Math.floor((wall - seqEpoch) / 1_000));
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
