import type { Change } from './change.ts';
import { addHash, entryHash, takeHash } from './checksum.ts';
import { contextOf, type Context } from './context.ts';
import type {
  DeviceFacts,
  DeviceStorage,
  EntryState,
  NewEntry,
  StorageCommit,
  StoredEntry,
  StoredPage,
  StoredState,
} from './device-storage.ts';
import type { ArgumentsOf, AnyMutation, Row } from './kind.ts';
import { acknowledgedKeptMs, mutationsPerExchange, pagesBeforeCompaction, rowsPerPage } from './limits.ts';
import { decodeRows } from './patch.ts';
import { bestTime, protocolVersion, type ExchangeAnswer, type ExchangeRequest, type Verdict } from './protocol.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Registry } from './registry.ts';
import { runMutation } from './run-mutation.ts';
import { Tables } from './tables.ts';

/** Time and identifiers are handed in, so that many phones run in one process from one seed. */
export interface ReplicaTools {
  /** The phone's wall clock (ms, UTC), right or wrong. */
  readonly wallClock: () => number;
  /** Milliseconds on a clock that nobody can set; its zero is arbitrary and changes with every start of the app. */
  readonly monotonic: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
}

export type MutateOutcome = { readonly saved: StoredEntry } | { readonly refusal: Refusal };

/**
 * The phone's half of the engine. What is shown = the server's state as last committed (base) + unsent acts applied
 * again on top. Every act is on the disk before it is shown as saved; every answer is on the disk before it is shown.
 *
 * Knows nothing of IndexedDB, the network or the screen: they are the client's business.
 */
export class Replica {
  /** What is shown; read it through the client's reactive view. */
  readonly shown: Tables;
  readonly #base = new Map<string, Map<string, { row: Row; version: number }>>();
  /** Records the acts on top have touched, so that only these are set back before the acts run again. */
  #touched = new Map<string, { kind: string; id: string }>();
  readonly #entries = new Map<number, StoredEntry>();
  /** Acts the centre has taken while more of its state is still on the way. */
  #settling: StoredEntry[] = [];
  #facts: DeviceFacts;
  #checksum = 0;
  #pages: number;
  #contact: { serverTime: number; monotonic: number } | null = null;
  readonly #listeners = new Set<(kinds: ReadonlySet<string>) => void>();

  private constructor(
    readonly registry: Registry,
    readonly device: string,
    readonly storage: DeviceStorage,
    readonly tools: ReplicaTools,
    stored: StoredState,
  ) {
    this.shown = new Tables(registry);
    for (const kind of registry.kinds) this.#base.set(kind.name, new Map());
    this.#facts = stored.facts;
    this.#pages = stored.pages.length;
    const changed = new Set<string>();
    for (const page of stored.pages) this.#takePage(page, changed);
    for (const entry of stored.entries) this.#entries.set(entry.seq, entry);
    this.#applyUnsent(changed);
  }

  /** Opens what the phone holds; the first thing a start does. */
  static async open(registry: Registry, device: string, storage: DeviceStorage, tools: ReplicaTools): Promise<Replica> {
    const stored = await storage.load();
    const replica = new Replica(registry, device, storage, tools, stored);
    // A crash between taking an answer and compacting may have left what was removed on the disk.
    if (stored.pages.some((page) => page.removed.length > 0)) await replica.compact();
    return replica;
  }

  /** Reads everything anew: another tab of this device is the one that talks to the centre. */
  async refresh(): Promise<void> {
    const stored = await this.storage.load();
    const changed = new Set(['']);
    this.#facts = stored.facts;
    this.#pages = stored.pages.length;
    this.#settling = [];
    this.#entries.clear();
    for (const entry of stored.entries) this.#entries.set(entry.seq, entry);
    this.#clearBase(changed);
    for (const page of stored.pages) this.#takePage(page, changed);
    this.#applyUnsent(changed);
    this.#tell(changed);
  }

  get facts(): DeviceFacts {
    return this.#facts;
  }

