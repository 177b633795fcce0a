import { commitOf, keptOf, unsentAgain } from './answer-commit.ts';
import { contextOf, type Context } from './context.ts';
import type {
  DeviceFacts,
  DeviceStorage,
  NewEntry,
  StorageCommit,
  StoredEntry,
  StoredPage,
  StoredState,
} from './device-storage.ts';
import { HeldState } from './held-state.ts';
import type { AnyMutation, ArgumentsOf } from './kind.ts';
import { mutationsPerExchange, mutationsTaken, pagesBeforeCompaction } from './limits.ts';
import { requestOf } from './next-request.ts';
import { bestTime, type ExchangeAnswer, type ExchangeRequest } from './protocol.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Registry } from './registry.ts';
import { runMutation } from './run-mutation.ts';
import { stampOf, type Contact } from './stamp.ts';
import { readable, storedShape } from './stored-shape.ts';
import { Tables } from './tables.ts';
import { Tidying } from './tidying.ts';

/** Time and identifiers are handed in, so that many phones run in one process from one seed. */
export interface ReplicaTools {
  /** The phone's wall clock (ms, UTC), right or wrong. */
  readonly wallClock: () => number;
  /** Milliseconds on a clock that nobody can set; its zero is arbitrary and changes with every start of the app. */
  readonly monotonic: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /** Does work of some length when nobody waits for this phone; left out: at once. */
  readonly whenIdle?: (work: () => void) => void;
  /** Acts in one request, when it is to be fewer than the protocol allows. */
  readonly mutationsPerExchange?: number;
}

export type MutateOutcome = { readonly saved: StoredEntry } | { readonly refusal: Refusal };

/**
 * The phone's half of the engine. What is shown = the server's last whole state (base) + unsent acts applied again on
 * top. Every act is on the disk before it is shown as saved; every answer is on the disk before it is shown. When the
 * state comes in parts, the parts wait until the last one is there: between two of them an act that the centre has
 * taken would be missing from the base, or be in it twice. Only a phone that shows nothing yet shows the parts at once.
 *
 * Knows nothing of IndexedDB, the network or the screen: they are the client's business.
 */
export class Replica {
  /** What is shown; read it through the client's reactive view. */
  readonly shown: Tables;
  readonly #base: HeldState;
  readonly #entries = new Map<number, StoredEntry>();
  /** The acts in their order, until one of them changes. */
  #inOrder: { readonly all: readonly StoredEntry[]; readonly unsent: readonly StoredEntry[] } | null = null;
  /** Parts of the next state, until the last one is there; null when there is nothing to wait for. */
  #waiting: { readonly reset: boolean; readonly pages: readonly StoredPage[] } | null = null;
  #facts: DeviceFacts;
  /** Tells which fields of which kinds this version of the app keeps. */
  readonly #shape: string;
  /** Acts the centre has taken, whose effects are in the parts that wait. */
  #settling = new Set<number>();
  /** Acts sent again to a restored centre; whether the base has their effects is known when the state is whole. */
  #lost = new Set<number>();
  /** There is no whole state yet, so parts are shown as they come. */
  #showsParts = false;
  /** Pages on the disk. */
  #pages = 0;
  #contact: Contact | null = null;
  /** Acts in one request, as far as the centre has said what it takes. */
  #taken = mutationsPerExchange;
  readonly #tidying: Tidying;
  readonly #listeners = new Set<(kinds: ReadonlySet<string>) => void>();

  private constructor(
    readonly registry: Registry,
    readonly device: string,
    readonly storage: DeviceStorage,
    readonly tools: ReplicaTools,
    stored: StoredState,
  ) {
    this.shown = new Tables(registry);
    this.#base = new HeldState(registry, this.shown);
    this.#tidying = new Tidying(() => this.compact(), tools.whenIdle);
    this.#facts = stored.facts;
    this.#shape = storedShape(registry);
    this.#takeStored(stored, new Set());
  }

