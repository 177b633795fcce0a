import { MemoryStore } from '#server/exchange/memory-store.ts';
import { StoreRefused, type JudgedAct, type StationStore } from '#server/exchange/store.ts';
import type { PlainRow, PlainStation, PlainTaken } from './history.ts';
import { references, simulatedRegistry } from './kinds.ts';
import { SteppedStore, type Stepping } from './stepped-store.ts';

/** Where the station of a simulation is kept, and what a simulation needs of that besides the exchange. */
export interface Keeper {
  /** The station's id. */
  readonly station: string;
  /** The store as several processes of a server meet it, each call a step of the schedule. */
  stepped(stepping: Stepping): StationStore;
  /** Changes whenever anything was written. */
  mark(): string;
  /** Everything in it as it was last committed. */
  plain(): PlainStation;
  /** Refused acts as the office finds them. */
  review(): Promise<readonly PlainTaken[]>;
  /** What in the store does not fit the rest of it, in words. */
  doubts(): Promise<readonly string[]>;
  /** The server's process is gone, with all it had open. */
  kill(): Promise<void>;
  backup(): Promise<void>;
  /** Goes back to the backup with a new epoch; false when there is none. */
  restore(): Promise<boolean>;
  end(): Promise<void>;
}

/** A station in memory. */
export class MemoryKeeper implements Keeper {
  readonly station = 'station';
  readonly #store = new MemoryStore(simulatedRegistry);
  #backup: unknown = null;
  #restores = 0;
  #plain: { readonly key: string; readonly station: PlainStation } | null = null;

  stepped(stepping: Stepping): StationStore {
    return new SteppedStore(this.#store, stepping);
  }

  mark(): string {
    return `${this.#restores}/${this.#store.version}/${this.#store.acts.length}`;
  }

  plain(): PlainStation {
    const key = this.mark();
    if (this.#plain?.key !== key) this.#plain = { key, station: this.#read() };
    return this.#plain.station;
  }

  async review(): Promise<readonly PlainTaken[]> {
    return this.#store.reviews.map(takenOf);
  }

  async doubts(): Promise<readonly string[]> {
    return [];
  }

  async kill(): Promise<void> {}

  async backup(): Promise<void> {
    this.#backup = this.#store.backup();
  }

  async restore(): Promise<boolean> {
    if (this.#backup === null) return false;
    this.#restores += 1;
    this.#store.restore(this.#backup, `epoch ${this.#restores}`);
    return true;
  }

  async end(): Promise<void> {}

  #read(): PlainStation {
    const rows: Record<string, PlainRow[]> = {};
    for (const { name } of simulatedRegistry.kinds) rows[name] = this.#store.rowsOf(name).map(({ row }) => row);
    return { rows, taken: this.#store.acts.map(takenOf) };
  }
}

function takenOf(one: JudgedAct): PlainTaken {
  const { seq, id, name, args } = one.act;
  return { device: one.device, seq, id, name, args, person: one.person, verdict: one.verdict };
}

/** The foreign keys that PostgreSQL checks when a batch is written. Throws `StoreRefused`. */
export const checkReferences: Stepping['check'] = async (batch, load) => {
  const written = new Map(batch.rows.map(({ kind, id, row }) => [`${kind}/${id}`, row]));
  const wanted = batch.rows
    .flatMap(({ kind, row }) =>
      (references[kind] ?? []).flatMap(([field, other]) => {
        const id = row?.[field];
        return typeof id === 'string' ? [{ kind: other, id }] : [];
      }),
    )
    .filter(({ kind, id }) => !written.get(`${kind}/${id}`));
  if (wanted.length === 0) return;
  const gone = wanted.find(({ kind, id }) => written.get(`${kind}/${id}`) === null);
  const there = new Set((await load({ rows: wanted, sets: [] })).map(({ kind, row }) => `${kind}/${row.id}`));
  const missing = gone ?? wanted.find(({ kind, id }) => !there.has(`${kind}/${id}`));
  if (missing) throw new StoreRefused(`${missing.kind} ${missing.id} is not there.`);
};
