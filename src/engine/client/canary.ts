/**
 * A note beside the database. A browser may empty IndexedDB without a word; this note is how an enrolled phone tells
 * that from a first run. It says how many records were unsent, never what was in them.
 */
export interface CanaryNote {
  readonly device: string;
  /** Highest device sequence number known to have been given out. */
  readonly highestSeq: number;
  readonly unsent: number;
}

export interface Canary {
  read(): CanaryNote | null;
  write(note: CanaryNote): void;
  clear(): void;
}

const key = 'nuanlin.device';

/** Over localStorage, which survived every wipe of IndexedDB that was provoked. A browser may forbid it: then no note. */
export function canaryIn(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null): Canary {
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
    clear() {
      try {
        storage?.removeItem(key);
      } catch {
        // A browser that forbids the storage holds no note either.
      }
    },
  };
}

function noteFrom(text: string | null): CanaryNote | null {
  if (text === null) return null;
  const note = JSON.parse(text) as Partial<CanaryNote>;
  if (typeof note.device !== 'string') return null;
  return { device: note.device, highestSeq: Number(note.highestSeq) || 0, unsent: Number(note.unsent) || 0 };
}
