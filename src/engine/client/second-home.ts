import type { StoredEntry } from '../device-storage.ts';
import type { Timers } from './timers.ts';

/** After this time without another act those that wait are on their way to the store (ms). */
const quietMs = 100;
/** However many follow each other, none waits longer (ms). */
const withinMs = 500;

interface SecondHomeParts {
  readonly put: (entries: readonly StoredEntry[]) => Promise<void>;
  readonly timers: Timers;
  /** The store did not take this one. */
  readonly onMissed: (entry: StoredEntry) => void;
}

/**
 * Brings acts that the journal has flushed into the store. Two flushes on one disk wait for each other, so the acts of a
 * moment are brought together when it is over: a tap is not held up by the second home of the one before.
 */
export class SecondHome {
  readonly #parts: SecondHomeParts;
  #waiting: StoredEntry[] = [];
  readonly #missing = new Map<number, StoredEntry>();
  #callOffQuiet: () => void = () => undefined;
  #callOff: (() => void) | null = null;

  constructor(parts: SecondHomeParts) {
    this.#parts = parts;
  }

  /** Acts of which the store has not said that it has them. */
  get missing(): ReadonlyMap<number, StoredEntry> {
    return this.#missing;
  }

  add(entry: StoredEntry): void {
    this.#missing.set(entry.seq, entry);
    this.#waiting.push(entry);
    const bring = (): void => void this.bring();
    this.#callOffQuiet();
    this.#callOffQuiet = this.#parts.timers.after(quietMs, bring);
    this.#callOff ??= this.#parts.timers.after(withinMs, bring);
  }

  /** Brings all that wait; whoever reads or writes the store next comes behind them. Never rejects. */
  async bring(): Promise<void> {
    this.close();
    const going = this.#waiting;
    if (going.length === 0) return;
    this.#waiting = [];
    try {
      await this.#parts.put(going);
    } catch {
      for (const entry of going) this.#parts.onMissed(entry);
    } finally {
      for (const { seq } of going) this.#missing.delete(seq);
    }
  }

  /** Brings nothing more by itself: the journal has what still waits. */
  close(): void {
    this.#callOffQuiet();
    this.#callOff?.();
    this.#callOff = null;
  }
}
