import type { Row } from '#engine/kind.ts';
import type { StationStore } from '#server/exchange/store.ts';
import { brokenAuditEntry } from '#server/postgres/audit.ts';
import type { TransactionSql } from '#server/postgres/connect.ts';
import { KindSql } from '#server/postgres/kind-sql.ts';
import type { PlainRow, PlainStation, PlainTaken } from './history.ts';
import type { Keeper } from './keeper.ts';
import { simulatedRegistry } from './kinds.ts';
import { text } from './plain-text.ts';
import { station, type GroundOptions, type PostgresGround } from './postgres-ground.ts';
import type { Stepping } from './stepped-store.ts';
import { SteppedPostgres } from './stepped-postgres.ts';

const kinds = simulatedRegistry.kinds.map((kind) => new KindSql(kind));

/** A station in PostgreSQL, for one run. What it shows was read from the tables after the last commit. */
export class PostgresKeeper implements Keeper {
  readonly station = station;
  #plain: PlainStation = { rows: {}, taken: [] };
  #reads = 0;
  /** Number of the newest entry of the audit that was read. */
  #lastEntry = 0;
  #hasBackup = false;
  #restores = 0;

  private constructor(readonly ground: PostgresGround) {}

  static async begin(ground: PostgresGround, seed: string, options: GroundOptions = {}): Promise<PostgresKeeper> {
    await ground.begin(seed, options);
    const keeper = new PostgresKeeper(ground);
    await keeper.#read();
    return keeper;
  }

  stepped(stepping: Stepping): StationStore {
    return new SteppedPostgres(this.ground, stepping, (written) => this.#read(written));
  }

  mark(): string {
    return `${this.#restores}/${this.#reads}`;
  }

  plain(): PlainStation {
    return this.#plain;
  }

  async review(): Promise<readonly PlainTaken[]> {
    return this.ground.admin<PlainTaken[]>`
      select device_id as device, seq, act_id as id, name, args, person_id as person, 'refused' as verdict
      from review order by device_id, seq, act_id`;
  }

  kill(): Promise<void> {
    return this.ground.kill();
  }

  async backup(): Promise<void> {
    await this.ground.backup();
    this.#hasBackup = true;
  }

  async restore(): Promise<boolean> {
    if (!this.#hasBackup) return false;
    this.#restores += 1;
    await this.ground.restore(`epoch ${this.#restores}`);
    this.#lastEntry = 0;
    this.#plain = { rows: {}, taken: [] };
    await this.#read();
    return true;
  }

  async end(): Promise<void> {}

  async #read(written?: ReadonlySet<string>): Promise<void> {
    const before = this.#plain;
    const [rows, taken] = await Promise.all([this.#rows(before, written), this.#takenSince(this.#lastEntry)]);
    this.#lastEntry = Math.max(this.#lastEntry, ...taken.map(({ entry }) => entry ?? 0));
    const known = new Set(before.taken.map(({ id }) => id));
    const fresh = taken.filter(({ entry, id }) => entry !== null || !known.has(id));
    this.#plain = { rows, taken: [...before.taken, ...fresh.map(withoutEntry)] };
    this.#reads += 1;
  }

  /** The records as they stand. One that is as it was before stays the same object: what is known of it is known. */
  async #rows(before: PlainStation, written?: ReadonlySet<string>): Promise<Record<string, readonly PlainRow[]>> {
    const asked = kinds.filter(({ kind }) => written?.has(kind.name) ?? true);
    const found = await Promise.all(
      asked.map((own) =>
        this.ground.admin.unsafe(`select ${own.select} from ${own.table} t order by id collate "C"`, [], {
          prepare: true,
        }),
      ),
    );
    const rows: Record<string, readonly PlainRow[]> = { ...before.rows };
    for (const [at, own] of asked.entries()) {
      const known = new Map((before.rows[own.kind.name] ?? []).map((row) => [row.id, row]));
      rows[own.kind.name] = (found[at] ?? []).map((one) => asKnown(own.fromRow(one).row, known));
    }
    return rows;
  }

  /** In the order of the audit, which is that of the judgements; what is in no audit, in the end and every time. */
  #takenSince(entry: number): Promise<readonly Entry[]> {
    return this.ground.admin<Entry[]>`
      select u.number as entry, a.device_id as device, a.seq, a.act_id as id, a.name, a.args, a.person_id as person,
        a.verdict
      from act a left join audit u on u.details->>'act' = a.act_id and u.device_id = a.device_id
      where u.number is null or u.number > ${entry} order by u.number, a.device_id, a.seq`;
  }

  async doubts(): Promise<readonly string[]> {
    const { admin } = this.ground;
    const [rows, acts] = await Promise.all([this.#rows({ rows: {}, taken: [] }), this.#takenSince(0)]);
    const whole: PlainStation = { rows, taken: acts.map(withoutEntry) };
    const broken = await admin.begin((tx) => brokenAuditEntry(tx as TransactionSql, station));
    return [
      ...(text(whole) === text(this.#plain) ? [] : ['something changed without a commit of the exchange']),
      ...acts.filter(({ entry }) => entry === null).map(({ device, seq }) => `act ${seq} of ${device} is in no audit`),
      ...(broken === null ? [] : [`the audit does not follow at entry ${broken}`]),
    ];
  }
}

interface Entry extends PlainTaken {
  /** Number in the audit. */
  readonly entry: number | null;
}

function withoutEntry(entry: Entry): PlainTaken {
  const { entry: _, ...one } = entry;
  return one;
}

function asKnown(row: Row, known: ReadonlyMap<string, PlainRow>): PlainRow {
  const before = known.get(row.id);
  const isSame = before && Object.entries(row).every(([field, value]) => before[field] === value);
  return isSame ? before : row;
}
