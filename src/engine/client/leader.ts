/** The part of the Web Locks API that is used. */
export interface Locks {
  request(name: string, options: { signal: AbortSignal }, whileHeld: () => Promise<void>): Promise<unknown>;
}

/** The part of BroadcastChannel that is used. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

export interface LeaderParts<Message> {
  readonly name: string;
  /** Absent in old browsers: then this tab acts as if it were the only one. */
  readonly locks: Locks | null;
  readonly channel: Channel | null;
  /** This tab talks to the centre from now on. */
  readonly onLead: () => void;
  readonly onMessage: (message: Message) => void;
}

/**
 * One tab of a device talks to the centre, the others follow it. The browser gives the lock to the next tab by itself
 * when the leading one is closed or dies.
 */
export class TabRole<Message> {
  readonly #parts: LeaderParts<Message>;
  readonly #leave = new AbortController();
  #letGo: (() => void) | null = null;
  #leading = false;

  constructor(parts: LeaderParts<Message>) {
    this.#parts = parts;
  }

  get leading(): boolean {
    return this.#leading;
  }

  /** True when the browser cannot say which tab leads. */
  get alone(): boolean {
    return this.#parts.locks === null;
  }

  start(): void {
    const { channel, locks, name } = this.#parts;
    if (channel) channel.onmessage = (event) => this.#parts.onMessage(event.data as Message);
    if (!locks) return this.#lead();
    const hold = () =>
      new Promise<void>((resolve) => {
        this.#letGo = resolve;
        this.#lead();
      });
    // Giving up the wait rejects the request; that is the ordinary way of leaving.
    locks.request(name, { signal: this.#leave.signal }, hold).catch(() => undefined);
  }

  stop(): void {
    this.#leading = false;
    this.#leave.abort();
    this.#letGo?.();
    this.#parts.channel?.close();
  }

  tell(message: Message): void {
    this.#parts.channel?.postMessage(message);
  }

  #lead(): void {
    if (this.#leave.signal.aborted) return this.#letGo?.();
    this.#leading = true;
    this.#parts.onLead();
  }
}
