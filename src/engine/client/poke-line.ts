import type { ServerPort } from './server-port.ts';

/**
 * The line over which the centre says that something has changed. It may end at any time (a proxy, a dead zone); it is
 * opened again after the next exchange that succeeded, so it never has a rhythm of its own.
 */
export class PokeLine {
  readonly #server: Pick<ServerPort, 'listen'>;
  readonly #onPoke: () => void;
  #close: (() => void) | null = null;

  constructor(server: Pick<ServerPort, 'listen'>, onPoke: () => void) {
    this.#server = server;
    this.#onPoke = onPoke;
  }

  /** Opens the line unless it is open. */
  open(): void {
    if (this.#close) return;
    let ended = false;
    const close = this.#server.listen({
      onPoke: this.#onPoke,
      onEnd: () => {
        ended = true;
        this.#close = null;
      },
    });
    this.#close = ended ? null : close;
  }

  close(): void {
    this.#close?.();
    this.#close = null;
  }
}
