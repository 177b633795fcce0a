import type { ServerPort } from './server-port.ts';
import type { Timers } from './timers.ts';

/** A line that has lived this long was a good one; its end is worth a look at once (ms). */
const goodLineMs = 10_000;

/**
 * The line over which the centre says that something has changed. It may end at any time (a proxy, a dead zone); it is
 * opened again after the next exchange that succeeded, so it never has a rhythm of its own.
 */
export class PokeLine {
  readonly #server: Pick<ServerPort, 'listen'>;
  readonly #timers: Timers;
  readonly #onPoke: () => void;
  #close: (() => void) | null = null;

  constructor(server: Pick<ServerPort, 'listen'>, timers: Timers, onPoke: () => void) {
    this.#server = server;
    this.#timers = timers;
    this.#onPoke = onPoke;
  }

  /** Opens the line unless it is open. */
  open(): void {
    if (this.#close) return;
    let good = false;
    const callOff = this.#timers.after(goodLineMs, () => {
      good = true;
    });
    const hangUp = this.#server.listen({
      onPoke: this.#onPoke,
      onEnd: () => {
        callOff();
        this.#close = null;
        // A good line that broke is tried at once; one that never stood waits for the next exchange that is due.
        if (good) this.#onPoke();
      },
    });
    this.#close = () => {
      callOff();
      hangUp();
    };
  }

  close(): void {
    this.#close?.();
    this.#close = null;
  }
}
