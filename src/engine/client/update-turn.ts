import type { Channel } from './leader.ts';
import type { Timers } from './timers.ts';

/** What a tab must know and be able to do when the app has a new version. */
export interface UpdateParts {
  readonly channel: Channel | null;
  readonly timers: Timers;
  /** Something was begun on this page and is not finished. */
  readonly hasOpenEntry: () => boolean;
  readonly isHidden: () => boolean;
  /** Lets the version that waits take over all tabs. */
  readonly takeOver: () => void;
  readonly reload: () => void;
}

type UpdateMessage =
  | { readonly type: 'may-i'; readonly id: number; readonly unseen: boolean }
  | { readonly type: 'no'; readonly id: number };

/** A tab that is awake has answered by then (ms); one that sleeps decides for itself when it wakes. */
const answerMs = 400;
/** How often a tab of the old version looks whether its entry is finished (ms). */
const lookMs = 1_000;

/** A new version is taken only when no tab has an entry open, and each tab is loaded anew only when it has none itself. */
export class UpdateTurn {
  readonly #parts: UpdateParts;
  readonly #denied = new Set<number>();

  constructor(parts: UpdateParts) {
    this.#parts = parts;
    const { channel } = parts;
    if (channel) channel.onmessage = ({ data }) => this.#hear(data as UpdateMessage);
  }

  /** Asks the other tabs first. `unseen`: only when nobody looks at any of them. Resolves with whether it was taken. */
  async take(unseen: boolean): Promise<boolean> {
    const { channel, timers, takeOver } = this.#parts;
    const id = timers.random();
    if (!this.#allows(unseen)) return false;
    this.#tell({ type: 'may-i', id, unseen });
    if (channel) await new Promise<void>((resolve) => timers.after(answerMs, resolve));
    if (this.#denied.delete(id) || !this.#allows(unseen)) return false;
    takeOver();
    return true;
  }

  /** The new version has taken over: this page is of the old one until it is loaded anew. */
  taken(): void {
    const { hasOpenEntry, reload, timers } = this.#parts;
    if (hasOpenEntry()) timers.after(lookMs, () => this.taken());
    else reload();
  }

  #allows(unseen: boolean): boolean {
    const { hasOpenEntry, isHidden } = this.#parts;
    return !hasOpenEntry() && (!unseen || isHidden());
  }

  #hear(message: UpdateMessage): void {
    if (message.type === 'no') this.#denied.add(message.id);
    else if (!this.#allows(message.unseen)) this.#tell({ type: 'no', id: message.id });
  }

  #tell(message: UpdateMessage): void {
    this.#parts.channel?.postMessage(message);
  }
}