  /** Opens what the phone holds; the first thing a start does. */
  static async open(registry: Registry, device: string, storage: DeviceStorage, tools: ReplicaTools): Promise<Replica> {
    const replica = new Replica(registry, device, storage, tools, await storage.load());
    // A crash between taking an answer and compacting may have left what was removed on the disk.
    if (replica.#base.leftovers && !replica.#facts.filling) await replica.compact();
    return replica;
  }

  /** Reads everything anew: another tab of this device is the one that talks to the centre. */
  async refresh(): Promise<void> {
    const before = this.entries.at(-1)?.seq ?? 0;
    this.#readAnew(await this.storage.load(), before);
  }

  #readAnew(stored: StoredState, before: number): void {
    // Acts that were saved while the disk was read may not be in what it gave, and are not to vanish.
    const newer = this.entries.filter(({ seq }) => seq > before);
    const changed = new Set(['']);
    this.#entries.clear();
    this.#inOrder = null;
    for (const entry of newer) this.#keep(entry);
    this.#base.clear(changed);
    this.#takeStored(stored, changed);
    this.#tell(changed);
  }

  get facts(): DeviceFacts {
    return this.#facts;
  }

  /** All kept acts in the order they were done. */
  get entries(): readonly StoredEntry[] {
    return this.#ordered().all;
  }

  get unsent(): readonly StoredEntry[] {
    return this.#ordered().unsent;
  }