  /** All kept acts in the order they were done. */
  get entries(): readonly StoredEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.seq - b.seq);
  }

  get unsent(): readonly StoredEntry[] {
    return this.entries.filter((entry) => entry.state === 'unsent');
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
    const entry: NewEntry = {
      id: this.tools.newId(),
      name: mutation.name,
      version: mutation.version,
      args,
      ...this.#stamp(),
    };
    const ctx = contextOf(identity, this.device, { id: entry.id, at: bestTime(entry) });
    const outcome = runMutation(this.registry, this.shown, entry, ctx);
    if ('refusal' in outcome) return outcome;
    const seq = await this.storage.append(entry);
    const saved: StoredEntry = { ...entry, seq, state: 'unsent' };
    this.#entries.set(seq, saved);
    const changed = new Set(['']);
    // The state may have moved while the disk was busy, so the act is judged once more on what stands now.
    this.#applyEntry(saved, changed);
    this.#tell(changed);
    return { saved };
  }

  /** Acts that another tab of this device has stored. */
  adopt(entries: readonly StoredEntry[]): void {
    const changed = new Set(['']);
    for (const entry of entries) {
      if (this.#entries.has(entry.seq)) continue;
      this.#entries.set(entry.seq, entry);
      if (entry.state === 'unsent') this.#applyEntry(entry, changed);
    }
    this.#tell(changed);
  }

  /** The next request, or one that only asks for news. */
  request(): ExchangeRequest {
    const unsent = this.unsent;
    const urgentFirst = [...unsent].sort((a, b) => this.#urgency(a) - this.#urgency(b) || a.seq - b.seq);
    const sent = urgentFirst.slice(0, mutationsPerExchange).sort((a, b) => a.seq - b.seq);
    const left = unsent.filter((entry) => !sent.includes(entry));
    const refused = this.entries.filter((entry) => entry.state === 'refused' && !entry.read).length;
    return {
      protocol: protocolVersion,
      epoch: this.#facts.epoch,
      cookie: this.#facts.cookie,
      mutations: sent.map(wireOf),
      queue: { unsent: left.length, oldestAt: left[0] ? bestTime(left[0]) : null, refused },
    };
  }

  /** Takes an answer: on the disk together or not at all, then in memory. Throws only when the disk failed. */
  async accept(request: ExchangeRequest, answer: ExchangeAnswer): Promise<void> {
    const { commit, restored } = this.#commitOf(request, answer);
    await this.storage.commit(commit);
    const changed = new Set(['']);
    this.#facts = commit.facts;
    this.#contact = { serverTime: answer.serverTime, monotonic: this.tools.monotonic() };
    this.#rememberJudged(commit, answer.more, restored);
    if (commit.reset) this.#clearBase(changed);
    if (commit.page) this.#takePage(commit.page, changed);
    this.#pages = commit.reset ? 1 : this.#pages + 1;
    this.#applyUnsent(changed);
    this.#tell(changed);
    const removed = commit.reset || (commit.page?.removed.length ?? 0) > 0;
    if (removed || this.#pages > pagesBeforeCompaction) await this.compact();
  }

  /** Whether the sum of what is held equals the server's; when not, ask again with `forgetCookie`. */
  agrees(answer: ExchangeAnswer): boolean {
    return answer.checksum === null || answer.checksum === this.#checksum;
  }

  /** The next exchange fills the device anew. Nothing unsent is touched. */
  async forgetCookie(): Promise<void> {
    const facts = { ...this.#facts, cookie: null };
    await this.storage.commit({ facts, reset: false, page: null, judged: [], unsentAgain: [], forget: [] });
    this.#facts = facts;
  }

  /** The author has read why an act was refused. */
  async acknowledgeRefusal(seq: number): Promise<void> {
    await this.storage.acknowledgeRefusal(seq);
    const entry = this.#entries.get(seq);
    if (entry?.state === 'refused') this.#entries.set(seq, { ...entry, read: true });
    this.#tell(new Set(['']));
  }

  /** Writes the held state as few full pages, so that nothing removed remains on the disk. */
  async compact(): Promise<void> {
    const rows = [...this.#base].flatMap(([kind, held]) =>
      [...held.values()].map(({ row, version }) => ({ kind, version, row })),
    );
    const pages: StoredPage[] = [];
    for (let from = 0; from < rows.length; from += rowsPerPage)
      pages.push({ rows: rows.slice(from, from + rowsPerPage), removed: [] });
    await this.storage.compact(pages);
    this.#pages = pages.length;
  }

  #commitOf(request: ExchangeRequest, answer: ExchangeAnswer): { commit: StorageCommit; restored: boolean } {
    const wall = this.tools.wallClock();
    const judged = answer.verdicts
      .filter(({ seq }) => this.#entries.get(seq)?.state === 'unsent')
      .map((verdict) => ({ seq: verdict.seq, state: stateOf(verdict, wall) }));
    const restored = request.epoch !== null && request.epoch !== answer.epoch;
    const received = this.entries.filter((entry) => entry.state === 'received');
    const facts: DeviceFacts = {
      epoch: answer.epoch,
      cookie: answer.cookie,
      identity: answer.you ?? this.#facts.identity,
      offset: answer.serverTime - wall,
      contactAt: wall,
    };
    const commit: StorageCommit = {
      facts,
      reset: answer.patch.reset,
      page: this.#pageOf(answer),
      judged,
      // A server restored from an older backup has lost what it once acknowledged; it is sent once more.
      unsentAgain: restored ? received.map(({ seq }) => seq) : [],
      forget: restored
        ? []
        : received
            .filter((entry) => entry.state === 'received' && wall - entry.receivedAt > acknowledgedKeptMs)
            .map(({ seq }) => seq),
    };
    return { commit, restored };
  }

  #pageOf(answer: ExchangeAnswer): StoredPage | null {
    const rows: StoredPage['rows'][number][] = [];
    const removed: { kind: string; id: string }[] = [];
    for (const patch of answer.patch.kinds) {
      if (!this.#base.has(patch.kind)) continue;
      const fields = Object.keys(this.registry.kind(patch.kind).fields);
      for (const { row, version } of decodeRows(patch, fields)) rows.push({ kind: patch.kind, row, version });
      for (const id of patch.removed) removed.push({ kind: patch.kind, id });
    }
    return rows.length + removed.length > 0 ? { rows, removed } : null;
  }

  #rememberJudged(commit: StorageCommit, more: boolean, restored: boolean): void {
    for (const { seq, state } of commit.judged) {
      const entry = { ...wireOf(this.#entries.get(seq) as StoredEntry), ...state };
      this.#entries.set(seq, entry);
      if (state.state === 'received') this.#settling.push(entry);
    }
    if (restored)
      for (const seq of commit.unsentAgain)
        this.#entries.set(seq, { ...wireOf(this.#entries.get(seq) as StoredEntry), state: 'unsent' });
    for (const seq of commit.forget) this.#entries.delete(seq);
    // Until the last page has arrived, the effects of taken acts may not be in the base yet.
    if (!more) this.#settling = [];
  }

  #clearBase(changed: Set<string>): void {
    for (const [kind, held] of this.#base) {
      if (held.size > 0) changed.add(kind);
      for (const id of held.keys()) this.shown.of(kind).set(id, null);
      held.clear();
    }
    this.#checksum = 0;
  }

  #takePage(page: StoredPage, changed: Set<string>): void {
    for (const { kind, id } of page.removed) this.#setBase(kind, id, null, changed);
    for (const { kind, row, version } of page.rows) this.#setBase(kind, row.id, { row, version }, changed);
  }

  #setBase(kind: string, id: string, held: { row: Row; version: number } | null, changed: Set<string>): void {
    const rows = this.#base.get(kind);
    if (!rows) return;
    const before = rows.get(id);
    if (before) this.#checksum = takeHash(this.#checksum, entryHash(kind, id, before.version));
    if (held) {
      rows.set(id, held);
      this.#checksum = addHash(this.#checksum, entryHash(kind, id, held.version));
    } else rows.delete(id);
    this.shown.of(kind).set(id, held?.row ?? null);
    changed.add(kind);
  }

  /** Sets touched records back to the base, then applies every act on top in order. */
  #applyUnsent(changed: Set<string>): void {
    for (const { kind, id } of this.#touched.values()) {
      this.shown.of(kind).set(id, this.#base.get(kind)?.get(id)?.row ?? null);
      changed.add(kind);
    }
    this.#touched = new Map();
    const acts = [...this.#settling, ...this.unsent].sort((a, b) => a.seq - b.seq);
    for (const entry of acts) this.#applyEntry(entry, changed);
  }

  #applyEntry(entry: StoredEntry, changed: Set<string>): void {
    const { identity } = this.#facts;
    if (!identity) return;
    const ctx = contextOf(identity, this.device, { id: entry.id, at: bestTime(entry) });
    const outcome = runMutation(this.registry, this.shown, entry, ctx);
    // What is refused on the new state stays unsent: only the centre may refuse for good.
    if ('refusal' in outcome) return;
    for (const change of outcome.changes) this.#touch(change, changed);
  }

  #touch({ kind, id, row }: Change, changed: Set<string>): void {
    this.#touched.set(`${kind}\u0000${id}`, { kind, id });
    this.shown.of(kind).set(id, row);
    changed.add(kind);
  }

  #urgency(entry: StoredEntry): number {
    return this.registry.mutations.get(entry.name)?.urgent ? 0 : 1;
  }

  #stamp(): Pick<NewEntry, 'claimedAt' | 'serverTime' | 'sinceServer' | 'offset'> {
    return {
      claimedAt: this.tools.wallClock(),
      serverTime: this.#contact?.serverTime ?? null,
      sinceServer: this.#contact ? Math.round(this.tools.monotonic() - this.#contact.monotonic) : null,
      offset: this.#facts.offset,
    };
  }

  #tell(kinds: ReadonlySet<string>): void {
    for (const listener of this.#listeners) listener(kinds);
  }
}

function wireOf(entry: StoredEntry): Omit<StoredEntry, 'state'> & NewEntry {
  const { seq, id, name, version, args, claimedAt, serverTime, sinceServer, offset } = entry;
  return { seq, id, name, version, args, claimedAt, serverTime, sinceServer, offset };
}

function stateOf(verdict: Verdict, receivedAt: number): EntryState {
  if (verdict.verdict === 'applied') return { state: 'received', receivedAt };
  return { state: 'refused', code: verdict.code ?? 'server-check', receivedAt, read: false };
}
