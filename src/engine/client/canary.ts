/**
 * A note beside the database. A browser may empty IndexedDB without a word; this note is how an enrolled phone tells
 * that from a first run. It says how many records were unsent, never what was in them.
 */
export interface CanaryNote {
  readonly device: string;
  /** Highest device sequence number known to have been given out. */
  readonly highestSeq: number;
  readonly unsent: number;
  /** Those of them that the journal does not hold. */
  readonly loose: number;
}

export interface Canary {
  read(): CanaryNote | null;
  write(note: CanaryNote): void;
  /** The device was signed out here; the note is gone and says so. */
  leave(device: string): void;
  hasLeft(device: string): boolean;
}

const key = 'nuanlin.device';

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
  return {
    device: note.device,
    highestSeq: Number(note.highestSeq) || 0,
    unsent: Number(note.unsent) || 0,
    loose: Number(note.loose) || 0,
  };
}
