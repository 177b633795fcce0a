import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import type { Viewer } from '#engine/scope.ts';
import type {
  ChangePlace,
  DeviceState,
  Difference,
  Glance,
  LoadedRow,
  NewDeviceState,
  StationClock,
  StationStore,
  StationTransaction,
  TakenAct,
  Wanted,
  WholeChange,
  WriteBatch,
} from '#server/exchange/store.ts';
import type { Suspects } from '#server/exchange/suspects.ts';
import { lockHead, type StationHead } from './audit.ts';
import type { Sql, TransactionSql } from './connect.ts';
import { storeError } from './errors.ts';
import { inStation } from './in-station.ts';
import { KindSql } from './kind-sql.ts';
import { readDifference } from './difference.ts';
import * as pull from './pull-statements.ts';
import * as push from './push-statements.ts';
import { readChanges } from './whole-statements.ts';

/** What only the server does when acts were applied, in the same transaction; see `ServerEffects`. */
export type AfterWrite = (tx: TransactionSql, station: string, batch: WriteBatch) => Promise<void>;

/** Stations in PostgreSQL. Keeps nothing itself: several processes may work on one database. */
export class PostgresStore implements StationStore {
  readonly #statements = new Map<string, KindSql>();

  constructor(
    readonly sql: Sql,
    readonly registry: Registry,
    readonly afterWrite?: AfterWrite,
  ) {
    for (const kind of registry.kinds) this.#statements.set(kind.name, new KindSql(kind));
  }

  async transaction<T>(
    station: string,
    mode: 'push' | 'pull',
    work: (tx: StationTransaction) => Promise<T>,
  ): Promise<T> {
    try {
      return await inStation(this.sql, station, (tx) => work(new PostgresTransaction(tx, station, this)), {
        oneMoment: mode === 'pull',
      });
    } catch (error) {
      throw storeError(error);
    }
  }

  async glance(station: string, device: string): Promise<Glance> {
    return pull.readGlance(this.sql, station, device);
  }

  /** Statements of a kind; throws for a name that is not declared. */
  readonly statements = (kind: string): KindSql => {
    const found = this.#statements.get(kind);
    if (!found) throw new Error(`No kind is called "${kind}".`);
    return found;
  };
}

class PostgresTransaction implements StationTransaction {
  /** The station's row as it was when the counter was taken, until something is written. */
  #head: StationHead | null = null;

  constructor(
    readonly tx: TransactionSql,
    readonly station: string,
    readonly store: PostgresStore,
  ) {}

  clock(): Promise<StationClock> {
    return push.readClock(this.tx, this.station);
  }

  async lockClock(): Promise<StationClock> {
    this.#head = await lockHead(this.tx, this.station);
    return this.#head;
  }

  taken(device: string, acts: readonly { seq: number; id: string }[]): Promise<readonly TakenAct[]> {
    return push.takenActs(this.tx, this.station, device, acts);
  }

  lastSeq(device: string): Promise<number> {
    return push.lastSeq(this.tx, this.station, device);
  }

  refusedActs(device: string, ids: readonly string[]): Promise<readonly string[]> {
    return push.refusedActs(this.tx, this.station, device, ids);
  }

  load(wanted: Wanted): Promise<readonly LoadedRow[]> {
    return push.loadRows(this.tx, this.station, this.store.statements, wanted);
  }

  async write(batch: WriteBatch): Promise<void> {
    const head = this.#head ?? (await lockHead(this.tx, this.station));
    this.#head = null;
    await push.writeBatch(this.tx, this.station, this.store.statements, batch, head);
    await this.store.afterWrite?.(this.tx, this.station, batch);
  }

  device(device: string): Promise<DeviceState> {
    return pull.readDevice(this.tx, this.station, device);
  }

  saveDevice(device: string, state: NewDeviceState): Promise<void> {
    return pull.saveDevice(this.tx, this.station, device, state);
  }

  confirm(device: string, number: number): Promise<void> {
    return pull.confirmPull(this.tx, this.station, device, number);
  }

  forget(device: string): Promise<void> {
    return pull.forgetDevice(this.tx, this.station, device);
  }

  difference(
    device: string,
    viewer: Viewer,
    kinds: readonly AnyKind[],
    limit: number,
    suspects: Suspects | null,
  ): Promise<Difference> {
    const { registry, statements } = this.store;
    const { tx, station } = this;
    return readDifference({ tx, station, registry, statements }, { device, viewer, kinds, limit, suspects });
  }

  changes(kind: string, after: ChangePlace, goneAfter: number, limit: number): Promise<readonly WholeChange[]> {
    return readChanges(this.tx, this.station, this.store.statements(kind), after, goneAfter, limit);
  }

  remember(device: string, number: number, difference: Difference): Promise<number> {
    return pull.rememberPull(this.tx, this.station, device, number, difference);
  }

  checksum(device: string): Promise<number> {
    return pull.sumOfDevice(this.tx, this.station, device);
  }
}
