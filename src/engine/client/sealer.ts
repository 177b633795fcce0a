/**
 * Everything about people is sealed before it touches the disk: AES-GCM with 256 bits, a random 96-bit nonce, and the
 * place where the value belongs bound to it, so that bytes copied from another device, table or kind do not open.
 */
export interface Place {
  readonly table: string;
  /** What sort of value it is: 'entry', 'verdict', 'page', 'facts', 'photo'. */
  readonly kind: string;
  /** Where the value has a key that is known before it is written. */
  readonly id?: string;
}

export type Bytes = Uint8Array<ArrayBuffer>;

const formatVersion = 1;
const nonceLength = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Sealer {
  readonly #key: CryptoKey;
  readonly #device: string;
  /** What is bound to the values of a place, by the place itself: most are asked for again and again. */
  readonly #bound = new WeakMap<Place, Bytes>();

  constructor(key: CryptoKey, device: string) {
    this.#key = key;
    this.#device = device;
  }

  /** Plain JSON in, bytes out. */
  seal(place: Place, value: unknown): Promise<Bytes> {
    return this.sealBytes(place, encoder.encode(JSON.stringify(value)));
  }

  /** Bytes in, bytes out: one byte of format, the nonce, what is sealed. */
  async sealBytes(place: Place, plain: Bytes): Promise<Bytes> {
    const nonce = crypto.getRandomValues(new Uint8Array(nonceLength));
    const sealed = new Uint8Array(await crypto.subtle.encrypt(this.#algorithm(nonce, place), this.#key, plain));
    const bytes = new Uint8Array(1 + nonceLength + sealed.length);
    bytes[0] = formatVersion;
    bytes.set(nonce, 1);
    bytes.set(sealed, 1 + nonceLength);
    return bytes;
  }

  /** Throws SealBroken when the bytes were damaged, or belong to another place or device. */
  async open<T>(place: Place, bytes: Bytes): Promise<T> {
    return JSON.parse(decoder.decode(await this.openBytes(place, bytes))) as T;
  }

  /** The bytes that `sealBytes` was given. Throws like `open`. */
  async openBytes(place: Place, bytes: Bytes): Promise<Bytes> {
    if (bytes[0] !== formatVersion) throw new SealBroken(place);
    const nonce = bytes.subarray(1, 1 + nonceLength);
    const sealed = bytes.subarray(1 + nonceLength);
    const plain = await crypto.subtle
      .decrypt(this.#algorithm(nonce, place), this.#key, sealed)
      .catch(() => Promise.reject(new SealBroken(place)));
    return new Uint8Array(plain);
  }

  #algorithm(nonce: Bytes, place: Place): AesGcmParams {
    return { name: 'AES-GCM', iv: nonce, additionalData: this.#boundTo(place) };
  }

  #boundTo(place: Place): Bytes {
    const known = this.#bound.get(place);
    if (known) return known;
    const words = [formatVersion, this.#device, place.table, place.kind, place.id ?? null];
    const bound = encoder.encode(JSON.stringify(words));
    this.#bound.set(place, bound);
    return bound;
  }
}

/** What stands on the disk cannot be opened with this device's key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  constructor(place: Place) {
    super(`A sealed value of ${place.table}/${place.kind} does not open.`);
  }
}
