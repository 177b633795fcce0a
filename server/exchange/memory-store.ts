import { addHash, entryHash, takeHash } from '#engine/checksum.ts';
import type { AnyKind, Row } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { rulesFor, type Viewer } from '#engine/scope.ts';
import { visibleIds } from '#engine/visible.ts';
import type {
  ChangePlace,
  DeviceContact,
  DeviceState,
  Difference,
  Glance,
  JudgedAct,
  LoadedRow,
  NewDeviceState,
  StationClock,
  StationStore,
  StationTransaction,
  TakenAct,
  Wanted,
  WholeChange,
  WriteBatch,
} from './store.ts';
import { Race } from './store.ts';
import { followsId, type Suspects } from './suspects.ts';

interface Holding {
  readonly kind: string;
  readonly id: string;
  /** 0 when the device may hold the record in a version nobody knows. */
  readonly version: number;
  readonly pull: number;
  readonly removed: boolean;
}

interface MemoryState {
  version: number;
  kinds: Record<string, number>;
  sums: Record<string, number>;
  /** Version in which a record was taken away, by kind and id. */
  gone: Map<string, Map<string, number>>;
  rows: Map<string, Map<string, LoadedRow>>;
  acts: JudgedAct[];
  reviews: JudgedAct[];
  devices: Map<string, DeviceState>;
  holdings: Map<string, Map<string, Holding>>;
  /** Maps of this draft that belong to it alone. */
  changed: Set<object>;
}

const newDevice: DeviceState = { lastPull: 0, resetPull: 0, complete: false, checksum: null, contact: null };

