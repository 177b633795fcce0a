import { createHash } from 'node:crypto';
import type { WireMutation } from '#engine/protocol.ts';

/** JSON whose text does not depend on the order in which keys were set. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** Hash of what an act says, without its number: the same act sent again has the same hash. */
export function contentHash(act: WireMutation): string {
  const { id, name, version, args, claimedAt } = act;
  return createHash('sha256')
    .update(canonicalJson([id, name, version, args, claimedAt]))
    .digest('base64url');
}

/** Few signs that differ when the value does; not a secret. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 11);
}
