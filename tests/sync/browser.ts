import type { Canary, CanaryNote } from '#engine/client/canary.ts';
import type { Channel, Locks } from '#engine/client/leader.ts';
import type { Schedule } from './schedule.ts';

interface LockWish {
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly whileHeld: () => Promise<void>;
}

/** What the tabs of one phone share besides the disk: a note, a lock and a channel. Tabs that died take part no more. */
export class Browser {
  #note: CanaryNote | null = null;
  readonly #dead = new Set<string>();
  #holder: string | null = null;
  #wishes: LockWish[] = [];
  readonly #ears = new Map<string, TabChannel>();

  constructor(
    readonly schedule: Schedule,
    /** Changes what is noted, in tests that plant a mistake. */
    readonly onNote: (note: CanaryNote) => CanaryNote = (note) => note,
  ) {}

  readonly canary: Canary = {
    read: () => this.#note,
    write: (note) => {
      this.#note = this.onNote(note);
    },
    leave: () => {
      this.#note = null;
    },
    hasLeft: () => false,
  };

  /** The browser empties the note's place too. */
  forgetNote(): void {
    this.#note = null;
  }

  /** The tab that talks to the centre, when there is one. */
  get leader(): string | null {
    return this.#holder;
  }

  /** Locks as the browser gives them: one holder, the rest wait in order; the dead let go. */
  locksOf(owner: string): Locks {
    return {
      request: (_name, { signal }, whileHeld) => {
        this.#wishes.push({ owner, signal, whileHeld });
        return this.#grant();
      },
    };
  }

  /** Messages reach every other living tab, each at its time and in the order in which they were sent. */
  channelOf(owner: string, onSend: (message: unknown) => void): Channel {
    const channel = new TabChannel(owner, this.schedule, (message) => {
      onSend(message);
      for (const [other, ear] of this.#ears) if (other !== owner) ear.hear(message);
    });
    this.#ears.set(owner, channel);
    return channel;
  }

  /** A tab is gone without a word. */
  die(owner: string): void {
    this.#dead.add(owner);
    this.#ears.delete(owner);
    if (this.#holder === owner) this.#holder = null;
    void this.#grant();
  }

  async #grant(): Promise<void> {
    while (this.#holder === null) {
      const next = this.#wishes.shift();
      if (!next) return;
      if (this.#dead.has(next.owner) || next.signal.aborted) continue;
      this.#holder = next.owner;
      await this.schedule.wait(next.owner, 'leads');
      await next.whileHeld();
      if (this.#holder === next.owner) this.#holder = null;
    }
  }
}

class TabChannel implements Channel {
  onmessage: ((event: MessageEvent) => void) | null = null;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    readonly owner: string,
    readonly schedule: Schedule,
    readonly send: (message: unknown) => void,
  ) {}

  postMessage(message: unknown): void {
    if (!this.#closed) this.send(message);
  }

  hear(message: unknown): void {
    this.#turn = this.#turn.then(async () => {
      await this.schedule.wait(this.owner, 'message');
      if (!this.#closed) this.onmessage?.({ data: message } as MessageEvent);
    });
  }

  close(): void {
    this.#closed = true;
  }
}
