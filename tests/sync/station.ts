import { dayOf } from '#engine/calendar.ts';
import type { PokeListener } from '#engine/client/server-port.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { exchange } from '#server/exchange/exchange.ts';
import type { StationStore } from '#server/exchange/store.ts';
import type { PlainPerson, PlainStation, PlainTaken } from './history.ts';
import { checkReferences, type Keeper } from './keeper.ts';
import { simulatedRegistry } from './kinds.ts';
import type { AskedExchange } from './network.ts';
import type { Profile } from './profile.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** Mistakes of the server that a test plants. */
export interface StationFlaws {
  /** Puts something between the exchange and its store. */
  readonly store?: (store: StationStore) => StationStore;
  /** Changes a request before it is looked at. */
  readonly request?: (request: ExchangeRequest) => ExchangeRequest;
  /** Takes somebody else, or somebody as they once were, for the person of a device. */
  readonly person?: (device: string, person: PlainPerson) => PlainPerson;
  /** Knows other declarations than the newest ones. */
  readonly registry?: Registry;
  /** Serves devices that were taken from their person. */
  readonly servesEverybody?: boolean;
}

export interface StationSetting {
  readonly keeper: Keeper;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly profile: Profile;
  readonly now: () => number;
  /** Whose device this is; null when it was taken from its person. */
  readonly personOf: (device: string) => PlainPerson | null;
  /** Whether the device belongs to anybody. */
  readonly admitted: (device: string) => boolean;
  readonly count: (fault: string) => void;
  /** Acts are about to be written down as lost on this device. */
  readonly onTold: (device: string, numbers: string, station: PlainStation) => void;
  readonly flaws: StationFlaws;
  /** Whether the server dies at this call, besides what chance wants. */
  readonly dies?: ((call: string) => boolean) | undefined;
}

export interface Moment {
  readonly station: PlainStation;
  readonly today: string;
  readonly viewer: PlainPerson;
  /** How often the server had been set back. */
  readonly restores: number;
  /** Whether the device belonged to anybody when it asked. */
  readonly admitted: boolean;
}

/** The server: the real exchange over a store, with everything it does cut into steps of the schedule. */
export class Station {
  readonly #moments = new Map<number, Moment>();
  readonly #listeners = new Set<PokeListener>();
  #exchanges = 0;
  #serving = 0;
  #restores = 0;
  #life = 0;

  constructor(readonly setting: StationSetting) {}

  /** Answers like the server's door; rejects with `NoAnswer` where the door would not answer at all. */
  async exchange(device: string, request: ExchangeRequest): Promise<AskedExchange> {
    const { random, profile, count, personOf, flaws } = this.setting;
    const viewer = personOf(device);
    if (!viewer) return { kind: 'sign-in' };
    if (random.chance(profile.busy)) {
      count('busy');
      return { kind: 'busy', retryAfterMs: random.below(30_000) };
    }
    if (request.queue.unsent > 0) count('splitOutbox');
    const before = this.setting.keeper.mark();
    this.#serving += 1;
    try {
      const answer = await this.#serve(device, viewer, flaws.request?.(request) ?? request);
      return { kind: 'answer', answer };
    } finally {
      this.#serving -= 1;
      if (this.setting.keeper.mark() !== before) this.#poke();
    }
  }

  /** The process is killed: whatever it was doing ends where it is. */
  async kill(): Promise<void> {
    this.#life += 1;
    for (const listener of [...this.#listeners]) listener.onEnd();
    this.#listeners.clear();
    await this.setting.keeper.kill();
  }

  /** Opens the line over which phones hear that something changed; returns how to close it. */
  listen(listener: PokeListener): () => void {
    if (this.setting.profile.pokes) this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  backup(): Promise<void> {
    return this.setting.keeper.backup();
  }

  /** Is killed and goes back to the backup; false when there is none. */
  async restore(): Promise<boolean> {
    await this.kill();
    // Whoever was served finds out at the next step, and no transaction of theirs stands.
    while (this.#serving > 0) await this.setting.schedule.step();
    if (!(await this.setting.keeper.restore())) return false;
    this.#restores += 1;
    return true;
  }

  /** How the station stood when it gave this answer. */
  momentOf(answer: ExchangeAnswer): Moment {
    const moment = this.#moments.get((answer as ExchangeAnswer & { exchangeNumber: number }).exchangeNumber);
    if (!moment) throw new Error('This answer was never given.');
    return moment;
  }

  mark(): string {
    return this.setting.keeper.mark();
  }

  plain(): PlainStation {
    return this.setting.keeper.plain();
  }

  review(): Promise<readonly PlainTaken[]> {
    return this.setting.keeper.review();
  }

  async #serve(device: string, viewer: PlainPerson, request: ExchangeRequest): Promise<ExchangeAnswer> {
    const { now, flaws, keeper, schedule, random, profile, count } = this.setting;
    this.#exchanges += 1;
    const number = this.#exchanges;
    const admitted = this.setting.admitted(device);
    const stepped = keeper.stepped({
      schedule,
      exchange: number,
      dies: (call) => random.chance(profile.serverFails) || (this.setting.dies?.(call) ?? false),
      life: () => this.#life,
      onPull: () => this.#moments.set(number, this.#moment(viewer, admitted)),
      check: checkReferences,
      count,
      onTold: (lostOn, numbers) => this.setting.onTold(lostOn, numbers, this.plain()),
    });
    const store = flaws.store?.(stepped) ?? stepped;
    const person = flaws.person?.(device, viewer) ?? viewer;
    const session = { device, identity: { station: keeper.station, ...person } };
    const declared = flaws.registry ?? simulatedRegistry;
    // Fewer rows in one answer than a real one has, so that answers come in pages.
    const { pageSize } = profile;
    const answer = await exchange(store, declared, { now }, session, request, () => undefined, pageSize);
    // The number lets the world find the moment again; a phone ignores what it does not know.
    return { ...answer, exchangeNumber: number } as ExchangeAnswer;
  }

  #moment(viewer: PlainPerson, admitted: boolean): Moment {
    const today = dayOf(this.setting.now());
    return { station: this.plain(), today, viewer, admitted, restores: this.#restores };
  }

  #poke(): void {
    for (const listener of this.#listeners) {
      void this.setting.schedule.wait('network', 'poke').then(() => {
        if (this.#listeners.has(listener)) listener.onPoke();
      });
    }
  }
}
