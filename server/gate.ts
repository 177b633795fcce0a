/** The station has more to do than it can; come back after so many seconds. */
export class Busy extends Error {
  constructor(readonly seconds: number) {
    super('busy');
  }
}

interface Waiting {
  readonly urgent: boolean;
  readonly letIn: () => void;
  readonly turnAway: (busy: Busy) => void;
}

export interface GateLimits {
  /** Exchanges that run at the same time. */
  readonly atOnce: number;
  /** Exchanges that wait to be let in. */
  readonly waitingMax: number;
}

/**
 * Lets in as many exchanges as the database can serve and keeps the others waiting, those with an alarm first. Who
 * finds too many before them is sent away with a time to come back, so that nobody waits for an answer that comes when
 * the phone has given up.
 */
export class Gate {
  readonly #limits: GateLimits;
  #running = 0;
  #waiting: Waiting[] = [];
  #turnedAway = 0;
  /** Mean time of one exchange (ms), the latest counting most. */
  #meanMs = 50;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get turnedAway(): number {
    return this.#turnedAway;
  }

  /** Runs the work when it is its turn. Rejects with `Busy` when there is no room, and with what the work throws. */
  async through<T>(urgent: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.atOnce) this.#running += 1;
    else await this.#turn(urgent);
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.#meanMs = 0.95 * this.#meanMs + 0.05 * (performance.now() - from);
      this.#next();
    }
  }

  /** Waits for a place; it is handed over, so the number of those running stays the same. */
  #turn(urgent: boolean): Promise<void> {
    if (this.#waiting.length >= this.#limits.waitingMax) this.#makeRoom(urgent);
    return new Promise((letIn, turnAway) => {
      const one = { urgent, letIn, turnAway };
      const behind = urgent ? this.#waiting.findIndex((other) => !other.urgent) : -1;
      if (behind < 0) this.#waiting.push(one);
      else this.#waiting.splice(behind, 0, one);
    });
  }

  /** An alarm takes the place of whoever came last without one; everybody else is sent away. */
  #makeRoom(urgent: boolean): void {
    const last = this.#waiting.at(-1);
    if (!urgent || !last || last.urgent) throw this.#busy();
    this.#waiting.pop();
    last.turnAway(this.#busy());
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next) next.letIn();
    else this.#running -= 1;
  }

  /** As long as those who wait will take, and each a little longer than the one before, lest all come back at once. */
  #busy(): Busy {
    const seconds = Math.max(1, Math.ceil((this.#waiting.length * this.#meanMs) / this.#limits.atOnce / 1_000));
    this.#turnedAway += 1;
    return new Busy(seconds + (this.#turnedAway % (seconds + 3)));
  }
}
