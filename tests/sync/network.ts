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
}

/** The phone heard nothing: no signal, time-out, or the server was unable. */
export class NoAnswer extends Error {}

type Serve = (device: string, request: ExchangeRequest) => Promise<ExchangeAnswer>;

/**
 * Carries requests to the station and answers back, each at a time drawn from the seed, so that they overtake each
 * other. What a phone no longer waits for still arrives and is served; its answer goes nowhere.
 */
export class Network {
  #downs = 0;

  constructor(
    readonly schedule: Schedule,
    readonly random: Random,
    readonly faults: NetworkFaults,
    readonly serve: Serve,
    readonly count: (fault: string) => void,
  ) {}

  /** The server goes down: what is on its way to it arrives nowhere. */
  down(): void {
    this.#downs += 1;
  }

  /** Sends one request from a process; rejects with `NoAnswer`. */
  send(owner: string, device: string, request: ExchangeRequest): Promise<ExchangeAnswer> {
    const wire = JSON.stringify(request);
    return new Promise((resolve, reject) => {
      if (this.#happens('double')) void this.#travel(device, wire);
      if (this.#happens('impatient')) void this.#giveUp(owner, reject);
      if (this.#happens('loseRequest')) void this.#giveUp(owner, reject);
      else void this.#travel(device, wire).then((answer) => this.#back(owner, answer, resolve, reject));
    });
  }

  /** To the station and through it; null when it could not serve. Not owned by the phone: it may die meanwhile. */
  async #travel(device: string, wire: string): Promise<string | null> {
    const sentAfter = this.#downs;
    await this.schedule.wait('network', `request of ${device}`);
    if (sentAfter !== this.#downs) return null;
    try {
      return JSON.stringify(await this.serve(device, JSON.parse(wire) as ExchangeRequest));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.count('serverFails');
      return null;
    }
  }

  async #back(
    owner: string,
    answer: string | null,
    resolve: (answer: ExchangeAnswer) => void,
    reject: (error: Error) => void,
  ): Promise<void> {
    if (answer === null || this.#happens('loseAnswer')) return this.#giveUp(owner, reject);
    await this.schedule.wait(owner, 'answer');
    resolve(JSON.parse(answer) as ExchangeAnswer);
  }

  async #giveUp(owner: string, reject: (error: Error) => void): Promise<void> {
    await this.schedule.wait(owner, 'gives up');
    reject(new NoAnswer('No answer.'));
  }

  #happens(fault: keyof NetworkFaults): boolean {
    if (!this.random.chance(this.faults[fault])) return false;
    this.count(fault);
    return true;
  }
}
