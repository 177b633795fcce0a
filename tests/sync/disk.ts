import { StorageMovedOn, StoreGone } from '#engine/client/indexed-storage.ts';
import type {
  DeviceFacts,
  DeviceStorage,
  NewEntry,
  StorageCommit,
  StoredEntry,
  StoredPage,
  StoredState,
} from '#engine/device-storage.ts';
import { noFacts } from '#engine/device-storage.ts';
import type { Schedule } from './schedule.ts';

export type DiskCall = 'load' | 'append' | 'commit' | 'compact' | 'acknowledgeRefusal';
/** What a call is to come to: nothing is written; all is written and the caller is told the opposite; no answer at all. */
export type DiskTrouble = 'refuses' | 'lies' | 'dies' | null;

/** What a disk does wrong in tests that plant a bug; each hook stands for one mistake a client could make. */
export interface DiskFlaws {
  /** Parts of a commit that reach the disk one after another instead of together; a crash may come in between. */
  readonly parts?: (commit: StorageCommit, before: StoredState) => readonly StorageCommit[];
  readonly compact?: (pages: readonly StoredPage[], before: readonly StoredPage[]) => readonly StoredPage[];
  /** Changes what a start reads. */
  readonly load?: (state: StoredState) => StoredState;
  /** Says that an act is on the disk before it is. */
  readonly early?: boolean;
  /** Numbers acts anew after every start. */
  readonly forgetsNumbers?: boolean;
  /** Lets a tab write that does not know what another one has written since. */
  readonly unguarded?: boolean;
  /** Does not notice that the store was emptied, and writes into the new, empty one. */
  readonly careless?: boolean;
  /** Takes an answer for written whatever the disk said. */
  readonly deaf?: boolean;
}

const emptyState: StoredState = { facts: noFacts, pages: [], entries: [] };

/**
 * The phone's disk in memory. It outlives the app's process; every call waits its turn before and after it takes
 * effect, so that the process can die at either place. Calls of one tab take effect in the order they were made, as
 * transactions of IndexedDB do, and a tab that does not know the newest state may not write over it.
 */
export class Disk {
  #state: StoredState = emptyState;
  #lastSeq = 0;
  #revision = 0;
  #gone = false;
  /** Whether the pages are a state of the centre, and not the first parts of one. */
  #whole = false;

  constructor(
    readonly schedule: Schedule,
    /** What this call is to come to, as on a full disk. */
    readonly trouble: (call: DiskCall) => DiskTrouble,
    readonly flaws: DiskFlaws = {},
  ) {}

  /** Everything on the disk as plain data, as somebody who opens the phone would find it. */
  raw(): StoredState {
    return this.#state;
  }

  /** Whether the browser has emptied the store. */
  get gone(): boolean {
    return this.#gone;
  }

  /** A store made for a device that has just been enrolled; it numbers its acts from `firstSeq`. */
  enrol(facts: DeviceFacts, firstSeq: number): void {
    this.#state = { ...emptyState, facts };
    this.#lastSeq = firstSeq - 1;
    this.#revision += 1;
    this.#whole = false;
    this.#gone = false;
  }

  /** The browser empties the store without a word. */
  wipe(): void {
    this.#state = emptyState;
    this.#lastSeq = 0;
    this.#gone = this.flaws.careless !== true;
  }

  /** A page of the disk goes bad: what it held is silently gone. */
  rot(at: number): void {
    this.#state = { ...this.#state, pages: this.#state.pages.filter((_page, index) => index !== at) };
  }

  /** Acts vanish from the disk. */
  lose(acts: readonly { readonly seq: number }[]): void {
    const lost = new Set(acts.map(({ seq }) => seq));
    this.#state = { ...this.#state, entries: this.#state.entries.filter(({ seq }) => !lost.has(seq)) };
  }

