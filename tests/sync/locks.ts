interface Lock {
  held: number;
  readonly waiting: (() => void)[];
}

/** Lets in as many as there is room for under each name, in the order in which they came. */
export class Locks {
  readonly #locks = new Map<string, Lock>();

  /** Resolves when it is this one's turn, with how to let the next one in. */
  async take(name: string, room = 1): Promise<() => void> {
    const lock = this.#locks.get(name) ?? { held: 0, waiting: [] };
    this.#locks.set(name, lock);
    if (lock.held < room) lock.held += 1;
    else await new Promise<void>((resolve) => lock.waiting.push(resolve));
    return () => {
      const next = lock.waiting.shift();
      if (next) next();
      else lock.held -= 1;
    };
  }
}
