import type { Fields } from '#engine/field.ts';
import type { Identity } from '#engine/context.ts';
import { idLengthMax } from '#engine/limits.ts';
import type { Registry } from '#engine/registry.ts';
import type { Viewer } from '#engine/scope.ts';
import { shortHash } from './content.ts';
import { isWhole } from './whole.ts';

/** How far a filling in parts has come with the kinds that are compared by version. */
export interface Part {
  /** The counter when the filling began: everything up to it is meant to arrive. */
  readonly upTo: number;
  /** Kinds before this one have arrived; this one up to the place. */
  readonly kind: string;
  readonly version: number;
  readonly id: string;
}

/** How much the answer before carried, and when it was given: tells how fast this phone's line is. */
export interface Pace {
  readonly rows: number;
  /** Server time (ms). */
  readonly at: number;
}

/** What a cookie says: which answer the device has committed, and for whom and when that answer was made. */
export interface Cookie {
  /** Number of the answer. */
  readonly pull: number;
  /** Up to this version of the station the device has every change of the kinds it holds whole. */
  readonly version: number;
  readonly day: string;
  /** Differs when the person, their roles or their communities do. */
  readonly who: string;
  /** Differs when the fields do which this person may have, or the kinds held whole: what is held is another thing. */
  readonly shape: string;
  readonly part: Part | null;
  /** Only while more is to come. */
  readonly pace?: Pace | null;
}

export function writeCookie(cookie: Cookie): string {
  const { pull, version, day, who, shape, part, pace } = cookie;
  const told = pace ? [`${pace.rows.toString(36)}-${pace.at.toString(36)}`] : [];
  return [pull.toString(36), version.toString(36), day, who, shape, writePart(part), ...told].join('.');
}

function writePart(part: Part | null): string {
  if (part === null) return '-';
  const { upTo, kind, version, id } = part;
  return Buffer.from(JSON.stringify([upTo, kind, version, id])).toString('base64url');
}

/** Signs of which kinds and ids are made, so that whatever a cookie says can be asked of a database. */
function isWord(value: unknown): boolean {
  return typeof value === 'string' && value.length <= idLengthMax && /^[\p{L}\p{N}:._-]*$/u.test(value);
}

/** The part, null when there is none, undefined when this is not one. */
function readPart(text: string): Part | null | undefined {
  if (text === '-') return null;
  try {
    const [upTo, kind, version, id, ...rest] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const counts = [upTo, version].every((one) => Number.isSafeInteger(one) && (one as number) >= 0);
    if (!counts || ![kind, id].every(isWord) || rest.length > 0) return undefined;
    return { upTo: upTo as number, kind: kind as string, version: version as number, id: id as string };
  } catch {
    return undefined;
  }
}

function readPace(text: string | undefined): Pace | null {
  const found = text?.match(/^([0-9a-z]{1,5})-([0-9a-z]{1,9})$/);
  if (!found) return null;
  const [, rows, at] = found as unknown as [string, string, string];
  return { rows: Number.parseInt(rows, 36), at: Number.parseInt(at, 36) };
}

/** The cookie, or null for none and for anything this server did not write. */
export function readCookie(text: string | null): Cookie | null {
  if (text === null) return null;
  const parts = text.split('.');
  if (parts.length !== 6 && parts.length !== 7) return null;
  const [pull, version, day, who, shape, rest] = parts as [string, string, string, string, string, string];
  const part = readPart(rest);
  if (part === undefined || ![pull, version].every((number) => /^[0-9a-z]{1,10}$/.test(number))) return null;
  const pace = readPace(parts[6]);
  return { pull: Number.parseInt(pull, 36), version: Number.parseInt(version, 36), day, who, shape, part, pace };
}

export function whoOf(identity: Identity): string {
  const { station, person, roles, communities } = identity;
  return shortHash([station, person, [...roles].sort(), communities === 'all' ? 'all' : [...communities].sort()]);
}

/** Names of a kind's fields that people with these roles receive. */
export function fieldsSeen(fields: Fields, roles: readonly string[]): string[] {
  const isSeen = ({ only }: Fields[string]): boolean => !only || only.some((role) => roles.includes(role));
  return Object.entries(fields).flatMap(([name, field]) => (isSeen(field) ? [name] : []));
}

export function shapeOf(registry: Registry, viewer: Viewer): string {
  const shapes = registry.kinds.map((kind) => [
    kind.name,
    isWhole(kind, viewer),
    fieldsSeen(kind.fields as Fields, viewer.roles).sort(),
  ]);
  return shortHash(shapes.sort());
}
