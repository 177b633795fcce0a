import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { FileConfigstore, FileStore } from '@tus/file-store';
import { MemoryLocker, Server, type Upload } from '@tus/server';
import { hashSchema } from '#engine/field.ts';
import { photoBytesMax } from '#engine/limits.ts';
import { isBarePhoto, photoTypeOf } from '#engine/photo-bytes.ts';
import { photoPartsKeptMs, photosPerDeviceMax } from '#server/limits.ts';
import { log } from '#server/log.ts';
import * as v from 'valibot';
import type { PhotoStore } from './photo-store.ts';
import { codeOfAnswer, PhotoRefused, refusedPhoto } from './refusals.ts';

/** The device that sends. */
export interface Sender {
  readonly station: string;
  readonly device: string;
}

interface Parts {
  /** Where begun photos lie until they are whole. */
  readonly folder: string;
  readonly store: PhotoStore;
  readonly now: () => number;
}

/** Heads of the protocol; nothing else of a request reaches its handler. */
const heads = ['tus-resumable', 'upload-length', 'upload-offset', 'upload-metadata'] as const;
const answeredHeads = ['location', 'upload-offset', 'upload-length', 'tus-resumable'];
const idPattern = /^[0-9a-f]{16}-[0-9a-f]{32}$/;
/** How long a request that is still writing may take to end when the next one for the same photo has come (ms). */
const drainMs = 300;

/**
 * Photos on their way in, by the tus protocol: begun with the hash they will have, sent in parts, gone on with after
 * any break. A begun photo belongs to the device that began it; for every other it does not exist. When the last byte
 * is there, the content is checked and moved into the store before the answer says so.
 */
export class Uploads {
  readonly #parts: Parts;
  readonly #begun: FileConfigstore;
  readonly #tus: Server;
  readonly #senders = new WeakMap<Request, Sender>();

