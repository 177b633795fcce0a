import { formerAmong, isFormerRun, namesIn } from '../former-numbers.ts';
import { formerDevicesMax } from '../limits.ts';
import type { FormerNumbers, LostActs, ToldLoss } from '../protocol.ts';
import { countOf, without, type Ranges } from '../ranges.ts';

/**
 * A note beside the database. A browser may empty IndexedDB without a word; this note is how an enrolled phone tells
 * that from a first run. It says which numbers the unsent acts had, never what was in them.
 */
export interface CanaryNote {
  readonly device: string;
  /** Highest device sequence number known to have been given out. */
  readonly highestSeq: number;
  /** Numbers of the unsent acts. */
  readonly unsent: Ranges;
  /** Best known times of the first and of the last unsent act (ms); null when there is none. */
  readonly from: number | null;
  readonly to: number | null;
  /** What those of them were called before that moved here from a former device. */
  readonly former?: readonly FormerNumbers[];
  /** What was lost here and the centre has not answered to: the store, which keeps it too, may be emptied once more. */
  readonly untold?: readonly LostActs[];
  /** What the centre has answered to; told again should it be restored from a backup that knows nothing of that. */
  readonly told?: readonly ToldLoss[];
}

export interface Canary {
  read(): CanaryNote | null;
  write(note: CanaryNote): void;
  /** The device was signed out here; the note is gone and says so. */
  leave(device: string): void;
  hasLeft(device: string): boolean;
}

const key = 'nuanlin.device';
/** A phone has room for this many acts; a note that speaks of more is not to be believed. */
const unsentMax = 10_000;

/** Over localStorage, which survived every wipe of IndexedDB that was provoked. A browser may forbid it: then no note. */
export function canaryIn(storage: Pick<Storage, 'getItem' | 'setItem'> | null): Canary {
  return {
    read() {
      try {
        return noteFrom(storage?.getItem(key) ?? null);
      } catch {
        return null;
      }
    },
    write(note) {
      try {
        storage?.setItem(key, JSON.stringify(note));
      } catch {
        // Without the note a wipe looks like a first run; work itself does not depend on it.
      }
    },
    leave(device) {
      try {
        storage?.setItem(key, JSON.stringify({ left: device }));
      } catch {
        // A browser that forbids the storage holds no note either.
      }
    },
    hasLeft(device) {
      try {
        return (JSON.parse(storage?.getItem(key) ?? 'null') as { left?: unknown } | null)?.left === device;
      } catch {
        return false;
      }
    },
  };
}

function noteFrom(text: string | null): CanaryNote | null {
  if (text === null) return null;
  const note = JSON.parse(text) as Partial<CanaryNote>;
  if (typeof note.device !== 'string') return null;
  const untold = Array.isArray(note.untold) ? note.untold.flatMap(lossIn) : [];
  const told = Array.isArray(note.told) ? note.told.flatMap(toldIn) : [];
  const unsent = Array.isArray(note.unsent) ? believable(note.unsent) : [];
  return {
    device: note.device,
    highestSeq: Number(note.highestSeq) || 0,
    unsent,
    from: timeIn(note.from),
    to: timeIn(note.to),
    ...formerIn(note.former, unsent),
    ...(untold.length > 0 ? { untold } : {}),
    ...(told.length > 0 ? { told } : {}),
  };
}

function toldIn(said: unknown): ToldLoss[] {
  const toldAt = timeIn((said as Partial<ToldLoss> | null)?.toldAt);
  return toldAt === null ? [] : lossIn(said).map((one) => ({ ...one, toldAt }));
}

function lossIn(said: unknown): LostActs[] {
  const { device, numbers, from, to, former } = (said ?? {}) as Partial<LostActs>;
  const believed = Array.isArray(numbers) ? without(believable(numbers), []) : [];
  if (typeof device !== 'string' || believed.length === 0) return [];
  return [{ device, numbers: believed, from: timeIn(from), to: timeIn(to), ...formerIn(former, believed) }];
}

/** Earlier names of these numbers, in the form that the centre takes, however they were noted. */
function formerIn(said: unknown, numbers: Ranges): Pick<LostActs, 'former'> {
  const believed = Array.isArray(said) ? said.slice(0, formerDevicesMax).flatMap(formerOf) : [];
  const former = formerAmong(believed, numbers);
  return former.length > 0 ? { former } : {};
}

function formerOf(said: unknown): FormerNumbers[] {
  const { device, runs } = (said ?? {}) as Partial<FormerNumbers>;
  if (typeof device !== 'string' || !Array.isArray(runs)) return [];
  const sound = (runs as readonly unknown[]).filter(isFormerRun);
  return namesIn(sound) > unsentMax ? [] : [{ device, runs: sound }];
}

function believable(runs: readonly unknown[]): Ranges {
  const pairs = runs.filter(
    (run): run is [number, number] =>
      Array.isArray(run) && run.length === 2 && run.every((number) => Number.isSafeInteger(number) && number > 0),
  );
  const rising = pairs.filter(([first, last]) => first <= last);
  return countOf(rising) > unsentMax ? [] : rising;
}

const timeIn = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
