import { noFacts, type StoredEntry } from '../device-storage.ts';
import { movedFrom } from '../former-numbers.ts';
import { countOf } from '../ranges.ts';
import type { Canary, CanaryNote } from './canary.ts';
import { deleteDatabase } from './connection.ts';
import { StationDatabase, storedDevices, type DeviceRow } from './database.ts';
import { IndexedStorage } from './indexed-storage.ts';
import type { Journal, JournalState } from './journal.ts';
import { JournaledStorage, openJournalEntry, type JournalParts } from './journaled-storage.ts';
import { lossesOf, lossOf } from './loss.ts';
import { Sealer } from './sealer.ts';
import type { Enrolment } from './server-port.ts';
import type { Timers } from './timers.ts';
import { journalKeyFrom, newKeptKey, unlockOf } from './unlock.ts';

/** What opening a device needs of the browser. */
export interface DeviceTools {
  readonly canary: Canary;
  readonly timers: Timers;
  /** Journals this browser may have, the best first; the first that opens is used. */
  readonly journals: () => readonly Journal[];
}

/** A device whose store is open. */
export interface OpenDevice {
  readonly device: string;
  readonly database: StationDatabase;
  readonly storage: JournaledStorage;
  /** Null where the browser has none. */
  readonly journal: Journal | null;
  /** The note as it was before the store was opened. */
  readonly note: CanaryNote | null;
}

export type FoundDevice = MissingDevice | ({ readonly kind: 'open' } & OpenDevice);

export type MissingDevice =
  | { readonly kind: 'nobody' }
  /** This phone was enrolled, and its store is gone; its journal may still hold what was unsent. */
  | ({ readonly kind: 'lost' } & LostDevice);

export interface LostDevice {
  /** Unsent acts that were noted, as far as any note is left. */
  readonly unsent: number;
  /** Those of them that the journal does not hold. */
  readonly gone: number;
  /** Whether there is a journal of this device, and a note to hold it against. */
  readonly inJournal: boolean;
}

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
/** Waits before a store that does not open is tried again (ms); together below the two seconds in which a loss is told. */
const reopenWaitsMs = [100, 400, 1_000];
/** Numbers left free after a loss: what the note knows of may be behind by the acts of a few seconds. */
const seqGapAfterLoss = 1_000;
/** Seconds are counted from here where a first number is taken from the clock (ms, UTC). */
const seqEpoch = Date.UTC(2024, 0, 1);

/**
 * Looks for the device this browser is enrolled as. A store that does not open is tried again for a moment: browsers
 * put a broken one aside at the first try. Throws StartProblem.
 */
export async function findDevice(tools: DeviceTools): Promise<FoundDevice> {
  const note = tools.canary.read();
  for (const waitMs of [...reopenWaitsMs, null]) {
    try {
      return (await findStored(note, tools)) ?? (await lookForJournal(note, tools));
    } catch (error) {
      if (error instanceof StartProblem) throw error;
      if (waitMs === null) return await lostOrProblem('no-storage', error, tools);
      await new Promise<void>((resolve) => tools.timers.after(waitMs, resolve));
    }
  }
  throw new StartProblem('no-storage');
}

/**
 * For a store that does not open or cannot be read: a loss that can be made good when the journal has every act that
 * was ever noted; otherwise a problem that is not to be touched. Throws StartProblem.
 */
export async function lostOrProblem(code: ProblemCode, cause: unknown, tools: DeviceTools): Promise<MissingDevice> {
  const found = await lookForJournal(tools.canary.read(), tools);
  if (found.kind === 'lost' && found.inJournal && found.gone === 0) return found;
  throw new StartProblem(code, cause);
}

async function findStored(note: CanaryNote | null, tools: DeviceTools): Promise<FoundDevice | null> {
  const stored = await inTime(storedDevices(note?.device ?? null), tools.timers);
  for (const device of note ? stored.filter((name) => name === note.device) : stored) {
    const open = await inTime(openDevice(device, tools, note), tools.timers);
    if (!open) continue;
    for (const other of stored.filter((name) => name !== device)) await takeStoreAlong(open, other, tools);
    return { kind: 'open', ...open };
  }
  return null;
}

