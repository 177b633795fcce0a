/**
 * A sum over (kind, id, version) of everything a device holds. It does not depend on the order, so both sides can keep
 * it up to date row by row. 48 bits per entry, summed modulo 2^48: exact in a double.
 */
const modulus = 2 ** 48;

export function entryHash(kind: string, id: string, version: number): number {
  const text = `${kind}\u0000${id}\u0000${version}`;
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b) + at;
  }
  return (high & 0xffff) * 2 ** 32 + (low >>> 0);
}

export function addHash(sum: number, hash: number): number {
  return (sum + hash) % modulus;
}

export function takeHash(sum: number, hash: number): number {
  return (sum - hash + modulus) % modulus;
}
