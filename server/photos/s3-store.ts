import { AwsClient } from 'aws4fetch';
import { photoTypeOf } from '#engine/photo-bytes.ts';
import { photoStorePatienceMs, photoStoreTries } from '#server/limits.ts';
import { stationPart, type PhotoStore } from './photo-store.ts';

export interface S3Settings {
  /** e.g. 'https://s3.example.cn'; the bucket stands behind it in the path, which every compatible store understands. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: string;
  readonly secret: string;
  readonly region: string;
}

/** Photos in any store that speaks S3, as `<bucket>/<station>/<hash>`. */
export class S3Store implements PhotoStore {
  readonly #client: AwsClient;
  readonly #bucket: string;

  constructor({ endpoint, bucket, key, secret, region }: S3Settings) {
    const retries = photoStoreTries - 1;
    this.#client = new AwsClient({ accessKeyId: key, secretAccessKey: secret, service: 's3', region, retries });
    this.#bucket = `${endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}`;
  }

  async put(station: string, hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    // The content's name is its SHA-256, so the store itself can tell when bytes were spoilt on the way.
    const headers = {
      'content-type': photoTypeOf(bytes) ?? 'application/octet-stream',
      'x-amz-content-sha256': hash,
    };
    const response = await this.#ask(station, hash, { method: 'PUT', headers, body: bytes });
    if (!response.ok) throw new Error(`The photo store answered ${response.status} to a photo.`);
  }

  async get(station: string, hash: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const response = await this.#ask(station, hash, { method: 'GET' });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`The photo store answered ${response.status} when asked for a photo.`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async #ask(station: string, hash: string, options: RequestInit): Promise<Response> {
    // Encoded a second time: the name of the object holds the signs that stand for others, not these others.
    const url = `${this.#bucket}/${encodeURIComponent(stationPart(station))}/${hash}`;
    return this.#client.fetch(url, { ...options, signal: AbortSignal.timeout(photoStorePatienceMs) });
  }
}
