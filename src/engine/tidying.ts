/** Work that is put off to a quiet moment, one at a time; without such moments it is done at once. */
export class Tidying {
  readonly #work: () => Promise<void>;
  readonly #whenIdle: ((work: () => void) => void) | undefined;
  #isDue = false;
  #running: Promise<void> = Promise.resolve();

  constructor(work: () => Promise<void>, whenIdle?: (work: () => void) => void) {
    this.#work = work;
    this.#whenIdle = whenIdle;
  }

  /** Resolves when what has begun has ended. */
  get settled(): Promise<void> {
    return this.#running;
  }

  /** Rejects only where it is done at once. */
  async ask(): Promise<void> {
    if (!this.#whenIdle) return this.#work();
    if (this.#isDue) return;
    this.#isDue = true;
    this.#whenIdle(() => {
      this.#isDue = false;
      // What a disk refuses now is tidied up after the next answer, or at the next start.
      this.#running = this.#work().catch(() => undefined);
    });
  }
}
