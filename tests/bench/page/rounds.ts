import type { Channel } from '#engine/client/leader.ts';
import type { ServerPort } from '#engine/client/server-port.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';

/** Watches the rounds of the real loop from outside, and holds back exchanges until somebody lets them go. */
export class Rounds {
  #waiting: (() => void)[] = [];
  #open: () => void = () => undefined;
  #gate: Promise<void> = Promise.resolve();
  /** Answers that came in and are not committed yet: the next one may be asked for while the last is being written. */
  readonly #came: { readonly request: ExchangeRequest; readonly answer: ExchangeAnswer }[] = [];
  /** Answers that were committed. */
  count = 0;

  /** From here on exchanges wait. */
  holdBack(): void {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  letGo(): void {
    this.#open();
  }

  /** Resolves when an answer is committed behind which nothing is left, neither to fetch nor to send. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The server as the engine sees it. */
  over<S extends ServerPort>(server: S): ServerPort {
    const exchange: ServerPort['exchange'] = async (request) => {
      await this.#gate;
      const asked = await server.exchange(request);
      if (asked.kind === 'answer') this.#came.push({ request, answer: asked.answer });
      return asked;
    };
    return new Proxy<ServerPort>(server, {
      get(target, name) {
        if (name === 'exchange') return exchange;
        const value = target[name as keyof ServerPort] as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  /** The tabs' channel: over it the leading tab says when it has committed an answer. */
  beside(channel: Channel | null): Channel | null {
    if (!channel) return null;
    const tell = channel.postMessage.bind(channel);
    channel.postMessage = (message) => {
      tell(message);
      if ((message as { type?: string }).type === 'committed') this.#committed();
    };
    return channel;
  }

  #committed(): void {
    this.count += 1;
    const last = this.#came.shift();
    if (!last || last.answer.more || last.request.queue.unsent > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
