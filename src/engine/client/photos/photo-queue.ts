import type { Bytes } from '../sealer.ts';
import type { Timers } from '../timers.ts';
import type { PhotoRow } from './photo-database.ts';

/** What became of one attempt to send a photo. */
export type Sent =
  | { readonly kind: 'received' }
  /** The line broke, or nobody answered. `moved`: the centre has more of it than before. */
  | { readonly kind: 'no-answer'; readonly moved: boolean }
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null }
  | { readonly kind: 'sign-in' }
  /** The centre no longer has what was begun. */
  | { readonly kind: 'begin-anew' }
  /** The centre will never take it. */
  | { readonly kind: 'refused'; readonly code: string };

export interface Going {
  readonly hash: string;
  readonly bytes: Bytes;
  /** Where it was begun, null for a new one. */
  readonly url: string | null;
  /** It was begun there: to be kept before anything is sent. */
  readonly onBegun: (url: string) => Promise<void>;
}

/** Sends one photo as far as it can; ends soon after `signal` does. Never throws. */
export type Transfer = (photo: Going, signal: AbortSignal) => Promise<Sent>;

export interface KeptPhotos {
  rows(): Promise<readonly PhotoRow[]>;
  bytesOf(hash: string): Promise<Bytes | null>;
  change(hash: string, change: Partial<PhotoRow>): Promise<void>;
}

export interface QueueParts {
  readonly store: KeptPhotos;
  readonly transfer: Transfer;
  readonly timers: Timers;
  /** Whether this tab talks to the centre, it answers, and no act waits. Asked before every step. */
  readonly mayGo: () => boolean;
  /** Some photo stands otherwise than before. */
  readonly onChange: () => void;
}

/** First wait after an attempt that brought nothing; doubles up to the second (ms). */
const firstRetryMs = 2_000;
const longestRetryMs = 5 * 60_000;

/**
 * Sends photos one after the other, the oldest first, always behind the acts: while an act waits nothing goes, and one
 * that is saved in the middle of a photo stops it. What has come to the centre stays there, so a stop costs nothing.
 */
export class PhotoQueue {
  readonly #parts: QueueParts;
  #going: AbortController | null = null;
  #running = false;
  #again = false;
  #stopped = false;
  #misses = 0;
  #callOff: (() => void) | null = null;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Something has changed: goes on, or stops what is under way. `awake`: not waiting for the next try. */
  look(awake = false): void {
    if (this.#stopped) return;
    if (!this.#parts.mayGo()) return this.#going?.abort();
    if (awake) this.#misses = 0;
    if (this.#callOff && !awake) return;
    this.#callOff?.();
    this.#callOff = null;
    if (this.#running) this.#again = true;
    else void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#callOff?.();
    this.#going?.abort();
  }

  async #run(): Promise<void> {
    this.#running = true;
    do {
      this.#again = false;
      // A disk that does not answer is tried again like a line.
      await this.#sendAll().catch(() => this.#wait(null));
    } while (this.#again && !this.#stopped && !this.#callOff);
    this.#running = false;
  }

  async #sendAll(): Promise<void> {
    const { store, mayGo } = this.#parts;
    const tried = new Set<string>();
    while (!this.#stopped && mayGo()) {
      const next = (await store.rows()).find(({ state, hash }) => state === 'waiting' && !tried.has(hash));
      if (!next) return;
      const sent = await this.#sendOne(next);
      if (sent.kind === 'received' || sent.kind === 'refused') {
        this.#misses = 0;
        tried.add(next.hash);
        this.#parts.onChange();
      } else if (sent.kind === 'begin-anew') {
        if (next.url === null) return this.#wait(null);
      } else if (!this.#going?.signal.aborted) {
        const moved = sent.kind === 'no-answer' && sent.moved;
        if (moved) this.#misses = 0;
        return this.#wait(sent.kind === 'busy' ? sent.retryAfterMs : null);
      }
    }
  }

  async #sendOne({ hash, url }: PhotoRow): Promise<Sent> {
    const { store, transfer } = this.#parts;
    const bytes = await store.bytesOf(hash);
    if (!bytes) {
      await store.change(hash, { state: 'refused', code: 'unreadable' });
      return { kind: 'refused', code: 'unreadable' };
    }
    this.#going = new AbortController();
    const onBegun = (begun: string): Promise<void> => store.change(hash, { url: begun });
    // An act may have been saved while the bytes were read.
    if (!this.#parts.mayGo()) this.#going.abort();
    const sent = await transfer({ hash, bytes, url, onBegun }, this.#going.signal);
    if (sent.kind === 'received') await store.change(hash, { state: 'received', url: null, code: null });
    if (sent.kind === 'refused') await store.change(hash, { state: 'refused', code: sent.code });
    if (sent.kind === 'begin-anew') await store.change(hash, { url: null });
    return sent;
  }

  /** Between half and the whole of the doubled wait, or as long as the centre has asked for. */
  #wait(told: number | null): void {
    if (this.#stopped) return;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#misses, 10));
    const usual = longest * (0.5 + 0.5 * this.#parts.timers.random());
    this.#misses += 1;
    this.#callOff = this.#parts.timers.after(Math.max(usual, Math.min(told ?? 0, longestRetryMs)), () => {
      this.#callOff = null;
      this.look();
    });
  }
}
