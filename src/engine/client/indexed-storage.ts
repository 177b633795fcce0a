import {
  noFacts,
  type DeviceFacts,
  type DeviceStorage,
  type NewEntry,
  type StorageCommit,
  type StoredEntry,
  type StoredPage,
  type StoredState,
} from '../device-storage.ts';
import { inOneGo } from './connection.ts';
import {
  allStores,
  storesOf,
  unnumbered,
  type DeviceRow,
  type OutboxRow,
  type PageRow,
  type StationDatabase,
  type WritableStores,
} from './database.ts';
import type { Bytes, Sealer } from './sealer.ts';
import { takenAfter, takenTimes, type Taken } from './taken.ts';

const factsPlace = { table: 'facts', kind: 'facts', id: 'facts' };
const pagePlace = { table: 'pages', kind: 'page' };
const entryPlace = { table: 'outbox', kind: 'entry' };
const verdictPlace = (seq: number) => ({ table: 'outbox', kind: 'verdict', id: String(seq) });

/** Another tab has written a newer state of the server: read it before writing again. */
export class StorageMovedOn extends Error {
  override readonly name = 'StorageMovedOn';
  constructor() {
    super('Another tab has written since this one has read.');
  }
}

/** The browser has emptied the store under this tab. */
export class StoreGone extends Error {
  override readonly name = 'StoreGone';
  constructor() {
    super('The store of this device was emptied.');
  }
}

/** The store was emptied and made anew by another tab, with another key. */
export class StoreReplaced extends Error {
  override readonly name = 'StoreReplaced';
  constructor() {
    super('The store of this device was made anew.');
  }
}

/** The facts as they are sealed. */
type SealedFacts = DeviceFacts & { readonly taken?: Taken };

interface EntryChange {
  readonly seq: number;
  readonly change: Partial<OutboxRow>;
}

/** Any transaction that has the store with the device's own row. */
interface DeviceTransaction {
  objectStore(name: 'device'): { get(key: 'device'): Promise<DeviceRow | undefined> };
}

/** What changing acts needs of their store. */
interface OutboxStore {
  get(seq: number): Promise<OutboxRow | undefined>;
  put(row: OutboxRow): Promise<unknown>;
}

/** Acts that wait together for one transaction, and what they wait for. */
interface Missing {
  readonly entries: Map<number, StoredEntry>;
  readonly written: Promise<void>;
}

/** Why an act was refused, as it is sealed. */
interface SealedVerdict {
  readonly code: string;
  readonly read: boolean;
}

type Refused = SealedVerdict & { readonly seq: number; readonly receivedAt: number };

/**
 * The device's store over IndexedDB. Values are sealed before a transaction is opened: IndexedDB commits a transaction
 * by itself as soon as something else is awaited inside it. Calls take turns, so that what was read is never older
 * than what a call before it has written.
 */