/** The store is not there: a first run, or a loss that the note or the journal remembers. */
async function lookForJournal(note: CanaryNote | null, tools: DeviceTools): Promise<MissingDevice> {
  const held = await journalOf(note?.device ?? null, tools);
  if (!held && !note) return { kind: 'nobody' };
  const gone = countOf(lossOf(note, held?.seqs ?? [])?.numbers ?? []);
  // The note may be behind by what was done in the last moment before a kill.
  const since = (held?.seqs ?? []).filter((seq) => seq > (note?.highestSeq ?? 0)).length;
  const unsent = countOf(note?.unsent ?? []) + since;
  return { kind: 'lost', unsent, gone, inJournal: held !== null && note !== null };
}

/** What a journal in this browser holds of a device, or of the first it knows; null when none does. */
async function journalOf(device: string | null, { journals }: DeviceTools): Promise<JournalState | null> {
  for (const journal of journals()) {
    const devices = await journal.devices().catch(() => []);
    const found = device === null ? devices[0] : devices.find((name) => name === device);
    const held = found === undefined ? null : await journal.open(found).catch(() => null);
    journal.close();
    if (held) return held;
  }
  return null;
}

/**
 * Makes the store of a device that the centre has just enrolled, or knows still after its store was lost; what its
 * journal holds comes back as unsent, and so does what a store of it gives that could not be opened before. What the
 * note knows of and nobody holds any more is to be told to the centre. `wall` is the phone's clock (ms), `safe` are
 * numbers of a former device that whoever calls has in hand.
 */
export async function enrolDevice(
  enrolment: Enrolment,
  tools: DeviceTools,
  wall: number,
  safe: readonly number[] = [],
): Promise<OpenDevice> {
  const { device, identity } = enrolment;
  const note = tools.canary.read();
  const rescued = await entriesLeftIn(device, tools);
  const noted = note ? await journalOf(note.device, tools) : null;
  const held = [...(noted?.seqs ?? []), ...safe, ...rescued.map(({ seq }) => seq)];
  const lost = lossesOf(note, held, note?.untold ?? []);
  const firstSeq = Math.max(firstSeqFor(device, note, wall), (rescued.at(-1)?.seq ?? 0) + 1);
  await deleteDatabase(new StationDatabase(device).name);
  const [kept, journalKey] = await Promise.all([newKeptKey(), journalKeyFrom(enrolment.journalKey)]);
  const row = { id: 'device', device, kept, journalKey, firstSeq, store: crypto.randomUUID() } as const;
  const database = new StationDatabase(device);
  const { store, ...open } = await assemble(row, database, await openJournal(device, tools), tools, null);
  const told = note?.told ?? [];
  const losses = { ...(lost.length > 0 ? { lost } : {}), ...(told.length > 0 ? { toldLost: told } : {}) };
  const facts = { ...noFacts, identity, ...losses };
  await store.make({ facts, pages: [], entries: rescued });
  tools.canary.write({ device, highestSeq: firstSeq - 1, unsent: [], from: null, to: null, untold: lost, told });
  return open;
}

