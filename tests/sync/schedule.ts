import type { Random } from './random.ts';

interface Waiting {
  readonly owner: string;
  readonly label: string;
  readonly go: () => void;
}

/**
 * Decides who goes next. Everything that takes time in the real world (a write, a message on its way) waits here, and
 * one waiter at a time is let go, drawn from the seed. Between two draws all consequences run to their end, those that
 * a real database has to answer included: so its speed decides nothing.
 */
export class Schedule {
  #waiting: Waiting[] = [];
  readonly #dead = new Set<string>();
  #working = 0;
  #onIdle: () => void = () => undefined;

  constructor(readonly random: Random) {}

  get size(): number {
    return this.#waiting.length;
  }

  /** Resolves when this waiter is drawn; never, when its owner dies first. */
  wait(owner: string, label: string): Promise<void> {
    return new Promise((go) => {
      if (!this.#dead.has(owner)) this.#queue({ owner, label, go });
    });
  }

  /**
   * In the order of names, so that it does not matter who of several came first within one settling: that is all a
   * real database could decide.
   */
  #queue(one: Waiting): void {
    let at = this.#waiting.length;
    while (at > 0 && isBefore(one, this.#waiting[at - 1] as Waiting)) at -= 1;
    this.#waiting.splice(at, 0, one);
  }

  /** The owner's process is gone: whatever it waited for will not come back to it. */
  kill(owner: string): void {
    this.#dead.add(owner);
    this.#waiting = this.#waiting.filter((one) => one.owner !== owner);
  }

  /** Somebody begins to work with something real; nobody is drawn until `workEnds`. */
  workBegins(): void {
    this.#working += 1;
  }

  workEnds(): void {
    this.#working -= 1;
    if (this.#working === 0) this.#onIdle();
  }

  /** Resolves after everything that can go on without another draw has gone on. */
  async settle(): Promise<void> {
    await turnOver();
    while (this.#working > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      await turnOver();
    }
  }

  /** Lets one waiter go and runs what follows from it. Returns what it was, undefined when nobody waits. */
  async step(): Promise<string | undefined> {
    if (this.#waiting.length === 0) return undefined;
    const [one] = this.#waiting.splice(this.random.below(this.#waiting.length), 1) as [Waiting];
    one.go();
    await this.settle();
    return `${one.owner} ${one.label}`;
  }

  /** Lets everybody go, one after another. The bound is far above what a run can leave waiting. */
  async drain(): Promise<void> {
    await this.settle();
    for (let steps = 0; this.#waiting.length > 0; steps += 1) {
      if (steps > 100_000) throw new Error('The simulation never comes to rest.');
      await this.step();
    }
  }
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.owner < other.owner || (one.owner === other.owner && one.label < other.label);
}

function turnOver(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
