import type { Poke } from '#engine/protocol.ts';
import type { Sql } from './postgres/connect.ts';
import { keepListening } from './postgres/listening.ts';
import { pokeChannel } from './postgres/push-statements.ts';

type Listener = (version: number) => void;

/** Hears on one connection of its own that a station changed, and tells everybody in this process who waits for it. */
export class PokeHub {
  readonly #waiting = new Map<string, Set<Listener>>();
  readonly #ended = new AbortController();
  readonly #onHeard: () => void;
  #hangUp: () => Promise<void> = async () => undefined;
  #lines = 0;
  #connects = 0;

  constructor(onHeard: () => void = () => undefined) {
    this.#onHeard = onHeard;
  }

  /** Lines of devices that are open in this process. */
  get lines(): number {
    return this.#lines;
  }

  /** How often the connection that listens was made; more than once means that it was lost. */
  get connects(): number {
    return this.#connects;
  }

  /** Starts listening; resolves when no change can be missed any more. */
  async listen(sql: Sql): Promise<void> {
    this.#hangUp = await keepListening(sql, pokeChannel, {
      heard: (payload) => this.tell(payload),
      // The connection was lost and is back: something may have been missed.
      listening: () => {
        this.#connects += 1;
        this.tellAll();
      },
    });
  }

  /** Takes in '<version> <station>'. */
  tell(payload: string): void {
    this.#onHeard();
    const cut = payload.indexOf(' ');
    const version = Number(payload.slice(0, cut));
    for (const listener of this.#waiting.get(payload.slice(cut + 1)) ?? []) listener(version);
  }

  tellAll(): void {
    for (const listeners of this.#waiting.values()) for (const listener of listeners) listener(0);
  }

  /** Ends every line at once, so that the process can stop; resolves when nothing is heard any more. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#hangUp();
  }

  /** A poke whenever the station has changed since the last one was taken; many changes make one poke. */
  async *pokes(station: string, signal: AbortSignal | undefined): AsyncGenerator<Poke> {
    const end = AbortSignal.any([this.#ended.signal, ...(signal ? [signal] : [])]);
    let news: number | null = null;
    let wake: () => void = () => undefined;
    const listener: Listener = (version) => {
      news = Math.max(news ?? 0, version);
      wake();
    };
    const listeners = this.#waiting.get(station) ?? new Set();
    this.#waiting.set(station, listeners.add(listener));
    this.#lines += 1;
    const onEnd = (): void => wake();
    end.addEventListener('abort', onEnd);
    try {
      while (!end.aborted) {
        if (news === null) await new Promise<void>((resolve) => (wake = resolve));
        if (news === null || end.aborted) continue;
        const version: number = news;
        news = null;
        yield { version };
      }
    } finally {
      this.#lines -= 1;
      end.removeEventListener('abort', onEnd);
      listeners.delete(listener);
      if (listeners.size === 0 && this.#waiting.get(station) === listeners) this.#waiting.delete(station);
    }
  }
}
