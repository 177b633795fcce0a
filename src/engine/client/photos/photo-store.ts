import { inOneGo } from '../connection.ts';
import type { Bytes, Sealer } from '../sealer.ts';
import { PhotoDatabase, type PhotoRow } from './photo-database.ts';

/** A draft that nobody has come back to for this long is gone (ms). */
const draftLivesMs = 24 * 60 * 60_000;

const photoPlace = (hash: string) => ({ table: 'photos', kind: 'photo', id: hash });
const draftPlace = (key: string) => ({ table: 'photos', kind: 'draft', id: key });

/** The photos of one device, sealed, as bytes: browsers have lost and spoilt Blobs. Throws what IndexedDB throws. */
export class PhotoStore {
  readonly #database: PhotoDatabase;
  readonly #sealer: Sealer;

  constructor(device: string, sealer: Sealer) {
    this.#database = new PhotoDatabase(device);
    this.#sealer = sealer;
  }

  /** Keeps a photo that was just taken; resolves when it is on the disk. What is here already stays as it is. */
  async keep(hash: string, plain: Bytes, keptAt: number): Promise<void> {
    // Sealed before the transaction: IndexedDB ends one by itself as soon as something else is awaited in it.
    const bytes = await this.#sealer.sealBytes(photoPlace(hash), plain);
    await this.#database.write(['photos', 'bytes'], async (transaction) => {
      const photos = transaction.objectStore('photos');
      if (await photos.get(hash)) return;
      await transaction.objectStore('bytes').put({ hash, bytes });
      await photos.add({ hash, state: 'draft', size: plain.length, keptAt, url: null, code: null });
    });
  }

  /** All photos, the oldest first. */
  async rows(): Promise<readonly PhotoRow[]> {
    const rows = await this.#database.read(['photos'], (transaction) => transaction.store.getAll());
    return rows.sort((a, b) => a.keptAt - b.keptAt || (a.hash < b.hash ? -1 : 1));
  }

  /** The photo itself; null when it is not on this phone or does not open any more. */
  async bytesOf(hash: string): Promise<Bytes | null> {
    const row = await this.#database.get('bytes', hash);
    return row ? this.#sealer.openBytes(photoPlace(hash), row.bytes).catch(() => null) : null;
  }

  async change(hash: string, change: Partial<PhotoRow>): Promise<void> {
    await this.#database.write(['photos'], async ({ store }) => {
      const row = await store.get(hash);
      if (row) await store.put({ ...row, ...change });
    });
  }

  async drop(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    await this.#database.write(['photos', 'bytes'], async (transaction) => {
      const photos = transaction.objectStore('photos');
      const bytes = transaction.objectStore('bytes');
      await inOneGo(hashes, (hash) => Promise.all([photos.delete(hash), bytes.delete(hash)]));
    });
  }

  /** What was entered in a form when the camera was opened: a phone may end the page meanwhile. */
  async keepDraft(key: string, value: unknown, keptAt: number): Promise<void> {
    const bytes = await this.#sealer.seal(draftPlace(key), value);
    await this.#database.write(['drafts'], ({ store }) => store.put({ key, keptAt, bytes }));
  }

  async draft(key: string, now: number): Promise<unknown> {
    const row = await this.#database.get('drafts', key);
    if (!row || now - row.keptAt > draftLivesMs) return null;
    return this.#sealer.open<unknown>(draftPlace(key), row.bytes).catch(() => null);
  }

  async dropDraft(key: string): Promise<void> {
    await this.#database.write(['drafts'], ({ store }) => store.delete(key));
  }

  async dropOldDrafts(now: number): Promise<void> {
    await this.#database.write(['drafts'], async ({ store }) => {
      const old = (await store.getAll()).filter(({ keptAt }) => now - keptAt > draftLivesMs);
      await inOneGo(old, ({ key }) => store.delete(key));
    });
  }

  close(): void {
    this.#database.close();
  }
}
