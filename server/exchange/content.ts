import { hash } from 'node:crypto';
import type { WireMutation } from '#engine/protocol.ts';

/** JSON whose text does not depend on the order in which keys were set. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value).sort())
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`;
  return `{${text}}`;
}

/** Hash of what an act says, without its number: the same act sent again has the same hash. */
export function contentHash(act: WireMutation): string {
  const { id, name, version, args, claimedAt } = act;
  return hash('sha256', canonicalJson([id, name, version, args, claimedAt]), 'base64url');
}

/** Few signs that differ when the value does; not a secret. */
export function shortHash(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'base64url').slice(0, 11);
}
