import type {
  DeviceStorage,
  NewEntry,
  StorageCommit,
  StoredEntry,
  StoredPage,
  StoredState,
} from '../device-storage.ts';
import { StorageMovedOn, StoreGone, StoreReplaced, type IndexedStorage } from './indexed-storage.ts';
import type { Journal, JournalState } from './journal.ts';
import { RingFull } from './ring.ts';
import type { Bytes, Sealer } from './sealer.ts';
import { SecondHome } from './second-home.ts';
import type { Timers } from './timers.ts';

/** How well this phone keeps what is not with the centre yet. */
export type Keeping =
  /** In a file of its own that is written in place, and in the browser's store. */
  | 'twice'
  /** In the browser's store and in its cache; a full disk could refuse both. */
  | 'plain'
  /** In the browser's store only: the browser has no second place, or that is full until the centre has had its acts for a week. */
  | 'once'
  /** One of the two places does not take anything at the moment; it is tried again. */
  | 'troubled';

export interface JournalParts {
  readonly journal: Journal;
  /** What it held when it was opened. */
  readonly held: JournalState;
  readonly sealer: Sealer;
}

/** Whoever holds the state in memory. */
export interface StorageMemory {
  readonly snapshot: () => StoredState;
  /** Whether this device still belongs to somebody here: what was signed out must not be written again. */
  readonly stillOurs: () => boolean;
  /** The store was emptied and has been written anew from `snapshot`. */
  readonly rebuilt: () => void;
  /** The store was emptied and another tab has made a new one: this tab has to start anew. Its acts are in the journal. */
  readonly replaced: () => void;
  readonly onKeeping: () => void;
}

interface Parts {
  readonly store: IndexedStorage;
  readonly journal: JournalParts | null;
  readonly timers: Timers;
}

const journalPlace = { table: 'journal', kind: 'entry' };
const firstWaitMs = 100;
const longestWaitMs = 15_000;
/** Numbers left free where the ring does not give them: another tab may be writing there and has not told yet. */
const numberGap = 1_000;

/** Out of the worker an error comes by its name only. */
const isFull = (error: unknown): boolean =>
  error instanceof RingFull || (error instanceof Error && error.message.startsWith(new RingFull().name));

/** The act in a record of the journal; null when it does not open. */
export function openJournalEntry(sealer: Sealer, bytes: Bytes): Promise<NewEntry | null> {
  return sealer.open<NewEntry>(journalPlace, bytes).catch(() => null);
}

/**
 * The device's store with two homes for every act: the journal first, IndexedDB second. An act is saved when the
 * journal has flushed it; what IndexedDB did not take is put there again until it does, and a store that the browser
 * has emptied while the app is open is written anew from memory. Nothing unsent is ever deleted to heal anything.
 */
export class JournaledStorage implements DeviceStorage {
  readonly #store: IndexedStorage;
  readonly #journal: JournalParts | null;
  readonly #timers: Timers;
  /** The highest number this phone is known to have given out. */
  #floor = 0;
  /** Acts that are in the journal and not yet in the store. */
  readonly #owed = new Map<number, StoredEntry>();
  readonly #second: SecondHome;
  #mending = false;
  #waitMs = firstWaitMs;
  #restored: readonly StoredEntry[] | null = null;
  #journalFails: 'full' | 'troubled' | null = null;
  #closed = false;
  /** Unsent acts that the journal does not hold. */
  readonly #loose = new Set<number>();
  #callOff: () => void = () => undefined;
  /** What the store holds, read before anybody asked. */
  #begun: Promise<StoredState> | null = null;
  #wasBegun = false;
  /** Set by whoever holds the state in memory. */
  #memory: StorageMemory | null = null;

