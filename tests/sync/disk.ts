import type {
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

/** What a disk does wrong in tests that plant a bug; each hook stands for one mistake a client could make. */
export interface DiskFlaws {
  /** Parts of a commit that reach the disk one after another instead of together; a crash may come in between. */
  readonly parts?: (commit: StorageCommit, before: StoredState) => readonly StorageCommit[];
  readonly compact?: (pages: readonly StoredPage[], before: readonly StoredPage[]) => readonly StoredPage[];
  /** Says that an act is on the disk before it is. */
  readonly early?: boolean;
  /** Numbers acts anew after every start. */
  readonly forgetsNumbers?: boolean;
}

/**
 * The phone's disk in memory. It outlives the app's process; every call waits its turn before and after it takes
 * effect, so that the process can die at either place. Calls of one process take effect in the order they were made,
 * as transactions of IndexedDB do.
 */
export class Disk {
  #state: StoredState = { facts: noFacts, pages: [], entries: [] };
  #lastSeq = 0;
  readonly calls: Record<DiskCall, number> = { load: 0, append: 0, commit: 0, compact: 0, acknowledgeRefusal: 0 };

  constructor(
    readonly schedule: Schedule,
    /** Whether this call is to fail, as on a full disk. */
    readonly refuses: (call: DiskCall) => boolean,
    readonly flaws: DiskFlaws = {},
  ) {}

  /** Everything on the disk as plain data, as somebody who opens the phone would find it. */
  raw(): StoredState {
    return this.#state;
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

  /** The disk as one process of the app sees it. */
  session(owner: string): DeviceStorage {
    if (this.flaws.forgetsNumbers) this.#lastSeq = 0;
    let turn: Promise<unknown> = Promise.resolve();
    const call = <T>(name: DiskCall, effect: () => T | Promise<T>): Promise<T> => {
      const done = turn.then(() => this.#call(owner, name, effect));
      turn = done.catch(() => undefined);
      return done;
    };
    return {
      load: () => call('load', () => structuredClone(this.#state)),
      append: (entry) => this.#append(call, structuredClone(entry)),
      commit: (commit) => call('commit', () => this.#commit(owner, structuredClone(commit))),
      compact: (pages) => call('compact', () => this.#compact(structuredClone(pages))),
      acknowledgeRefusal: (seq) => call('acknowledgeRefusal', () => this.#acknowledge(seq)),
    };
  }

  async #call<T>(owner: string, name: DiskCall, effect: () => T | Promise<T>): Promise<T> {
    this.calls[name] += 1;
    await this.schedule.wait(owner, `before ${name}`);
    if (this.refuses(name)) throw new Error(`The disk refuses to ${name}.`);
    const result = await effect();
    await this.schedule.wait(owner, `after ${name}`);
    return result;
  }

  async #append(call: (name: DiskCall, effect: () => number) => Promise<number>, entry: NewEntry): Promise<number> {
    this.#lastSeq += 1;
    const seq = this.#lastSeq;
    const written = call('append', () => {
      this.#state = { ...this.#state, entries: [...this.#state.entries, { ...entry, seq, state: 'unsent' }] };
      return seq;
    });
    return this.flaws.early ? (written.catch(() => undefined), seq) : written;
  }

  async #commit(owner: string, commit: StorageCommit): Promise<void> {
    const parts = this.flaws.parts?.(commit, this.#state) ?? [commit];
    for (const [at, part] of parts.entries()) {
      if (at > 0) await this.schedule.wait(owner, 'inside commit');
      this.#state = committed(this.#state, part);
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
  const entries = state.entries
    .filter(({ seq }) => !commit.forget.includes(seq))
    .map((entry): StoredEntry => {
      if (commit.unsentAgain.includes(entry.seq)) return { ...entry, state: 'unsent' };
      return { ...entry, ...judged.get(entry.seq) };
    });
  const pages = [...(commit.reset ? [] : state.pages), ...(commit.page ? [commit.page] : [])];
  return { facts: commit.facts, pages, entries };
}