/** One station in memory, for the simulation and for tests. Transactions run one after the other, whole or not at all. */
export class MemoryStore implements StationStore {
  #state: MemoryState;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly registry: Registry,
    public epoch = 'epoch-1',
  ) {
    const rows = new Map(registry.kinds.map(({ name }) => [name, new Map<string, LoadedRow>()]));
    const gone = new Map(registry.kinds.map(({ name }) => [name, new Map<string, number>()]));
    const empty = { acts: [], reviews: [], devices: new Map(), holdings: new Map(), changed: new Set<object>() };
    this.#state = { version: 0, kinds: {}, sums: {}, rows, gone, ...empty };
  }

  transaction<T>(_station: string, _mode: 'push' | 'pull', work: (tx: StationTransaction) => Promise<T>): Promise<T> {
    const run = this.#turn.then(async () => {
      const draft = draftOf(this.#state);
      const result = await work(new MemoryTransaction(this.registry, draft, this.epoch));
      this.#state = draft;
      return result;
    });
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async glance(_station: string, device: string): Promise<Glance> {
    return { clock: clockOf(this.#state, this.epoch), device: this.#state.devices.get(device) ?? null };
  }

  /** Records of a kind in the order of their ids, with the version each was last changed in. */
  rowsOf(kind: string): readonly LoadedRow[] {
    return [...(this.#state.rows.get(kind)?.values() ?? [])].sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  }

  /** Every act taken, with its verdict, in the order taken. */
  get acts(): readonly JudgedAct[] {
    return this.#state.acts;
  }

  /** Refused acts as the office finds them. */
  get reviews(): readonly JudgedAct[] {
    return this.#state.reviews;
  }

  get version(): number {
    return this.#state.version;
  }

  /** Puts records in place without an act, as a change made in the office would: they carry the next version. */
  put(kind: string, rows: readonly Row[]): void {
    this.#change(rows.map((row) => ({ kind, id: row.id, row })));
  }

  /** Takes records away without an act. */
  take(kind: string, ids: readonly string[]): void {
    this.#change(ids.map((id) => ({ kind, id, row: null })));
  }

  #change(rows: WriteBatch['rows']): void {
    const draft = draftOf(this.#state);
    writeRows(draft, draft.version + 1, rows);
    this.#state = draft;
  }

  /** What a backup made now would hold. */
  backup(): unknown {
    return this.#state;
  }

  /** Goes back to a backup; the epoch tells every device. */
  restore(backup: unknown, epoch: string): void {
    this.#state = backup as MemoryState;
    this.epoch = epoch;
  }
}

/** A state that may be changed through `changeable` and by putting new lists in place; the one it came from stays. */
function draftOf(state: MemoryState): MemoryState {
  return {
    ...state,
    kinds: { ...state.kinds },
    sums: { ...state.sums },
    rows: new Map(state.rows),
    gone: new Map(state.gone),
    devices: new Map(state.devices),
    holdings: new Map(state.holdings),
    changed: new Set(),
  };
}

/** One of several maps, copied when the draft changes it for the first time: most transactions change few. */
function changeable<V>(draft: MemoryState, maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const map = maps.get(key);
  if (map && draft.changed.has(map)) return map;
  const copy = new Map(map);
  maps.set(key, copy);
  draft.changed.add(copy);
  return copy;
}

function writeRows(state: MemoryState, version: number, rows: WriteBatch['rows']): void {
  for (const { kind, id, row } of rows) {
    const table = changeable(state, state.rows, kind);
    const gone = changeable(state, state.gone, kind);
    const before = table.get(id);
    let sum = state.sums[kind] ?? 0;
    if (before) sum = takeHash(sum, entryHash(kind, id, before.version));
    if (row !== null) sum = addHash(sum, entryHash(kind, id, version));
    state.sums[kind] = sum;
    if (row === null) table.delete(id);
    else table.set(id, { kind, version, row });
    if (row === null) gone.set(id, version);
    else gone.delete(id);
    state.kinds[kind] = version;
  }
  if (rows.length > 0) state.version = version;
}

function clockOf({ version, kinds, sums }: MemoryState, epoch: string): StationClock {
  return { version, kinds: { ...kinds }, sums: { ...sums }, epoch };
}

class MemoryTransaction implements StationTransaction {
  constructor(
    readonly registry: Registry,
    readonly state: MemoryState,
    readonly epoch: string,
  ) {}

  async clock(): Promise<StationClock> {
    return clockOf(this.state, this.epoch);
  }

  lockClock(): Promise<StationClock> {
    return this.clock();
  }

  async taken(device: string, acts: readonly { seq: number; id: string }[]): Promise<readonly TakenAct[]> {
    const seqs = new Set(acts.map(({ seq }) => seq));
    const ids = new Set(acts.map(({ id }) => id));
    return this.state.acts
      .filter((one) => ids.has(one.act.id) || (one.device === device && seqs.has(one.act.seq)))
      .map(({ act, content, verdict, code, ...one }) => ({
        device: one.device,
        person: one.person,
        seq: act.seq,
        id: act.id,
        content,
        verdict,
        code,
      }));
  }

  async lastSeq(device: string): Promise<number> {
    return this.state.acts.reduce((last, one) => (one.device === device ? Math.max(last, one.act.seq) : last), 0);
  }

  async refusedActs(device: string, ids: readonly string[]): Promise<readonly string[]> {
    const refused = this.state.acts.filter((one) => one.device === device && one.verdict === 'refused');
    return refused.map(({ act }) => act.id).filter((id) => ids.includes(id));
  }

  async load(wanted: Wanted): Promise<readonly LoadedRow[]> {
    const byId = wanted.rows.flatMap(({ kind, id }) => this.#table(kind).get(id) ?? []);
    const bySet = wanted.sets.flatMap(({ kind, equal }) =>
      [...this.#table(kind).values()].filter(({ row }) =>
        Object.entries(equal).every(([field, value]) => row[field] === value),
      ),
    );
    return [...new Set([...byId, ...bySet])];
  }

  async write(batch: WriteBatch): Promise<void> {
    // The keys of a database: a batch that only refused moves no version, so nothing else tells that it was here.
    for (const { device, act } of batch.acts)
      if (this.state.acts.some((one) => one.act.id === act.id || (one.device === device && one.act.seq === act.seq)))
        throw new Race(`Act ${act.seq} of ${device} has just been taken.`);
    writeRows(this.state, batch.version, batch.rows);
    const refused = batch.acts.filter(({ verdict }) => verdict === 'refused');
    this.state.acts = [...this.state.acts, ...batch.acts];
    this.state.reviews = [...this.state.reviews, ...refused, ...batch.clashes];
    if (batch.contact) await this.#saveContact(batch.contact.device, batch.contact.facts);
  }

  async device(device: string): Promise<DeviceState> {
    return this.state.devices.get(device) ?? newDevice;
  }

  async saveDevice(device: string, state: NewDeviceState): Promise<void> {
    const { contact } = await this.device(device);
    this.state.devices.set(device, { ...state, contact });
  }

  async confirm(device: string, pull: number): Promise<void> {
    const held = changeable(this.state, this.state.holdings, device);
    for (const [name, holding] of held) {
      if (holding.pull > pull) held.set(name, { ...holding, version: 0, pull, removed: false });
      else if (holding.removed) held.delete(name);
    }
  }

  async forget(device: string): Promise<void> {
    changeable(this.state, this.state.holdings, device).clear();
  }

  async difference(
    device: string,
    viewer: Viewer,
    kinds: readonly AnyKind[],
    limit: number,
    suspects: Suspects | null,
  ): Promise<Difference> {
    const held = this.#held(device);
    const seen = visibleIds(this.registry, viewer, (kind) => [...this.#table(kind).values()].map(({ row }) => row));
    const isAsked = suspects ? this.#isSuspect(suspects, viewer) : () => true;
    const removed = [...held.values()]
      .filter(({ kind, id, removed }) => !removed && !seen.get(kind)?.has(id) && isAsked(kind, id))
      .map(({ kind, id }) => ({ kind, id }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const rows: LoadedRow[] = [];
    for (const { name } of kinds) {
      const ids = [...(seen.get(name) ?? [])].filter((id) => isAsked(name, id)).sort();
      for (const one of ids.map((id) => this.#table(name).get(id) as LoadedRow)) {
        const holding = held.get(keyOf(name, one.row.id));
        if (holding === undefined || holding.removed || holding.version !== one.version) rows.push(one);
      }
    }
    const room = Math.max(0, limit - removed.length);
    return {
      removed: removed.slice(0, limit),
      rows: rows.slice(0, room),
      more: removed.length > limit || rows.length > room,
    };
  }

  async changes(kind: string, after: ChangePlace, goneAfter: number, limit: number): Promise<readonly WholeChange[]> {
    const rows = [...this.#table(kind).values()].map(({ row, version }) => ({ kind, id: row.id, version, row }));
    const gone = [...(this.state.gone.get(kind) ?? [])].map(([id, version]) => ({ kind, id, version, row: null }));
    return [...rows, ...gone.filter(({ version }) => version > goneAfter)]
      .filter(({ version, id }) => version > after.version || (version === after.version && id > after.id))
      .sort((a, b) => a.version - b.version || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  async remember(device: string, pull: number, difference: Difference): Promise<number> {
    const held = changeable(this.state, this.state.holdings, device);
    const names = [...difference.removed, ...difference.rows.map(({ kind, row }) => ({ kind, id: row.id }))];
    const before = sumOver(names.flatMap(({ kind, id }) => held.get(keyOf(kind, id)) ?? []));
    for (const { kind, id } of difference.removed)
      held.set(keyOf(kind, id), { kind, id, version: 0, pull, removed: true });
    for (const { kind, version, row } of difference.rows)
      held.set(keyOf(kind, row.id), { kind, id: row.id, version, pull, removed: false });
    return before;
  }

  async checksum(device: string): Promise<number> {
    return sumOver([...this.#held(device).values()]);
  }

  async #saveContact(device: string, contact: DeviceContact): Promise<void> {
    this.state.devices.set(device, { ...(await this.device(device)), contact });
  }

  /** Whether a record is among those that can have come or gone; by kind, in the order in which kinds lean on another. */
  #isSuspect({ since, kinds }: Suspects, viewer: Viewer): (kind: string, id: string) => boolean {
    const written = new Map<string, Set<string>>();
    for (const { name, sees } of this.registry.kinds.filter((kind) => kinds.get(kind.name) === 'written')) {
      const rules = rulesFor(sees, viewer).filter(followsId);
      const rows = [...this.#table(name).values()].filter(
        ({ version, row }) =>
          version > since || rules.some(({ kind, own }) => written.get(kind)?.has(row[own] as string)),
      );
      const gone = [...(this.state.gone.get(name) ?? [])].filter(([, version]) => version > since);
      written.set(name, new Set([...rows.map(({ row }) => row.id), ...gone.map(([id]) => id)]));
    }
    return (kind, id) => kinds.get(kind) === 'all' || (written.get(kind)?.has(id) ?? false);
  }

  #table(kind: string): Map<string, LoadedRow> {
    const table = this.state.rows.get(kind);
    if (!table) throw new Error(`No kind is called "${kind}".`);
    return table;
  }

  #held(device: string): Map<string, Holding> {
    return this.state.holdings.get(device) ?? new Map<string, Holding>();
  }
}

function sumOver(holdings: readonly Holding[]): number {
  return holdings
    .filter(({ removed, version }) => !removed && version > 0)
    .reduce((sum, { kind, id, version }) => addHash(sum, entryHash(kind, id, version)), 0);
}

function keyOf(kind: string, id: string): string {
  return `${kind}\u0000${id}`;
}
