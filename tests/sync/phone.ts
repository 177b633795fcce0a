import { exchangesPerRound } from '#engine/limits.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import type { AnyMutation } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { Replica } from '#engine/replica.ts';
import type { Disk } from './disk.ts';
import { NoAnswer, type Network } from './network.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** The time of the world; nobody in it sees it but the server. */
export interface TrueTime {
  now(): number;
}

/** What happens on a phone that the world wants to know of. */
export interface PhoneEvents {
  saved(phone: Phone, seq: number): void;
  shown(phone: Phone): void;
  emptied(phone: Phone): void;
  died(phone: Phone): void;
  filled(phone: Phone, answer: ExchangeAnswer): void;
  failed(phone: Phone, what: string): void;
}

/** Faults of the phone's own code that a test plants; each stands for one mistake of a client. */
export interface PhoneFlaws {
  /** Does not compare the sums. */
  readonly trusting?: boolean;
  /** Changes a request on its way out. */
  readonly request?: (request: ExchangeRequest) => ExchangeRequest;
  /** Runs when an exchange got no answer. */
  readonly onNoAnswer?: (phone: Phone, request: ExchangeRequest) => void;
  /** Runs after an answer was taken. */
  readonly onTaken?: (phone: Phone) => void;
}

/** One phone: a disk that stays, and a process of the app over it that may die at any moment. */
export class Phone {
  replica: Replica | null = null;
  /** Wall clock minus true time (ms). */
  skew: number;
  exchanging = false;
  #life = 0;
  #startedAt = 0;

  constructor(
    readonly name: string,
    readonly registry: Registry,
    readonly disk: Disk,
    readonly schedule: Schedule,
    readonly network: Network,
    readonly random: Random,
    readonly time: TrueTime,
    readonly events: PhoneEvents,
    readonly flaws: PhoneFlaws = {},
  ) {
    this.skew = random.between(-400 * 86_400, 400 * 86_400) * 1000;
  }

  /** The process that runs now. */
  get owner(): string {
    return `${this.name}.${this.#life}`;
  }

  /** Starts the app: a new process over the same disk. */
  async start(): Promise<void> {
    this.#life += 1;
    this.#startedAt = this.time.now() - this.random.below(1_000_000);
    this.exchanging = false;
    const tools = {
      wallClock: () => this.time.now() + this.skew,
      monotonic: () => this.time.now() - this.#startedAt,
      newId: () => this.#newId(),
    };
    try {
      const replica = await Replica.open(this.registry, this.name, this.disk.session(this.owner), tools);
      this.replica = replica;
      replica.onChange(() => this.events.shown(this));
      this.events.shown(this);
    } catch (error) {
      this.events.failed(this, String(error));
    }
  }

  /** The process is gone, whatever it was doing; the disk stays as it is. */
  die(): void {
    this.events.died(this);
    this.schedule.kill(this.owner);
    this.#life += 1;
    this.replica = null;
    this.exchanging = false;
  }

  /** The person taps a button. */
  async tap(mutation: AnyMutation, args: Record<string, unknown>): Promise<void> {
    try {
      const outcome = await this.replica?.mutate(mutation, args);
      if (outcome && 'saved' in outcome) this.events.saved(this, outcome.saved.seq);
    } catch (error) {
      this.events.failed(this, String(error));
    }
  }

  /** One wake-up of the exchange: asks until nothing more waits. Gives up quietly; there will be another one. */
  async exchange(): Promise<void> {
    const { replica } = this;
    if (!replica || this.exchanging) return;
    this.exchanging = true;
    const life = this.#life;
    try {
      for (let rounds = 0; rounds < exchangesPerRound; rounds += 1) if (!(await this.#exchangeOnce(replica))) break;
    } catch (error) {
      if (!(error instanceof NoAnswer)) this.events.failed(this, String(error));
    } finally {
      if (this.#life === life) this.exchanging = false;
    }
  }

  /** Whether to ask again at once. */
  async #exchangeOnce(replica: Replica): Promise<boolean> {
    const request = this.flaws.request?.(replica.request()) ?? replica.request();
    const answer = await this.network.send(this.owner, this.name, request).catch((error: unknown) => {
      this.flaws.onNoAnswer?.(this, request);
      throw error;
    });
    const restored = request.epoch !== null && request.epoch !== answer.epoch;
    if (answer.patch.reset && (answer.more || restored)) this.events.emptied(this);
    await replica.accept(request, answer);
    this.flaws.onTaken?.(this);
    if (!this.flaws.trusting && !replica.agrees(answer)) {
      await replica.forgetCookie();
      return true;
    }
    if (!replica.facts.filling) this.events.filled(this, answer);
    // A server that was set back judges nothing in its first answer.
    return answer.more || restored || (answer.verdicts.length > 0 && replica.unsent.length > 0);
  }

  /** In the shape of a UUIDv7, from the seed. */
  #newId(): string {
    const time = Math.max(0, this.time.now() + this.skew)
      .toString(16)
      .padStart(12, '0');
    const part = (length: number): string => Array.from({ length }, () => this.random.below(16).toString(16)).join('');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${part(3)}-a${part(3)}-${part(12)}`;
  }
}