  constructor(parts: Parts) {
    this.#parts = parts;
    // Before the store does it by itself: an error of that could be caught by nobody.
    mkdirSync(parts.folder, { recursive: true, mode: 0o700 });
    this.#begun = new FileConfigstore(parts.folder);
    this.#tus = new Server({
      path: '/api/photos',
      relativeLocation: true,
      datastore: new FileStore({ directory: parts.folder, configstore: this.#begun }),
      locker: new MemoryLocker(),
      lockDrainTimeout: drainMs,
      maxSize: photoBytesMax,
      namingFunction: async (request) => this.#newName(this.#senderOf(request as unknown as Request)),
      onUploadCreate: async (request, upload) => ({
        metadata: { hash: announced(upload), ...this.#senderOf(request as unknown as Request) },
      }),
      onUploadFinish: async (_request, upload) => {
        await this.#settle(upload);
        return {};
      },
    });
  }

  /**
   * POST, HEAD and PATCH of a device: whether it may, and by calling, the answer. `id` is what stands behind the address,
   * null for a new photo.
   */
  async prepared(request: Request, id: string | null, sender: Sender): Promise<() => Promise<Response> | Response> {
    if (id === null) return () => this.#handOn(request, sender);
    const upload = await this.#ownUpload(id, sender);
    if (!upload) return () => refusedPhoto('not-found');
    if (request.method !== 'HEAD') return () => this.#handOn(request, sender);
    return async () => (await this.#answerOfWhole(upload)) ?? this.#handOn(request, sender);
  }

  /** Removes what nobody has gone on with for long; gives how many. */
  async sweep(): Promise<number> {
    const { folder, now } = this.#parts;
    let swept = 0;
    for (const name of await readdir(folder)) {
      const file = path.join(folder, name);
      const found = await stat(file).catch(() => null);
      if (!found || found.mtimeMs > now() - photoPartsKeptMs) continue;
      await unlink(file).catch(() => undefined);
      swept += 1;
    }
    return swept;
  }

  async #ownUpload(id: string, { station, device }: Sender): Promise<Upload | null> {
    if (!idPattern.test(id)) return null;
    const upload = await this.#begun.get(id);
    const { metadata } = upload ?? {};
    return upload && metadata?.['station'] === station && metadata['device'] === device ? upload : null;
  }

  /** A photo whose last answer was lost: it is whole, and in the store before this is said. */
  async #answerOfWhole(upload: Upload): Promise<Response | null> {
    if (upload.metadata?.['settled'] !== '1') {
      const part = await stat(this.#fileOf(upload.id)).catch(() => null);
      if (part?.size !== upload.size) return null;
      const refusal = await this.#settle(upload).catch((error: unknown) => error);
      if (refusal instanceof PhotoRefused) return refusedPhoto(refusal.code);
      if (refusal !== undefined) throw refusal;
    }
    const length = String(upload.size);
    const headers = { 'tus-resumable': '1.0.0', 'cache-control': 'no-store' };
    return new Response(null, { headers: { ...headers, 'upload-offset': length, 'upload-length': length } });
  }

  async #handOn(request: Request, sender: Sender): Promise<Response> {
    const headers = new Headers();
    for (const name of heads) {
      const value = request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    const patch = request.method === 'PATCH';
    for (const name of patch ? ['content-type', 'content-length'] : []) {
      const value = request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    // A photo is begun without bytes: were that answer lost, they would have been sent for nothing.
    const body = patch ? { body: request.body, duplex: 'half' } : {};
    const inner = new Request(request.url, { method: request.method, headers, ...body } as RequestInit);
    this.#senders.set(inner, sender);
    const answer = await this.#tus.handleWeb(inner);
    if (answer.status >= 400) return refusedPhoto(codeOfAnswer(answer.status, await answer.text()));
    const given = new Headers({ 'cache-control': 'no-store' });
    for (const name of answeredHeads) if (answer.headers.has(name)) given.set(name, answer.headers.get(name) ?? '');
    return new Response(null, { status: answer.status, headers: given });
  }

  #senderOf(request: Request): Sender {
    const sender = this.#senders.get(request);
    if (!sender) throw new PhotoRefused('sign-in');
    return sender;
  }

  /** Names of one device's photos begin alike, so that they can be counted; the rest cannot be guessed. */
  async #newName({ station, device }: Sender): Promise<string> {
    const own = createHash('sha256')
      .update(JSON.stringify([station, device]))
      .digest('hex')
      .slice(0, 16);
    const begun = (await readdir(this.#parts.folder)).filter((name) => name.startsWith(own) && name.endsWith('.json'));
    if (begun.length >= photosPerDeviceMax) throw new PhotoRefused('too-many');
    return `${own}-${randomBytes(16).toString('hex')}`;
  }

  /** Checks the whole photo and moves it into the store; may be done twice. Throws `PhotoRefused`. */
  async #settle(upload: Upload): Promise<void> {
    const { hash = '', station = '' } = upload.metadata as { hash?: string; station?: string };
    const bytes = new Uint8Array(await readFile(this.#fileOf(upload.id)));
    const wrong = whatIsWrong(bytes, hash);
    if (wrong) {
      await this.#forget(upload.id);
      throw wrong;
    }
    await this.#parts.store.put(station, hash, bytes).catch((error: unknown) => {
      log.error({ err: error }, 'a photo could not be stored');
      throw new PhotoRefused('unavailable');
    });
    // The note stays for a while: a phone that did not hear the answer asks once more.
    const noted = { ...upload, metadata: { ...upload.metadata, settled: '1' } } as unknown as Upload;
    await this.#begun.set(upload.id, noted);
    await unlink(this.#fileOf(upload.id)).catch(() => undefined);
  }

  async #forget(id: string): Promise<void> {
    await this.#begun.delete(id);
    await unlink(this.#fileOf(id)).catch(() => undefined);
  }

  #fileOf(id: string): string {
    return path.join(this.#parts.folder, id);
  }
}

function announced({ metadata, size }: Upload): string {
  const hash = metadata?.['hash'];
  if (!v.is(hashSchema, hash) || !size) throw new PhotoRefused('invalid');
  return hash;
}

function whatIsWrong(bytes: Uint8Array<ArrayBuffer>, hash: string): PhotoRefused | null {
  if (bytes.length > photoBytesMax) return new PhotoRefused('too-large');
  if (createHash('sha256').update(bytes).digest('hex') !== hash) return new PhotoRefused('other-content');
  if (photoTypeOf(bytes) === null) return new PhotoRefused('not-a-photo');
  return isBarePhoto(bytes) ? null : new PhotoRefused('carries-metadata');
}
