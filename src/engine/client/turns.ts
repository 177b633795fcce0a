import type { Timers } from './timers.ts';

interface TurnParts {
  /** Runs what it is given when nobody else does, tabs included. */
  readonly lock: (whileHeld: () => Promise<void>) => Promise<unknown>;
  readonly timers: Pick<Timers, 'after'>;
  /** A clock that cannot be set (ms). */
  readonly now: () => number;
}

interface Waiting {
  readonly run: () => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/** What follows within this time goes in the same turn (ms). */
const staysMs = 10;
/** Another tab waits no longer than about this for its turn (ms). */
const turnAtMostMs = 200;

/**
 * Works under a lock, one after another. What comes in quick succession shares a turn: to ask for the lock costs as much
 * as to write an act and flush it.
 */
export class Turns {
  readonly #parts: TurnParts;
  readonly #waiting: Waiting[] = [];
  #isHolding = false;
  /** Says to the turn that stays a moment longer that there is more. */
  #come: () => void = () => undefined;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** Does the work when it is its turn; settles as the work does, or with why there was no turn. */
  take<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run: () => work().then(resolve, reject), fail: reject });
      if (this.#isHolding) this.#come();
      else void this.#hold();
    });
  }

  async #hold(): Promise<void> {
    this.#isHolding = true;
    try {
      await this.#parts.lock(() => this.#turn());
    } catch (error) {
      for (const { fail } of this.#waiting.splice(0)) fail(error);
    }
    this.#isHolding = false;
    if (this.#waiting.length > 0) void this.#hold();
  }

  async #turn(): Promise<void> {
    const until = this.#parts.now() + turnAtMostMs;
    do {
      await this.#waiting.shift()?.run();
    } while (this.#parts.now() < until && (await this.#another()));
  }

  #another(): Promise<boolean> {
    if (this.#waiting.length > 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const callOff = this.#parts.timers.after(staysMs, () => resolve(false));
      this.#come = () => {
        callOff();
        resolve(true);
      };
    });
  }
}