export class IndexedStorage implements DeviceStorage {
  readonly #database: StationDatabase;
  readonly #sealer: Sealer;
  /** The device's own row, to be written anew should the browser lose it. */
  readonly #row: DeviceRow;
  #revision = 0;
  /** Acts that the centre has taken, as of that revision. */
  #taken: Taken = [];
  /** How many acts there were when they were read. */
  #acts = 0;
  /** Acts of which the transaction has not begun. */
  #missing: Missing | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(database: StationDatabase, sealer: Sealer, row: DeviceRow) {
    this.#database = database;
    this.#sealer = sealer;
    this.#row = row;
  }

  load(): Promise<StoredState> {
    return this.#inTurn(async () => {
      const [factsRow, pageRows, outboxRows] = await this.#database.read([...allStores], async (transaction) => {
        const { facts, pages, outbox } = storesOf(transaction);
        const asked = [facts.get('facts'), pages.getAll(), outbox.getAll()] as const;
        // What an emptied store gives must not be taken for the state; all are asked for in one go.
        const [found] = await Promise.all([Promise.all(asked), this.#mustStand(transaction)]);
        return found;
      });
      this.#revision = factsRow?.revision ?? 0;
      this.#acts = outboxRows.length;
      const sealed = factsRow ? await this.#sealer.open<SealedFacts>(factsPlace, factsRow.bytes) : noFacts;
      const { taken = [], ...facts }: SealedFacts = sealed;
      this.#taken = taken;
      const pages = await Promise.all(pageRows.map(({ bytes }) => this.#sealer.open<StoredPage>(pagePlace, bytes)));
      const times = takenTimes(taken);
      const entries = await Promise.all(outboxRows.map((row) => this.#openEntry(row, times.get(row.seq))));
      return { facts, pages, entries };
    });
  }

  /** Whether another tab has written something since this one has read. */
  hasMoved(): Promise<boolean> {
    return this.#inTurn(() =>
      this.#database.read(['facts', 'outbox'], async (transaction) => {
        const asked = [
          transaction.objectStore('facts').get('facts'),
          transaction.objectStore('outbox').count(),
        ] as const;
        const [facts, acts] = await Promise.all(asked);
        return (facts?.revision ?? 0) !== this.#revision || acts !== this.#acts;
      }),
    );
  }

  /** Keeps an act whose number is to be above `floor`. */
  append(entry: NewEntry, floor = 0): Promise<number> {
    return this.#inTurn(async () => {
      const bytes = await this.#sealer.seal(entryPlace, entry);
      return this.#database.write(['outbox', 'device'], async (transaction) => {
        await this.#mustStand(transaction);
        const outbox = transaction.objectStore('outbox');
        const row = { state: 'unsent', receivedAt: null, bytes, verdict: null } as const;
        const seq = await outbox.add(unnumbered<OutboxRow>(row));
        const used = Math.max(floor, this.#row.firstSeq - 1);
        if (seq > used) return seq;
        await outbox.delete(seq);
        return outbox.add({ ...row, seq: used + 1 });
      });
    });
  }

  /**
   * Keeps acts that have their numbers from elsewhere; what is here already stays as it is. Whoever comes while others
   * still wait for their turn goes with them: acts in quick succession cost one transaction together.
   */
  putMissing(entries: readonly StoredEntry[]): Promise<void> {
    this.#missing ??= this.#newMissing();
    for (const entry of entries) this.#missing.entries.set(entry.seq, entry);
    return this.#missing.written;
  }

  #newMissing(): Missing {
    const entries = new Map<number, StoredEntry>();
    const written = this.#inTurn(() => {
      this.#missing = null;
      return this.#addMissing([...entries.values()]);
    });
    return { entries, written };
  }

  async #addMissing(entries: readonly StoredEntry[]): Promise<void> {
    if (entries.length === 0) return this.#database.read(['device'], (transaction) => this.#mustStand(transaction));
    const rows = await Promise.all(
      entries.map(async (entry) => {
        const bytes = await this.#sealer.seal(entryPlace, entryOf(entry));
        return { seq: entry.seq, state: 'unsent', receivedAt: null, bytes, verdict: null } as const;
      }),
    );
    await this.#database.write(['outbox', 'device'], async (transaction) => {
      await this.#mustStand(transaction);
      const outbox = transaction.objectStore('outbox');
      const numbers = rows.map(({ seq }) => seq);
      const known = new Set(await outbox.getAllKeys(IDBKeyRange.bound(Math.min(...numbers), Math.max(...numbers))));
      await inOneGo(
        rows.filter(({ seq }) => !known.has(seq)),
        (row) => outbox.add(row),
      );
    });
  }

  /** Opens the store anew after the browser has dropped the connection. */
  reopen(): Promise<void> {
    // Not in turn: what hangs on the dead connection ends only when that is closed.
    this.#database.close();
    return this.#database.open().then(() => undefined);
  }

  /**
   * Writes a store whole where there is none: of a device that has just joined, or one that the browser has emptied.
   * Does nothing where it stands. Another tab sees either no store or all of it.
   */
  make({ facts, pages, entries }: StoredState): Promise<void> {
    return this.#inTurn(async () => {
      const factsBytes = await this.#sealer.seal(factsPlace, facts);
      const pageRows = await Promise.all(
        pages.map(async (page) => ({ bytes: await this.#sealer.seal(pagePlace, page) })),
      );
      const rows = await Promise.all(entries.map((entry) => this.#rowOf(entry)));
      // A revision that no other tab has reached by counting: what they know of the pages is not what stands here.
      const [chance] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [number];
      const revision = this.#revision + 1 + chance / 2 ** 32;
      await this.#database.write([...allStores], async (transaction) => {
        if (await this.#stands(transaction)) return;
        const { device, facts: factsStore, pages: pageStore, outbox } = storesOf(transaction);
        await device.put(this.#row);
        await factsStore.put({ id: 'facts', bytes: factsBytes, revision });
        await inOneGo(pageRows, (row) => pageStore.add(unnumbered<PageRow>(row)));
        await inOneGo(rows, (row) => outbox.put(row));
      });
    });
  }

  commit(commit: StorageCommit): Promise<void> {
    return this.#inTurn(async () => {
      const taken = takenAfter(this.#taken, commit);
      const facts = await this.#sealer.seal(factsPlace, { ...commit.facts, taken } satisfies SealedFacts);
      const page = commit.page && (await this.#sealer.seal(pagePlace, commit.page));
      const refused = commit.judged.flatMap(({ seq, state }) => (state.state === 'refused' ? [{ ...state, seq }] : []));
      const judged = await Promise.all(refused.map((one) => this.#refusal(one)));
      const change = { state: 'unsent', receivedAt: null, verdict: null } as const;
      const unsentAgain = commit.unsentAgain.map((seq) => ({ seq, change }));
      await this.#writeState(facts, async ({ pages, outbox }) => {
        if (commit.reset) await pages.clear();
        if (page) await pages.add(unnumbered<PageRow>({ bytes: page }));
        await changeEntries(outbox, [...judged, ...unsentAgain]);
        await inOneGo(commit.forget, (seq) => outbox.delete(seq));
      });
      this.#taken = taken;
    });
  }

  compact(pages: readonly StoredPage[]): Promise<void> {
    return this.#inTurn(async () => {
      const sealed = await Promise.all(pages.map((page) => this.#sealer.seal(pagePlace, page)));
      const written = this.#writeState(null, async ({ pages: store }) => {
        await store.clear();
        await inOneGo(sealed, (bytes) => store.add(unnumbered<PageRow>({ bytes })));
      });
      // Tidying up is left to the tab that has written since; it holds the newer state.
      await written.catch((error: unknown) => {
        if (!(error instanceof StorageMovedOn)) throw error;
      });
    });
  }

  acknowledgeRefusal(seq: number): Promise<void> {
    return this.#inTurn(async () => {
      const row = await this.#database.get('outbox', seq);
      if (row?.state !== 'refused' || row.verdict === null) return;
      const { code } = await this.#sealer.open<SealedVerdict>(verdictPlace(seq), row.verdict);
      const verdict = await this.#sealVerdict(seq, { code, read: true });
      await this.#database.write(['outbox'], ({ store }) => changeEntries(store, [{ seq, change: { verdict } }]));
    });
  }

  /** One transaction over everything, refused when another tab has written the state since this one has read it. */
  async #writeState(facts: Bytes | null, write: (stores: WritableStores) => Promise<void>): Promise<void> {
    const known = this.#revision;
    this.#revision = await this.#database.write([...allStores], async (transaction) => {
      await this.#mustStand(transaction);
      const stores = storesOf(transaction);
      const stands = await stores.facts.get('facts');
      if ((stands?.revision ?? 0) !== known) throw new StorageMovedOn();
      await write(stores);
      const bytes = facts ?? stands?.bytes;
      if (!bytes) return known;
      await stores.facts.put({ id: 'facts', bytes, revision: known + 1 });
      return known + 1;
    });
  }

  /** A store that was deleted is made anew, empty, by the next use of it; writing there would look like being saved. */
  async #mustStand(transaction: DeviceTransaction): Promise<void> {
    if (!(await this.#stands(transaction))) throw new StoreGone();
  }

  async #stands(transaction: DeviceTransaction): Promise<boolean> {
    const row = await transaction.objectStore('device').get('device');
    if (row && row.store !== this.#row.store) throw new StoreReplaced();
    return row !== undefined;
  }

  async #refusal({ seq, receivedAt, ...why }: Refused): Promise<EntryChange> {
    return { seq, change: { state: 'refused', receivedAt, verdict: await this.#sealVerdict(seq, why) } };
  }

  #sealVerdict(seq: number, { code, read }: SealedVerdict): Promise<Bytes> {
    return this.#sealer.seal(verdictPlace(seq), { code, read } satisfies SealedVerdict);
  }

  async #rowOf(entry: StoredEntry): Promise<OutboxRow> {
    const bytes = await this.#sealer.seal(entryPlace, entryOf(entry));
    const { seq, state } = entry;
    const receivedAt = entry.state === 'unsent' ? null : entry.receivedAt;
    const verdict = entry.state === 'refused' ? await this.#sealVerdict(seq, entry) : null;
    return { seq, state, receivedAt, bytes, verdict };
  }

  /** `takenAt`: when the centre has taken it, as far as that stands beside the facts. */
  async #openEntry(row: OutboxRow, takenAt: number | undefined): Promise<StoredEntry> {
    const entry = await this.#sealer.open<NewEntry>(entryPlace, row.bytes);
    const { seq } = row;
    const receivedAt = row.receivedAt ?? takenAt ?? 0;
    if (row.state === 'unsent' && takenAt !== undefined) return { ...entry, seq, state: 'received', receivedAt };
    if (row.state === 'unsent') return { ...entry, seq, state: 'unsent' };
    if (row.state === 'received') return { ...entry, seq, state: 'received', receivedAt };
    const verdict = row.verdict && (await this.#sealer.open<SealedVerdict>(verdictPlace(seq), row.verdict));
    return { ...entry, seq, state: 'refused', receivedAt, code: verdict?.code ?? 'held', read: verdict?.read ?? false };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** All are asked for together: a day's verdicts one after another would take a second. */
async function changeEntries(outbox: OutboxStore, changes: readonly EntryChange[]): Promise<void> {
  const rows = await Promise.all(changes.map(async ({ seq }) => outbox.get(seq)));
  const changed = rows.flatMap((row, at) => (row ? [{ ...row, ...changes[at]?.change }] : []));
  await inOneGo(changed, (row) => outbox.put(row));
}

function entryOf({ id, name, version, args, claimedAt, serverTime, sinceServer, offset, former }: NewEntry): NewEntry {
  const act = { id, name, version, args, claimedAt, serverTime, sinceServer, offset };
  return former ? { ...act, former } : act;
}
