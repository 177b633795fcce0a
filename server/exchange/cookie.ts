import type { Fields } from '#engine/field.ts';
import type { Identity } from '#engine/context.ts';
import type { Registry } from '#engine/registry.ts';
import { shortHash } from './content.ts';

/** What a cookie says: which answer the device has committed, and for whom and when that answer was made. */
export interface Cookie {
  /** Number of the answer. */
  readonly pull: number;
  /** The station's version that answer was made from. */
  readonly version: number;
  readonly day: string;
  /** Differs when the person, their roles or their communities do. */
  readonly who: string;
  /** Differs when the fields do which this person may have: held rows would be of another shape. */
  readonly shape: string;
}

export function writeCookie(cookie: Cookie): string {
  return [cookie.pull.toString(36), cookie.version.toString(36), cookie.day, cookie.who, cookie.shape].join('.');
}

/** The cookie, or null for none and for anything this server did not write. */
export function readCookie(text: string | null): Cookie | null {
  const parts = text?.split('.') ?? [];
  if (parts.length !== 5) return null;
  const [pull, version, day, who, shape] = parts as [string, string, string, string, string];
  if (![pull, version].every((number) => /^[0-9a-z]{1,10}$/.test(number))) return null;
  return { pull: Number.parseInt(pull, 36), version: Number.parseInt(version, 36), day, who, shape };
}

export function whoOf(identity: Identity): string {
  const { station, person, roles, communities } = identity;
  return shortHash([station, person, [...roles].sort(), communities === 'all' ? 'all' : [...communities].sort()]);
}

/** Names of a kind's fields that people with these roles receive. */
export function fieldsSeen(fields: Fields, roles: readonly string[]): string[] {
  return Object.keys(fields).filter((name) => {
    const only = fields[name]?.only;
    return !only || only.some((role) => roles.includes(role));
  });
}

export function shapeOf(registry: Registry, roles: readonly string[]): string {
  return shortHash(registry.kinds.map((kind) => [kind.name, fieldsSeen(kind.fields as Fields, roles).sort()]).sort());
}