  /** Called with the names of the kinds whose records may have changed; '' stands for entries and facts. */
  onChange(listener: (kinds: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Best known time now (ms, UTC): the server's, carried on by a clock that cannot be set. */
  now(): number {
    return bestTime(this.#stamp());
  }

  /** Context for asking `may` about a button; null before the phone belongs to anybody. */
  context(): Context | null {
    const { identity } = this.#facts;
    return identity && contextOf(identity, this.device, { id: 'asking', at: this.now() });
  }

  /** Does an act: judged here at once, on the disk, then shown. Resolves when it is safe on this phone. */
  async mutate<M extends AnyMutation>(mutation: M, args: ArgumentsOf<M>): Promise<MutateOutcome> {
    const { identity } = this.#facts;
    if (!identity) return { refusal: refuse('not-allowed') };
    const { name, version } = mutation;
    const entry: NewEntry = { id: this.tools.newId(), name, version, args, ...this.#stamp() };
    const ctx = contextOf(identity, this.device, { id: entry.id, at: bestTime(entry) });
    const outcome = runMutation(this.registry, this.shown, entry, ctx);
    if ('refusal' in outcome) return outcome;
    const seq = await this.storage.append(entry).catch((error: unknown) => this.#writtenAfterAll(entry, error));
    if (this.#entries.has(seq)) return { saved: this.#entries.get(seq) as StoredEntry };
    const saved: StoredEntry = { ...entry, seq, state: 'unsent' };
    this.#keep(saved);
    const changed = new Set(['']);
    // The state may have moved while the disk was busy, so the act is judged once more on what stands now.
    this.#applyEntry(saved, changed);
    this.#tell(changed);
    return { saved };
  }

  /** A disk may write and yet report a failure; told that nothing was saved, the person would do the act again. */
  async #writtenAfterAll({ id }: NewEntry, error: unknown): Promise<number> {
    const before = this.entries.at(-1)?.seq ?? 0;
    const stored = await this.storage.load().catch(() => null);
    // A store that was emptied has nothing to tell, and what is shown is all there is.
    if (!stored?.facts.identity) throw error;
    this.#readAnew(stored, before);
    return this.entries.find((entry) => entry.id === id)?.seq ?? Promise.reject(error);
  }

  /** Acts that another tab of this device has stored. */
  adopt(entries: readonly StoredEntry[]): void {
    const changed = new Set(['']);
    for (const entry of entries) {
      if (this.#entries.has(entry.seq)) continue;
      this.#keep(entry);
      if (entry.state === 'unsent') this.#applyEntry(entry, changed);
    }
    this.#tell(changed);
  }

  /** More acts are declared than before: those that were kept without effect are applied. */
  applyAgain(): void {
    const changed = new Set(['']);
    this.#applyUnsent(changed);
    this.#tell(changed);
  }

  /** The next request, or one that only asks for news. */
  request(): ExchangeRequest {
    const { epoch, cookie, shape, lost } = this.#facts;
    return requestOf({
      registry: this.registry,
      device: this.device,
      entries: this.entries,
      epoch,
      // Pages written by another version of the app may lack fields that this one knows: it is filled anew.
      cookie: shape === this.#shape ? cookie : null,
      lost,
      atMost: Math.min(this.#taken, this.tools.mutationsPerExchange ?? mutationsTaken),
    });
  }

  /** The centre has declined a request: it may have been set back to a version that takes fewer acts at once. */
  sendFewer(): void {
    this.#taken = mutationsPerExchange;
  }

  /** Takes an answer: on the disk together or not at all, then in memory. Throws only when the disk failed. */
  async accept(request: ExchangeRequest, answer: ExchangeAnswer): Promise<void> {
    await this.#tidying.settled; // It counts the pages on the disk, and so does what follows.
    const { registry, entries } = this;
    const known = { registry, entries, facts: this.#facts, shape: this.#shape, pages: this.#pages };
    const commit = commitOf({ ...known, wall: this.tools.wallClock() }, request, answer);
    await this.storage.commit(commit);
    const changed = new Set(['']);
    const knewWhole = this.#facts.contactAt !== null && !this.#showsParts;
    this.#facts = commit.facts;
    this.#contact = { serverTime: answer.serverTime, monotonic: this.tools.monotonic() };
    this.#taken = answer.takes ?? this.#taken;
    this.#pages = (commit.reset ? 0 : this.#pages) + (commit.page ? 1 : 0);
    this.#rememberJudged(commit);
    this.#takePart(commit, knewWhole, changed);
    this.#applyUnsent(changed);
    this.#tell(changed);
    if (commit.facts.filling) return;
    // What left this phone's scope is gone from its disk before anything else; the rest is tidiness.
    if (this.#base.leftovers) await this.compact();
    else if (this.#pages > pagesBeforeCompaction) await this.#tidying.ask();
  }

  /** Whether the sum of what is held equals the server's; when not, ask again without cookie. */
  agrees(answer: ExchangeAnswer): boolean {
    return answer.checksum === null || this.#facts.filling != null || answer.checksum === this.#base.checksum;
  }

  /** On the disk first. Without a cookie the next exchange fills the device anew; nothing unsent is touched. */
  async changeFacts(change: Partial<Pick<DeviceFacts, 'cookie' | 'lost'>>): Promise<void> {
    const facts = { ...this.#facts, ...change };
    await this.storage.commit({ facts, reset: false, page: null, judged: [], unsentAgain: [], forget: [] });
    this.#facts = facts;
  }

  /** The author has read why an act was refused. */
  async acknowledgeRefusal(seq: number): Promise<void> {
    await this.storage.acknowledgeRefusal(seq);
    const entry = this.#entries.get(seq);
    if (entry?.state === 'refused') this.#keep({ ...entry, read: true });
    this.#tell(new Set(['']));
  }

  /** Writes the held state as few full pages, so that nothing removed remains on the disk. Not between two parts. */
  async compact(): Promise<void> {
    if (this.#waiting) return;
    const pages = this.#base.pages();
    await this.storage.compact(pages);
    this.#pages = pages.length;
    this.#base.leftovers = false;
  }

  /**
   * Everything the disk should hold, from memory, for a disk that was emptied meanwhile. A state that was still coming
   * in is asked for anew, and what the centre has taken since the last whole one is sent again: it is taken once.
   */
  snapshot(): StoredState {
    const whole = !this.#facts.filling;
    const entries = this.entries.map((entry) => (this.#isOnTop(entry) ? unsentAgain(entry) : entry));
    const facts = whole ? this.#facts : { ...this.#facts, cookie: null, filling: null };
    return { facts, pages: this.#base.pages(), entries };
  }

  /** What the disk holds, into a memory without base. */
  #takeStored({ facts, pages, entries }: StoredState, changed: Set<string>): void {
    this.#facts = facts;
    this.#pages = pages.length;
    for (const entry of entries) this.#keep(entry);
    const { wholePages, settling, again } = facts.filling ?? { wholePages: null, settling: [], again: [] };
    // Without a whole state before them the parts are all there is to show.
    this.#showsParts = Boolean(facts.filling) && wholePages === null;
    this.#waiting = wholePages === null ? null : { reset: false, pages: pages.slice(wholePages) };
    this.#settling = new Set(settling);
    this.#lost = new Set(again);
    const whole = pages.slice(0, wholePages ?? pages.length);
    for (const page of facts.shape === this.#shape ? whole : whole.map((one) => readable(this.registry, one)))
      this.#base.take(page, changed);
    this.#applyUnsent(changed);
  }

  #ordered(): { readonly all: readonly StoredEntry[]; readonly unsent: readonly StoredEntry[] } {
    if (this.#inOrder) return this.#inOrder;
    const all = [...this.#entries.values()].sort((a, b) => a.seq - b.seq);
    return (this.#inOrder = { all, unsent: all.filter(({ state }) => state === 'unsent') });
  }

  #keep(entry: StoredEntry): void {
    this.#entries.set(entry.seq, entry);
    this.#inOrder = null;
  }

  #rememberJudged(commit: StorageCommit): void {
    for (const { seq, state } of commit.judged)
      this.#keep({ ...keptOf(this.#entries.get(seq) as StoredEntry), ...state });
    for (const seq of commit.unsentAgain) this.#keep(unsentAgain(this.#entries.get(seq) as StoredEntry));
    for (const seq of commit.forget) this.#entries.delete(seq);
    this.#inOrder = null;
  }

  /** Shows the state when it is whole; keeps the part aside when it is not and there is something to show meanwhile. */
  #takePart(commit: StorageCommit, knewWhole: boolean, changed: Set<string>): void {
    const { filling } = commit.facts;
    const taken = commit.judged.filter(({ state }) => state.state === 'received').map(({ seq }) => seq);
    const reset = commit.reset || (this.#waiting?.reset ?? false);
    const pages = [...(commit.reset ? [] : (this.#waiting?.pages ?? [])), ...(commit.page ? [commit.page] : [])];
    const waits = this.#waiting !== null || knewWhole || filling?.wholePages !== null || taken.length > 0;
    if (filling && waits) {
      for (const seq of taken) this.#settling.add(seq);
      for (const seq of commit.unsentAgain) if (!this.#settling.has(seq)) this.#lost.add(seq);
      this.#waiting = { reset, pages };
      return;
    }
    this.#showsParts = Boolean(filling);
    this.#waiting = null;
    this.#settling.clear();
    this.#lost.clear();
    if (reset) this.#base.clear(changed);
    for (const page of pages) this.#base.take(page, changed);
  }

  /** Takes away what acts have made of the base, then applies every act on top in order. */
  #applyUnsent(changed: Set<string>): void {
    for (const { name } of this.registry.kinds) if (this.shown.of(name).clearTop()) changed.add(name);
    for (const entry of this.entries) if (this.#isOnTop(entry)) this.#applyEntry(entry, changed);
  }

  #isOnTop({ state, seq }: StoredEntry): boolean {
    if (this.#lost.has(seq)) return false;
    return state === 'unsent' || (state === 'received' && this.#settling.has(seq));
  }

  #applyEntry(entry: StoredEntry, changed: Set<string>): void {
    const { identity } = this.#facts;
    if (!identity) return;
    const ctx = contextOf(identity, this.device, { id: entry.id, at: bestTime(entry) });
    const outcome = runMutation(this.registry, this.shown, entry, ctx);
    // What is refused on the new state stays unsent: only the centre may refuse for good.
    if ('refusal' in outcome) return;
    for (const { kind, id, row } of outcome.changes) {
      this.shown.of(kind).set(id, row);
      changed.add(kind);
    }
  }

  #stamp(): ReturnType<typeof stampOf> {
    return stampOf(this.tools, this.#contact, this.#facts.offset);
  }

  #tell(kinds: ReadonlySet<string>): void {
    for (const listener of this.#listeners) listener(kinds);
  }
}
