import type { Asked } from '#engine/client/server-port.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

export interface NetworkFaults {
  /** Probability that a request does not arrive. */
  loseRequest: number;
  /** Probability that an answer does not arrive. */
  loseAnswer: number;
  /** Probability that a request arrives twice, the copy at some later time. */
  double: number;
  /** Probability that the phone gives up waiting although the request is still on its way. */
  impatient: number;
  /** Probability that only the first part of a request arrives. */
  cutRequest: number;
  /** Probability that only the first part of an answer arrives. */
  cutAnswer: number;
}

/** The server could not serve: it died over this request. */
export class NoAnswer extends Error {}

export type AskedExchange = Asked<ExchangeAnswer>;
type Serve = (device: string, request: ExchangeRequest) => Promise<AskedExchange>;

/**
 * Carries requests to the station and answers back, each at a time drawn from the seed, so that they overtake each
 * other. What a phone no longer waits for still arrives and is served; its answer goes nowhere.
 */
export class Network {
  #downs = 0;
  #sent = 0;
  #newestArrived = 0;

  constructor(
    readonly schedule: Schedule,
    readonly random: Random,
    readonly faults: NetworkFaults,
    readonly serve: Serve,
    readonly count: (fault: string) => void,
    /** Hears what the server threw that is none of its words. */
    readonly onBroken: (error: unknown) => void = () => undefined,
  ) {}

  /** The server goes down: what is on its way to it arrives nowhere. */
  down(): void {
    this.#downs += 1;
  }

  /** Sends one request from a tab; resolves with what became of it. */
  send(owner: string, device: string, request: ExchangeRequest): Promise<AskedExchange> {
    const wire = JSON.stringify(request);
    return new Promise((resolve) => {
      if (this.#happens('double')) void this.#travel(device, wire);
      if (this.#happens('impatient')) void this.#giveUp(owner, resolve);
      if (this.#happens('loseRequest')) void this.#giveUp(owner, resolve);
      else
        void this.#travel(device, this.#perhapsCut('cutRequest', wire)).then((answer) =>
          this.#back(owner, answer, resolve),
        );
    });
  }

  /** To the station and through it; null when it could not serve. Not owned by the phone: it may die meanwhile. */
  async #travel(device: string, wire: string): Promise<string | null> {
    const sentAfter = this.#downs;
    this.#sent += 1;
    const number = this.#sent;
    await this.schedule.wait('network', `request of ${device}`);
    if (sentAfter !== this.#downs) return null;
    if (number < this.#newestArrived) this.count('reorder');
    this.#newestArrived = Math.max(this.#newestArrived, number);
    const request = parsed<ExchangeRequest>(wire);
    // The door refuses what it cannot read, and the phone tries again like after any silence.
    if (!request) return null;
    try {
      return JSON.stringify(await this.serve(device, request));
    } catch (error) {
      if (!(error instanceof NoAnswer)) this.onBroken(error);
      return null;
    }
  }

  async #back(owner: string, answer: string | null, resolve: (asked: AskedExchange) => void): Promise<void> {
    if (answer === null || this.#happens('loseAnswer')) return this.#giveUp(owner, resolve);
    const text = this.#perhapsCut('cutAnswer', answer);
    await this.schedule.wait(owner, 'answer');
    resolve(parsed<AskedExchange>(text) ?? { kind: 'no-answer' });
  }

  async #giveUp(owner: string, resolve: (asked: AskedExchange) => void): Promise<void> {
    await this.schedule.wait(owner, 'gives up');
    resolve({ kind: 'no-answer' });
  }

  #perhapsCut(fault: 'cutRequest' | 'cutAnswer', text: string): string {
    return this.#happens(fault) ? text.slice(0, this.random.below(text.length)) : text;
  }

  #happens(fault: keyof NetworkFaults): boolean {
    if (!this.random.chance(this.faults[fault])) return false;
    this.count(fault);
    return true;
  }
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