  /** The disk as one tab of the app sees it. */
  session(owner: string, onRead: (whole: boolean) => void = () => undefined): DeviceStorage {
    if (this.flaws.forgetsNumbers) this.#lastSeq = 0;
    let turn: Promise<unknown> = Promise.resolve();
    let known = this.#revision;
    const call = <T>(name: DiskCall, effect: () => T | Promise<T>): Promise<T> => {
      const done = turn.then(() => this.#call(owner, name, effect));
      turn = done.catch(() => undefined);
      return done;
    };
    /** Writes the state of the centre; the tab knows the new one only when it was told that the write succeeded. */
    const write = (name: DiskCall, effect: () => void | Promise<void>): Promise<void> => {
      const written = call(name, async () => {
        this.#mustStand();
        if (this.#revision !== known && !this.flaws.unguarded) throw new StorageMovedOn();
        this.#revision += 1;
        const revision = this.#revision;
        await effect();
        return revision;
      });
      return written.then((revision) => void (known = revision));
    };
    return {
      load: async () => {
        let whole = false;
        const state = await call('load', () => {
          known = this.#revision;
          whole = this.#whole;
          return this.flaws.load?.(this.#state) ?? this.#state;
        });
        onRead(whole);
        return state;
      },
      append: (entry) => this.#append(call, frozen(entry)),
      commit: (commit) => {
        const written = write('commit', () => this.#commit(owner, frozen(commit)));
        return this.flaws.deaf ? written.catch(() => undefined) : written;
      },
      compact: (pages) =>
        // Tidying up is left to the tab that has written since.
        write('compact', () => this.#compact(frozen(pages))).catch((error: unknown) => {
          if (!(error instanceof StorageMovedOn)) throw error;
        }),
      acknowledgeRefusal: (seq) => call('acknowledgeRefusal', () => this.#acknowledge(seq)),
    };
  }

  async #call<T>(owner: string, name: DiskCall, effect: () => T | Promise<T>): Promise<T> {
    await this.schedule.wait(owner, `before ${name}`);
    const trouble = this.trouble(name);
    if (trouble === 'refuses') throw new Error(`The disk refuses to ${name}.`);
    // The app that asked is gone.
    if (trouble === 'dies') return new Promise(() => undefined);
    const result = await effect();
    await this.schedule.wait(owner, `after ${name}`);
    if (trouble === 'lies') throw new Error(`The disk did ${name} and says that it did not.`);
    return result;
  }

  async #append(call: (name: DiskCall, effect: () => number) => Promise<number>, entry: NewEntry): Promise<number> {
    const early = this.#lastSeq + 1;
    const written = call('append', () => {
      this.#mustStand();
      this.#lastSeq += 1;
      const seq = this.#lastSeq;
      const stored: StoredEntry = Object.freeze({ ...entry, seq, state: 'unsent' });
      this.#state = { ...this.#state, entries: [...this.#state.entries, stored] };
      return seq;
    });
    return this.flaws.early ? (written.catch(() => undefined), early) : written;
  }

  #mustStand(): void {
    if (this.#gone) throw new StoreGone();
  }

  async #commit(owner: string, commit: StorageCommit): Promise<void> {
    const parts = this.flaws.parts?.(commit, this.#state) ?? [commit];
    for (const [at, part] of parts.entries()) {
      if (at > 0) await this.schedule.wait(owner, 'inside commit');
      this.#state = committed(this.#state, part);
      if (part.reset || !part.facts.filling) this.#whole = !part.facts.filling;
    }
  }

  #compact(pages: readonly StoredPage[]): void {
    this.#state = { ...this.#state, pages: this.flaws.compact?.(pages, this.#state.pages) ?? pages };
  }

  #acknowledge(seq: number): void {
    const entries = this.#state.entries.map((entry) =>
      entry.seq === seq && entry.state === 'refused' ? { ...entry, read: true } : entry,
    );
    this.#state = { ...this.#state, entries };
  }
}

function committed(state: StoredState, commit: StorageCommit): StoredState {
  const judged = new Map(commit.judged.map((one) => [one.seq, one.state]));
  const again = new Set(commit.unsentAgain);
  const forgotten = new Set(commit.forget);
  const entries = state.entries
    .filter(({ seq }) => !forgotten.has(seq))
    .map((entry): StoredEntry => {
      if (again.has(entry.seq)) return { ...entry, state: 'unsent' };
      const judgement = judged.get(entry.seq);
      return judgement ? { ...entry, ...judgement } : entry;
    });
  const pages = [...(commit.reset ? [] : state.pages), ...(commit.page ? [commit.page] : [])];
  return { facts: commit.facts, pages, entries };
}

/** The same value, which nobody can change any more: the engine may not write into what the disk holds. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}
