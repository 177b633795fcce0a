import path from 'node:path';
import { photoSweepMs } from '#server/limits.ts';
import { log } from '#server/log.ts';
import { FolderStore } from './folder-store.ts';
import type { PhotoStore } from './photo-store.ts';
import { S3Store } from './s3-store.ts';
import { Uploads } from './uploads.ts';

/** Where photos go; from the environment. */
export interface PhotoSettings {
  readonly DATA_DIR?: string;
  /** Folder of the photos; `photos` in the station's data folder when it is not set. */
  readonly PHOTO_DIR?: string;
  /** With an endpoint the photos lie in a store that speaks S3; only begun ones are in the folder. */
  readonly PHOTO_S3_ENDPOINT?: string;
  readonly PHOTO_S3_BUCKET?: string;
  readonly PHOTO_S3_KEY?: string;
  readonly PHOTO_S3_SECRET?: string;
  readonly PHOTO_S3_REGION?: string;
}

/** Everything photos need on the server. */
export interface PhotoRoom {
  readonly store: PhotoStore;
  readonly uploads: Uploads;
  close(): void;
}

/** Throws an error whose message is one sentence for a person when the settings do not fit together. */
export function openPhotoRoom(settings: PhotoSettings, now: () => number = Date.now): PhotoRoom {
  const folder = path.resolve(settings.PHOTO_DIR || path.join(settings.DATA_DIR || 'data', 'photos'));
  const store = storeOf(settings, folder);
  const uploads = new Uploads({ folder: path.join(folder, 'begun'), store, now });
  const sweep = (): void =>
    void uploads.sweep().catch((error: unknown) => log.error({ err: error }, 'old parts of photos stay'));
  sweep();
  const timer = setInterval(sweep, photoSweepMs).unref();
  return { store, uploads, close: () => clearInterval(timer) };
}

function storeOf(settings: PhotoSettings, folder: string): PhotoStore {
  const endpoint = settings.PHOTO_S3_ENDPOINT;
  if (!endpoint) return new FolderStore(path.join(folder, 'stored'));
  const { PHOTO_S3_BUCKET: bucket, PHOTO_S3_KEY: key, PHOTO_S3_SECRET: secret } = settings;
  if (!bucket || !key || !secret || !URL.canParse(endpoint))
    throw new Error('PHOTO_S3_ENDPOINT is set, so PHOTO_S3_BUCKET, PHOTO_S3_KEY and PHOTO_S3_SECRET must be, too.');
  return new S3Store({ endpoint, bucket, key, secret, region: settings.PHOTO_S3_REGION || 'us-east-1' });
}
