import type { Journal, JournalState } from './journal.ts';
import type { RingRecord } from './ring.ts';
import type { Bytes } from './sealer.ts';

/** The part of Cache that is used. */
export type ActCache = Pick<Cache, 'keys' | 'match' | 'put' | 'delete'>;

const base = 'https://acts.invalid/';

/**
 * Where a browser has no file that is written in place: every act lies a second time in the browser's cache, which was
 * not seen to vanish together with IndexedDB. It takes room as it grows, so a full disk can refuse it.
 */
export class CacheJournal implements Journal {
  readonly #open: () => Promise<ActCache>;
  readonly #alone: <T>(work: () => Promise<T>) => Promise<T>;
  #cache: ActCache | null = null;
  #device = '';

  /** `alone` runs its work while no other tab does. */
  constructor(open: () => Promise<ActCache>, alone: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#open = open;
    this.#alone = alone;
  }

  readonly inPlace = false;

  async devices(): Promise<readonly string[]> {
    const urls = (await (await this.#open()).keys()).map(({ url }) => url).filter((url) => url.startsWith(base));
    return [...new Set(urls.map((url) => url.slice(base.length).split('/')[0] as string))];
  }

  async open(device: string): Promise<JournalState> {
    this.#cache = await this.#open();
    this.#device = device;
    const seqs = await this.#seqs();
    return { highestSeq: seqs.at(-1) ?? 0, seqs };
  }

  append(bytes: Bytes, floor: number): Promise<number> {
    return this.#alone(async () => {
      const seq = Math.max(floor, (await this.#seqs()).at(-1) ?? 0) + 1;
      await this.#opened().put(this.#url(seq), new Response(bytes));
      return seq;
    });
  }

  seqs(): Promise<readonly number[]> {
    return this.#seqs();
  }

  async read(seqs: readonly number[]): Promise<readonly RingRecord[]> {
    const found = await Promise.all(
      seqs.map(async (seq) => {
        const kept = await this.#opened().match(this.#url(seq));
        return kept ? [{ seq, bytes: new Uint8Array(await kept.arrayBuffer()) }] : [];
      }),
    );
    return found.flat();
  }

  async release(seqs: readonly number[]): Promise<void> {
    await Promise.all(seqs.map((seq) => this.#opened().delete(this.#url(seq))));
  }

  async remove(): Promise<void> {
    await this.release(await this.#seqs());
  }

  close(): void {
    this.#cache = null;
  }

  async #seqs(): Promise<number[]> {
    const mine = `${base}${this.#device}/`;
    const urls = (await this.#opened().keys()).map(({ url }) => url).filter((url) => url.startsWith(mine));
    return urls.map((url) => Number(url.slice(mine.length))).sort((a, b) => a - b);
  }

  #url(seq: number): string {
    return `${base}${this.#device}/${seq}`;
  }

  #opened(): ActCache {
    if (!this.#cache) throw new Error('The journal is not open.');
    return this.#cache;
  }
}