/** Acts in a store of this device that is about to be made anew; none where there is none or it cannot be read. */
async function entriesLeftIn(device: string, tools: DeviceTools): Promise<readonly StoredEntry[]> {
  const isThere = await storedDevices(device).then(
    (names) => names.includes(device),
    () => false,
  );
  const open = isThere ? await inTime(openDevice(device, tools, null), tools.timers).catch(() => null) : null;
  if (!open) return [];
  const state = await open.storage.load().catch(() => null);
  open.storage.close();
  open.database.close();
  return state?.entries ?? [];
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

/** Devices whose journals lie in this browser. */
export async function journalDevices({ journals }: DeviceTools): Promise<readonly string[]> {
  const found = journals().map(async (journal) => {
    const devices = await journal.devices().catch(() => []);
    journal.close();
    return devices;
  });
  return [...new Set((await Promise.all(found)).flat())];
}

/**
 * Takes along what the journal of a former device of the same person still holds, and removes that journal. What the
 * centre has already is known to it by the act's own name, or, should it be lost here, by its former number.
 */
export async function takeAlong(
  open: OpenDevice,
  former: { readonly device: string; readonly journalKey: string },
  { journals }: DeviceTools,
): Promise<void> {
  const sealer = new Sealer(await journalKeyFrom(former.journalKey), former.device);
  for (const journal of journals()) {
    const held = await journal.open(former.device).catch(() => null);
    if (held) {
      for (const { seq, bytes } of await journal.read(held.seqs)) {
        const entry = await openJournalEntry(sealer, bytes);
        if (entry) await open.storage.append(movedFrom(former.device, { ...entry, seq }));
      }
      await journal.remove();
    }
    journal.close();
  }
}

/**
 * A store of a former device of the same person, left behind when moving into the new one was cut off: what was unsent
 * there comes along, once, its photos too, and the store is deleted. Another person's stays as it is.
 */
export async function takeStoreAlong(open: OpenDevice, former: string, tools: DeviceTools): Promise<void> {
  const left = await inTime(openDevice(former, tools, null), tools.timers).catch(() => null);
  if (!left) return;
  try {
    const [from, to] = await Promise.all([left.storage.load(), open.storage.load()]);
    if (from.facts.identity?.person !== to.facts.identity?.person) return;
    const ids = new Set(to.entries.map(({ id }) => id));
    for (const entry of from.entries)
      if (entry.state === 'unsent' && !ids.has(entry.id)) await open.storage.append(movedFrom(former, entry));
    // Loaded only here: it hardly ever happens.
    const { takeLeftPhotos } = await import('./photos/move-along.ts');
    await takeLeftPhotos(left, open);
    await forgetDevice(left, tools);
  } catch {
    // It is there at the next start too.
  } finally {
    left.storage.close();
    left.database.close();
  }
}

/** Deletes what this browser holds of the device, except the note, which may be another's by now. */
export async function forgetDevice({ device, database, journal }: OpenDevice, tools: DeviceTools): Promise<void> {
  database.close();
  await deleteDatabase(database.name);
  // A file that is not let go of holds nothing that opens without the key.
  await journal?.remove().catch(() => undefined);
  for (const other of tools.journals()) {
    const holds = await other.devices().then(
      (names) => names.includes(device),
      () => false,
    );
    if (holds && (await other.open(device).catch(() => null))) await other.remove().catch(() => undefined);
    other.close();
  }
}

async function openDevice(device: string, tools: DeviceTools, note: CanaryNote | null): Promise<OpenDevice | null> {
  const database = new StationDatabase(device);
  const [row, journal] = await Promise.all([database.get('device', 'device'), openJournal(device, tools)]);
  if (row) return assemble(row, database, journal, tools, note);
  database.close();
  journal?.journal.close();
  return null;
}

async function assemble(
  row: DeviceRow,
  database: StationDatabase,
  found: Omit<JournalParts, 'sealer'> | null,
  { timers }: DeviceTools,
  note: CanaryNote | null,
): Promise<OpenDevice & { readonly store: IndexedStorage }> {
  const { device, kept, journalKey, firstSeq } = row;
  const store = new IndexedStorage(database, new Sealer(await unlockOf(kept).open(), device), row);
  const journal = found && { ...found, sealer: new Sealer(journalKey, device) };
  const storage = new JournaledStorage({ store, journal, timers });
  storage.raiseFloor(Math.max(firstSeq - 1, note?.device === device ? note.highestSeq : 0));
  return { device, database, store, storage, journal: found?.journal ?? null, note };
}

async function openJournal(device: string, { journals }: DeviceTools): Promise<Omit<JournalParts, 'sealer'> | null> {
  for (const journal of journals()) {
    const held = await journal.open(device).catch(() => null);
    if (held) return { journal, held };
    journal.close();
  }
  return null;
}

function inTime<T>(work: Promise<T>, timers: Timers): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = timers.after(openPatienceMs, () => reject(new StartProblem('blocked')));
    work.then(resolve, reject).finally(callOff);
  });
}
