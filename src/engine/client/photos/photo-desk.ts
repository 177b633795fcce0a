import { hashSchema, type Fields } from '../../field.ts';
import { holdsPhotos, photosIn, photosOfAct } from '../../photo-fields.ts';
import { photoTypeOf } from '../../photo-bytes.ts';
import type { Registry } from '../../registry.ts';
import type { Replica } from '../../replica.ts';
import type { Row } from '../../kind.ts';
import * as v from 'valibot';
import type { Bytes, Sealer } from '../sealer.ts';
import type { Timers } from '../timers.ts';
import type { PhotoRow } from './photo-database.ts';
import { PhotoQueue, type Transfer } from './photo-queue.ts';
import { PhotoStore } from './photo-store.ts';
import type { Darkroom } from './shrink.ts';

/** Why a photo was not kept; has words. */
export type PhotoProblem =
  /** No room on this phone. */
  | 'full'
  /** Not a picture that this browser opens. */
  | 'unreadable'
  /** So many wait already that they would crowd out the acts. */
  | 'too-many';

export type Taken = { readonly hash: string } | { readonly problem: PhotoProblem };

/** Why a photo is not shown; has words. */
export type NotSeen = 'offline' | 'not-yet-here' | 'not-here';

export type Seen = { readonly bytes: Bytes } | { readonly problem: NotSeen };

export interface DeskParts {
  readonly device: string;
  readonly sealer: Sealer;
  readonly registry: Registry;
  readonly replica: Pick<Replica, 'entries' | 'shown'>;
  readonly timers: Timers;
  readonly now: () => number;
  readonly darkroom: Darkroom;
  readonly transfer: Transfer;
  readonly mayGo: () => boolean;
  readonly fetch: (url: string) => Promise<Response>;
  /** The photos stand otherwise than before. */
  readonly onRows: (rows: readonly PhotoRow[]) => void;
}

/** Photos on one phone that wait for the centre, at most: 40 MB. */
const waitingMax = 200;
/** A photo that no act has come to carry is gone after this long (ms). */
const draftLivesMs = 24 * 60 * 60_000;

/** All that happens to photos on a phone: taken, kept, carried by an act, sent, shown, and let go of. */
export class PhotoDesk {
  readonly #parts: DeskParts;
  readonly #store: PhotoStore;
  readonly #queue: PhotoQueue;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#store = new PhotoStore(parts.device, parts.sealer);
    const { timers, transfer, mayGo } = parts;
    const onChange = (): void => this.look();
    this.#queue = new PhotoQueue({ store: this.#store, transfer, timers, mayGo, onChange });
  }

  get store(): PhotoStore {
    return this.#store;
  }

  /** A picture from the camera, made small and kept on this phone. It is not part of anything yet. */
  async take(file: Blob): Promise<Taken> {
    const { darkroom, now } = this.#parts;
    const small = darkroom.shrink(file);
    if (!(await darkroom.hasRoom())) return { problem: 'full' };
    const waiting = (await this.#store.rows()).filter(({ state }) => state !== 'received');
    if (waiting.length >= waitingMax) return { problem: 'too-many' };
    const bytes = await small;
    if (!bytes) return { problem: 'unreadable' };
    const hash = await hashOf(bytes);
    const kept = await this.#store.keep(hash, bytes, now()).then(
      () => true,
      () => false,
    );
    return kept ? { hash } : { problem: 'full' };
  }

  /** From this phone, else from the centre. What comes is held against its name: nobody can put another in between. */
  async see(hash: string): Promise<Seen> {
    const here = await this.#store.bytesOf(hash).catch(() => null);
    if (here) return { bytes: here };
    if (!v.is(hashSchema, hash)) return { problem: 'not-here' };
    const response = await this.#parts.fetch(`/api/photos/${hash}`).catch(() => null);
    if (!response || response.status >= 500) return { problem: 'offline' };
    if (!response.ok) return { problem: (await codeOf(response)) === 'not-yet-here' ? 'not-yet-here' : 'not-here' };
    const bytes = new Uint8Array(await response.arrayBuffer().catch(() => new ArrayBuffer(0)));
    return photoTypeOf(bytes) && (await hashOf(bytes)) === hash ? { bytes } : { problem: 'offline' };
  }

  /** Acts, records or the line have changed: photos that an act carries now wait, others go on or stop. */
  look(awake = false): void {
    this.#queue.look(awake);
    this.#turn = this.#turn
      .then(() => (this.#closed ? undefined : this.#tidy()))
      .then(() => this.#queue.look(awake))
      // A disk that does not answer now is asked again at the next change.
      .catch(() => undefined);
  }

  /** Resolves when what has changed so far was looked at. */
  looked(): Promise<void> {
    return this.#turn;
  }

  /** The person has read why the centre did not take it. */
  async letGo(hash: string): Promise<void> {
    await this.#store.drop([hash]);
    this.look();
  }

  close(): void {
    this.#closed = true;
    this.#queue.stop();
    this.#store.close();
  }

  async #tidy(): Promise<void> {
    const rows = await this.#store.rows();
    const { replica, registry, now, onRows } = this.#parts;
    const carried = new Set(replica.entries.flatMap((entry) => photosOfAct(registry, entry)));
    const shown = rows.length > 0 ? this.#shownPhotos() : new Set<string>();
    const becomesWaiting = rows.filter(
      ({ state, hash }) => state === 'draft' && (carried.has(hash) || shown.has(hash)),
    );
    for (const { hash } of becomesWaiting) await this.#store.change(hash, { state: 'waiting' });
    const gone = rows.filter(({ state, hash, keptAt }) => {
      if (state === 'received') return !shown.has(hash);
      return state === 'draft' && !carried.has(hash) && !shown.has(hash) && now() - keptAt > draftLivesMs;
    });
    await this.#store.drop(gone.map(({ hash }) => hash));
    await this.#store.dropOldDrafts(now());
    onRows(await this.#store.rows());
  }

  /** Photos that a record on this phone shows. */
  #shownPhotos(): ReadonlySet<string> {
    const { replica, registry } = this.#parts;
    const kinds = registry.kinds.filter(({ fields }) => Object.values(fields as Fields).some(holdsPhotos));
    const rows = kinds.flatMap((kind) =>
      (replica.shown.all(kind) as readonly Row[]).flatMap((row) => photosIn(kind.fields as Fields, row)),
    );
    return new Set(rows);
  }
}

async function hashOf(bytes: Bytes): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function codeOf(response: Response): Promise<unknown> {
  const body = (await response.json().catch(() => null)) as { error?: { data?: { code?: unknown } } } | null;
  return body?.error?.data?.code;
}
