import type { DBSchema } from 'idb';
import { Connection, databaseExists, deleteDatabase } from '../connection.ts';
import type { Bytes } from '../sealer.ts';

/** How a photo of this phone stands. */
export type PhotoState =
  /** Taken, and no act carries it yet. */
  | 'draft'
  /** An act carries it; the centre does not have it yet. */
  | 'waiting'
  /** The centre has it; kept while a record on this phone shows it. */
  | 'received'
  /** The centre does not take it. */
  | 'refused';

/** What is known of a photo without opening it. */
export interface PhotoRow {
  readonly hash: string;
  readonly state: PhotoState;
  readonly size: number;
  /** By this phone's clock (ms). */
  readonly keptAt: number;
  /** Where at the centre it was begun; null before that. */
  readonly url: string | null;
  /** Why it is not taken. */
  readonly code: string | null;
}

interface BytesRow {
  readonly hash: string;
  readonly bytes: Bytes;
}

interface DraftRow {
  readonly key: string;
  readonly keptAt: number;
  readonly bytes: Bytes;
}

// Not the beginning by which the stores of devices are found.
const nameOf = (device: string): string => `photos.nuanlin.${device}`;

interface PhotoSchema extends DBSchema {
  photos: { key: string; value: PhotoRow };
  bytes: { key: string; value: BytesRow };
  drafts: { key: string; value: DraftRow };
}

/**
 * Photos lie in a database of their own: what they do to it, or it to them, cannot touch the acts, and the store of the
 * device keeps its form. Bytes lie apart from what is asked of them every minute.
 */
export class PhotoDatabase extends Connection<PhotoSchema> {
  constructor(device: string) {
    const stores = { photos: { keyPath: 'hash' }, bytes: { keyPath: 'hash' }, drafts: { keyPath: 'key' } };
    super({ name: nameOf(device), version: 1, stores });
  }
}

/** Whether there may be photos of this device here. */
export function hasPhotos(device: string): Promise<boolean> {
  return databaseExists(nameOf(device));
}

/** Deletes all photos of a device that belongs to nobody any more. */
export function forgetPhotos(device: string): Promise<void> {
  return deleteDatabase(nameOf(device));
}
