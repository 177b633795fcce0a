import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Digits and capitals without those that are read or heard as another: 0 O, 1 I L, U V. */
const signs = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const codeLength = 8;

/** 256 bits for a session, 128 for a link that lives minutes. */
export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** Eight signs a person can read out: 'K7M2-QX4D'. */
export function newCode(): string {
  const picked = Array.from({ length: codeLength }, () => signs[randomInt(signs.length)]).join('');
  return `${picked.slice(0, 4)}-${picked.slice(4)}`;
}

/** What the database keeps of a secret. Secrets are random, so a plain hash is enough; passwords are another matter. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** The code as it was made, however it was typed: small letters, no hyphen, blanks; null when it cannot be one. */
export function normalCode(typed: string): string | null {
  const bare = typed.toUpperCase().replace(/[\s-]/g, '');
  if (bare.length !== codeLength || [...bare].some((sign) => !signs.includes(sign))) return null;
  return `${bare.slice(0, 4)}-${bare.slice(4)}`;
}