  constructor({ store, journal, timers }: Parts) {
    this.#store = store;
    this.#journal = journal;
    this.#timers = timers;
    this.#second = new SecondHome({
      put: (entries) => store.putMissing(entries),
      timers,
      onMissed: (entry) => this.#owe(entry),
    });
    this.#floor = (journal?.held.highestSeq ?? 0) + (journal?.journal.inPlace ? 0 : numberGap);
  }

  get keeping(): Keeping {
    if (this.#mending || this.#journalFails === 'troubled') return 'troubled';
    if (!this.#journal || this.#journalFails === 'full') return 'once';
    if (this.#loose.size > 0) return 'troubled';
    return this.#journal.journal.inPlace ? 'twice' : 'plain';
  }

  attach(memory: StorageMemory): void {
    this.#memory = memory;
    if (this.#wasBegun) void this.#meetOthers(memory);
  }

  async #meetOthers(memory: StorageMemory): Promise<void> {
    // A store that does not answer is seen by whoever uses it next.
    if (await this.#store.hasMoved().catch(() => false)) memory.rebuilt();
  }

  /** Acts that only the journal still had when this was opened; other tabs may not know them. */
  get restored(): readonly StoredEntry[] {
    return this.#restored ?? [];
  }

  /** The store, and what is in the journal only: other tabs', what the store has not taken, what it has lost. */
  async load(): Promise<StoredState> {
    void this.#second.bring();
    const begun = this.#begun;
    this.#begun = null;
    const state = await this.#orMend(begun ?? this.#store.load());
    const entries = [...state.entries, ...(await this.#onlyInJournal(state.entries))].sort((a, b) => a.seq - b.seq);
    this.#floor = Math.max(this.#floor, entries.at(-1)?.seq ?? 0);
    return { ...state, entries };
  }

  /** Reads the store ahead of the first `load`. What another tab writes in between is read when memory is attached. */
  beginLoading(): void {
    this.#wasBegun = true;
    this.#begun = this.#store.load();
    this.#begun.catch(() => undefined);
  }

  async append(entry: NewEntry): Promise<number> {
    const seq = await this.#appendToJournal(entry);
    if (seq === null) return this.#onlyInStore(entry);
    this.#floor = Math.max(this.#floor, seq);
    this.#second.add({ ...entry, seq, state: 'unsent' });
    // In the cache an act is as safe as the browser likes; there both homes are waited for.
    if (!this.#journal?.journal.inPlace) await this.#second.bring();
    return seq;
  }

  async commit(commit: StorageCommit): Promise<void> {
    // A verdict needs its act in the store.
    void this.#second.bring();
    const owed = commit.judged.flatMap(({ seq }) => this.#owed.get(seq) ?? this.#second.missing.get(seq) ?? []);
    if (owed.length > 0) await this.#orMend(this.#store.putMissing(owed));
    await this.#orMend(this.#store.commit(commit));
    for (const { seq } of commit.judged) {
      this.#owed.delete(seq);
      this.#loose.delete(seq);
    }
    this.#release(commit.forget);
  }

  async compact(pages: readonly StoredPage[]): Promise<void> {
    const written = this.#orMend(this.#store.compact(pages));
    // A phone that is being opened works also when its disk is full; tidying up is left to its next start.
    await (this.#memory ? written : written.catch(() => undefined));
  }

  async acknowledgeRefusal(seq: number): Promise<void> {
    await this.#orMend(this.#store.acknowledgeRefusal(seq));
    this.#release([seq]);
  }

  close(): void {
    this.#closed = true;
    this.#callOff();
    this.#second.close();
    this.#journal?.journal.close();
  }

  /** Numbers up to this one are used up: another tab, or the note beside the store, says so. */
  raiseFloor(seq: number): void {
    this.#floor = Math.max(this.#floor, seq);
  }

  /** What the journal holds and the store does not: put back as unsent; the centre takes each act once anyway. */
  async #onlyInJournal(entries: readonly StoredEntry[]): Promise<readonly StoredEntry[]> {
    if (!this.#journal) return [];
    const { journal, held, sealer } = this.#journal;
    const seqs = this.#restored ? await journal.seqs().catch(() => null) : held.seqs;
    const known = new Set(entries.map(({ seq }) => seq));
    // A journal that does not answer now has lost nothing: what this tab knows to be there only is not let go.
    if (!seqs) return this.#notInStore().filter(({ seq }) => !known.has(seq));
    const ids = new Set(entries.map(({ id }) => id));
    const kept = new Set(seqs);
    this.#loose.clear();
    for (const { seq, state } of entries) if (state === 'unsent' && !kept.has(seq)) this.#loose.add(seq);
    const missing = seqs.filter((seq) => !known.has(seq));
    const records = missing.length > 0 ? await journal.read(missing) : [];
    const found: StoredEntry[] = [];
    for (const { seq, bytes } of records) {
      const entry = await openJournalEntry(sealer, bytes);
      if (entry && !ids.has(entry.id)) found.push({ ...entry, seq, state: 'unsent' });
    }
    // On a full disk the phone opens all the same, and the store is given them as soon as it takes them.
    if (found.length > 0) await this.#store.putMissing(found).catch(() => found.forEach((entry) => this.#owe(entry)));
    this.#restored ??= found;
    return found;
  }

  #notInStore(): StoredEntry[] {
    return [...new Map([...this.#second.missing, ...this.#owed]).values()];
  }

  async #appendToJournal(entry: NewEntry): Promise<number | null> {
    if (!this.#journal) return null;
    const { journal, sealer } = this.#journal;
    let fails: 'full' | 'troubled' | null = null;
    const seq = await journal
      .append(await sealer.seal(journalPlace, entry), this.#floor)
      // Whatever the browser calls the error: here it is not saved, and the other home has to take it.
      .catch((error: unknown) => {
        fails = isFull(error) ? 'full' : 'troubled';
        return null;
      });
    if (this.#journalFails !== fails) {
      this.#journalFails = fails;
      this.#memory?.onKeeping();
    }
    return seq;
  }

  async #onlyInStore(entry: NewEntry): Promise<number> {
    const floor = this.#loose.has(this.#floor) ? this.#floor : this.#floor + numberGap;
    const seq = await this.#orMend(this.#store.append(entry, this.#journal ? floor : this.#floor));
    this.#floor = Math.max(this.#floor, seq);
    this.#loose.add(seq);
    return seq;
  }

  #release(seqs: readonly number[]): void {
    // What stays by mistake is sent once more after a loss, and the centre has it already.
    void this.#journal?.journal.release(seqs).catch(() => undefined);
  }

  #owe(entry: StoredEntry): void {
    this.#owed.set(entry.seq, entry);
    this.#mend();
  }

  /** Hands the failure on, and begins to heal its cause unless another tab has merely been faster. */
  async #orMend<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof StorageMovedOn)) this.#mend();
      throw error;
    }
  }

  #mend(): void {
    if (this.#mending || this.#closed) return;
    this.#mending = true;
    this.#memory?.onKeeping();
    this.#tryToMend();
  }

  #tryToMend(): void {
    this.#mendOnce().then(
      () => {
        this.#mending = false;
        this.#waitMs = firstWaitMs;
        this.#memory?.onKeeping();
        if (this.#owed.size > 0) this.#mend();
      },
      (error: unknown) => {
        if (this.#closed) return;
        if (error instanceof StoreReplaced) return this.#memory?.replaced();
        this.#callOff = this.#timers.after(this.#waitMs, () => this.#tryToMend());
        this.#waitMs = Math.min(longestWaitMs, this.#waitMs * 2);
      },
    );
  }

  /** Opens the store anew, writes it from memory when it was emptied, and puts there what it did not take. */
  async #mendOnce(): Promise<void> {
    if (this.#closed) return;
    await this.#store.reopen();
    const owed = [...this.#owed];
    try {
      await this.#store.putMissing(owed.map(([, entry]) => entry));
    } catch (error) {
      if (!(error instanceof StoreGone) || !this.#memory || this.#closed || !this.#memory.stillOurs()) throw error;
      await this.#store.make(this.#memory.snapshot());
      this.#memory.rebuilt();
    }
    for (const [seq] of owed) this.#owed.delete(seq);
  }
}
