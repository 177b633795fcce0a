/**
 * Where the bytes of photos lie, named by station and content: what is put twice is there once, and one station's
 * photos are never found under another's name. Two stores: a folder, and anything that speaks S3.
 */
export interface PhotoStore {
  /** Keeps the bytes; resolves when they are safe. What is there already stays. Throws when they could not be kept. */
  put(station: string, hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The bytes, or null when there are none of this name. Throws when the store does not answer. */
  get(station: string, hash: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Ids of stations may hold any letter; as a name of a folder or key they hold nothing that leads elsewhere. */
export function stationPart(station: string): string {
  return encodeURIComponent(station).replaceAll('.', '%2E');
}
