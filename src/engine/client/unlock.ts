/**
 * How the key of this device's store is had. Callers only ever ask for the key; a form that first needs a PIN or a
 * passkey is `locked` until the person has given it, and nothing else changes.
 */
export interface Unlock {
  readonly state: 'locked' | 'open';
  /** The key for the store. Waits while locked, until the person has opened it. */
  open(): Promise<CryptoKey>;
}

/** How the key is kept, as it stands in the device's row. New forms are added here, old ones stay readable. */
export type KeptKey = { readonly form: 'device-key'; readonly key: CryptoKey };

/**
 * The first form: a key that the browser keeps and never hands out as bytes. It keeps the store unreadable when files
 * are copied off the phone, not when the phone itself lies open.
 */
class DeviceKeyUnlock implements Unlock {
  readonly state = 'open';
  readonly #key: CryptoKey;

  constructor(key: CryptoKey) {
    this.#key = key;
  }

  open(): Promise<CryptoKey> {
    return Promise.resolve(this.#key);
  }
}

/** A new key for a device that has just joined. */
export async function newKeptKey(): Promise<KeptKey> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  return { form: 'device-key', key };
}

export function unlockOf(kept: KeptKey): Unlock {
  return new DeviceKeyUnlock(kept.key);
}

/** The key of the journal from what the centre gave (32 bytes as base64). */
export function journalKeyFrom(given: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(given), (sign) => sign.charCodeAt(0));
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
