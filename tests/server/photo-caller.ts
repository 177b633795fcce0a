import { createHash } from 'node:crypto';
import { answerPhotos } from '#server/photos/photo-door.ts';
import type { PhotoRoom } from '#server/photos/photo-room.ts';
import type { Station } from '#server/station.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export const hashOf = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');

/** A device at the photos' door, speaking the tus protocol by hand. */
export class PhotoCaller {
  constructor(
    readonly station: Station,
    readonly room: PhotoRoom,
    readonly cookie: string,
  ) {}

  async ask(method: string, id: string | null, head: Record<string, string> = {}, body?: Bytes | ReadableStream) {
    const headers = { 'tus-resumable': '1.0.0', 'x-nuanlin': '1', cookie: this.cookie, ...head };
    const options = { method, headers, ...(body ? { body, duplex: 'half' } : {}) };
    const request = new Request(`http://127.0.0.1/api/photos${id === null ? '' : `/${id}`}`, options as RequestInit);
    return answerPhotos(this.station, this.room, request, id);
  }

  begin(hash: string, length: number): Promise<Response> {
    const metadata = `hash ${Buffer.from(hash).toString('base64')}`;
    return this.ask('POST', null, { 'upload-length': String(length), 'upload-metadata': metadata });
  }

  async begun(hash: string, length: number): Promise<string> {
    const response = await this.begin(hash, length);
    return (response.headers.get('location') ?? '').replace('/api/photos/', '');
  }

  part(id: string, offset: number, bytes: Bytes | ReadableStream, head: Record<string, string> = {}) {
    const type = { 'content-type': 'application/offset+octet-stream' };
    return this.ask('PATCH', id, { 'upload-offset': String(offset), ...type, ...head }, bytes);
  }

  async offset(id: string): Promise<number> {
    return Number((await this.ask('HEAD', id)).headers.get('upload-offset'));
  }

  /** A whole photo; resolves with the answer to its last byte. `hash`: another one than it has. */
  async send(bytes: Bytes, hash = hashOf(bytes)): Promise<Response> {
    return this.part(await this.begun(hash, bytes.length), 0, bytes);
  }

  read(hash: string): Promise<Response> {
    return this.ask('GET', hash);
  }
}

export async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { data: { code: string } } }).error.data.code;
}
