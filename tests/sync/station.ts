import { dayOf } from '#engine/calendar.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { MemoryStore } from '#server/exchange/memory-store.ts';
import type { StationStore } from '#server/exchange/store.ts';
import type { PlainPerson, PlainRow, PlainStation, PlainTaken } from './history.ts';
import { simulatedRegistry } from './kinds.ts';
import type { Profile } from './profile.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import { SteppedStore } from './stepped-store.ts';

/** Mistakes of the server that a test plants. */
export interface StationFlaws {
  /** Puts something between the exchange and its store. */
  readonly store?: (store: StationStore) => StationStore;
  /** Changes an answer on its way out. */
  readonly answer?: (answer: ExchangeAnswer, request: ExchangeRequest) => ExchangeAnswer;
}

export interface StationSetting {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly profile: Profile;
  readonly now: () => number;
  readonly personOf: (device: string) => PlainPerson;
  readonly count: (fault: string) => void;
  readonly flaws: StationFlaws;
}

export interface Moment {
  readonly station: PlainStation;
  readonly today: string;
  readonly viewer: PlainPerson;
  /** How often the server had been set back. */
  readonly restores: number;
}

const station = 'station';

/** The server: the real exchange over its memory store, with everything it does cut into steps of the schedule. */
export class Station {
  readonly #store = new MemoryStore(simulatedRegistry);
  readonly #moments = new Map<number, Moment>();
  #exchanges = 0;
  #serving = 0;
  #restores = 0;
  #backup: unknown = null;
  #plain: { key: string; station: PlainStation } | null = null;

  constructor(readonly setting: StationSetting) {}

  /** Answers like the server's door; rejects with `NoAnswer` where the door would answer 5xx. */
  async exchange(device: string, request: ExchangeRequest): Promise<ExchangeAnswer> {
    this.#serving += 1;
    try {
      return await this.#serve(device, request);
    } finally {
      this.#serving -= 1;
    }
  }

  /** Makes a backup, the one a later restore goes back to. */
  backup(): void {
    this.#backup = this.#store.backup();
  }

  /** Goes back to the backup; false when there is none, or when somebody is being served. */
  restore(): boolean {
    if (this.#backup === null || this.#serving > 0) return false;
    this.#restores += 1;
    this.#store.restore(this.#backup, `epoch ${this.#restores}`);
    this.#plain = null;
    return true;
  }

  async #serve(device: string, request: ExchangeRequest): Promise<ExchangeAnswer> {
    const { now, personOf, flaws } = this.setting;
    const viewer = personOf(device);
    this.#exchanges += 1;
    const number = this.#exchanges;
    const stepped = new SteppedStore(this.#store, {
      wait: (call) => this.setting.schedule.wait('server', call),
      dies: () => this.setting.random.chance(this.setting.profile.serverFails),
      onPull: () => this.#moments.set(number, this.#moment(viewer)),
    });
    const store = flaws.store?.(stepped) ?? stepped;
    const session = { device, identity: { station, ...viewer } };
    const report = (error: unknown): never => {
      throw error;
    };
    // Fewer rows in one answer than a real one has, so that answers come in pages.
    const { pageSize } = this.setting.profile;
    const answer = await exchange(store, simulatedRegistry, { now }, session, request, report, pageSize);
    // The number lets the world find the moment again; a phone ignores what it does not know.
    return { ...(flaws.answer?.(answer, request) ?? answer), exchangeNumber: number } as ExchangeAnswer;
  }

  #moment(viewer: PlainPerson): Moment {
    return { station: this.plain(), today: dayOf(this.setting.now()), viewer, restores: this.#restores };
  }

  /** How the station stood when it gave this answer. */
  momentOf(answer: ExchangeAnswer): Moment {
    const moment = this.#moments.get((answer as ExchangeAnswer & { exchangeNumber: number }).exchangeNumber);
    if (!moment) throw new Error('This answer was never given.');
    return moment;
  }

  /** Changes whenever anything was written. */
  mark(): string {
    return `${this.#restores}/${this.#store.version}/${this.#store.acts.length}`;
  }

  plain(): PlainStation {
    const key = this.mark();
    if (this.#plain?.key !== key) this.#plain = { key, station: this.#read() };
    return this.#plain.station;
  }

  /** Refused acts as the office finds them. */
  review(): PlainTaken[] {
    return this.#store.reviews.map(takenOf);
  }

  #read(): PlainStation {
    const rows: Record<string, PlainRow[]> = {};
    for (const { name } of simulatedRegistry.kinds) rows[name] = this.#store.rowsOf(name).map(({ row }) => row);
    return { rows, taken: this.#store.acts.map(takenOf) };
  }
}

function takenOf(one: MemoryStore['acts'][number]): PlainTaken {
  const { seq, id, name, args } = one.act;
  return { device: one.device, seq, id, name, args, person: one.person, verdict: one.verdict };
}
