import * as v from 'valibot';
import { idLengthMax, photosPerRecordMax } from './limits.ts';

/**
 * The vocabulary of fields. A field carries everything that is derived from it: the validator used at both doors,
 * the PostgreSQL column, and the input a generic form shows. In memory and on the wire a value is plain JSON:
 * dates are 'YYYY-MM-DD', local times 'HH:MM', instants milliseconds since 1970 (UTC), absent values null.
 */
export type ColumnType =
  'text' | 'integer' | 'double precision' | 'boolean' | 'date' | 'time' | 'timestamptz' | 'text[]' | 'jsonb';

export type InputKind =
  | 'text'
  | 'note'
  | 'phone'
  | 'number'
  | 'yesNo'
  | 'date'
  | 'time'
  | 'instant'
  | 'choice'
  | 'choices'
  | 'reference'
  | 'references'
  | 'person'
  | 'photo'
  | 'photos'
  | 'none';

/** Words in the person's language; evaluated when shown, never when declared. */
export type Words = () => string;

/** Of a kind's records, those that have one of these values in each of these fields: `{ status: ['active'] }`. */
export type Among = Readonly<Record<string, readonly unknown[]>>;

export interface FieldOptions {
  /** Label of the generic list, detail and form. */
  readonly label?: Words;
  /** Only people with one of these roles receive the value; for everybody else it is null. */
  readonly only?: readonly string[];
  /** Never written to a log, masked on screen until opened. */
  readonly sensitive?: boolean;
}

export interface Field<T = unknown> extends FieldOptions {
  readonly column: ColumnType;
  readonly input: InputKind;
  readonly schema: v.GenericSchema<unknown, T>;
  readonly optional: boolean;
  /** Kind this field points to, for references. */
  readonly refers?: string;
  /** Kind that every value of a list of ids points to. PostgreSQL knows no foreign key for it: the act must look. */
  readonly refersEach?: string;
  /** What a person may choose among when the field is filled in. */
  readonly among?: Among;
  /** Closed list of values, for choices; becomes a CHECK in PostgreSQL. */
  readonly values?: readonly string[];
  /** Words for each value of a closed list. */
  readonly valueLabels?: Readonly<Record<string, Words>>;
}

export type Fields = Readonly<Record<string, Field<any>>>;
export type ValueOf<F> = F extends Field<infer T> ? T : never;
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

const datePattern = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const timePattern = /^([01]\d|2[0-3]):[0-5]\d$/;

function field<T>(
  column: ColumnType,
  input: InputKind,
  schema: v.GenericSchema<unknown, T>,
  options: FieldOptions & Partial<Field>,
): Field<T> {
  return { ...options, column, input, schema, optional: false } as Field<T>;
}

/** One line of words. `max` is in characters. */
export function text(options: FieldOptions & { max?: number } = {}): Field<string> {
  const { max = 200, ...rest } = options;
  return field('text', 'text', v.pipe(v.string(), v.maxLength(max)), rest);
}

/** Several lines of words. */
export function note(options: FieldOptions & { max?: number } = {}): Field<string> {
  const { max = 2_000, ...rest } = options;
  return field('text', 'note', v.pipe(v.string(), v.maxLength(max)), rest);
}

/** A telephone number as digits, plus and hyphen; how it is read out is the screen's business. */
export function phone(options: FieldOptions = {}): Field<string> {
  return field('text', 'phone', v.pipe(v.string(), v.regex(/^[+\d][\d-]{2,24}$/)), options);
}

/** A whole number in the closed range from `min` to `max`. */
export function whole(options: FieldOptions & { min?: number; max?: number } = {}): Field<number> {
  const { min = -2_147_483_648, max = 2_147_483_647, ...rest } = options;
  return field('integer', 'number', v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)), rest);
}

/** A measured number; the unit belongs into the field's name (temperatureCelsius). */
export function measure(options: FieldOptions & { min?: number; max?: number } = {}): Field<number> {
  const { min = -1e12, max = 1e12, ...rest } = options;
  return field('double precision', 'number', v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max)), rest);
}

export function yesNo(options: FieldOptions = {}): Field<boolean> {
  return field('boolean', 'yesNo', v.boolean(), options);
}

/** A day in the station's calendar (Asia/Shanghai), 'YYYY-MM-DD'. */
export function date(options: FieldOptions = {}): Field<string> {
  return field('date', 'date', v.pipe(v.string(), v.regex(datePattern), v.check(isRealDate)), options);
}

/** A time of day in the station's calendar, 'HH:MM'. */
export function localTime(options: FieldOptions = {}): Field<string> {
  return field('time', 'time', v.pipe(v.string(), v.regex(timePattern)), options);
}

/** A moment, in milliseconds since 1970 (UTC). */
export function instant(options: FieldOptions = {}): Field<number> {
  return field(
    'timestamptz',
    'instant',
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_102_444_800_000)),
    options,
  );
}

/** One of a closed list. */
export function oneOf<const V extends string>(
  values: readonly V[],
  options: FieldOptions & { labels?: Readonly<Record<V, Words>> } = {},
): Field<V> {
  const { labels, ...rest } = options;
  return field('text', 'choice', v.picklist(values), { ...rest, values, valueLabels: labels }) as Field<V>;
}

/** Any of a closed list, in the order chosen. */
export function someOf<const V extends string>(
  values: readonly V[],
  options: FieldOptions & { labels?: Readonly<Record<V, Words>> } = {},
): Field<readonly V[]> {
  const { labels, ...rest } = options;
  const schema = v.pipe(v.array(v.picklist(values)), v.maxLength(values.length));
  return field('text[]', 'choices', schema, { ...rest, values, valueLabels: labels }) as Field<readonly V[]>;
}

/** A short list of words that a station configures itself (categories, skills). */
export function list(options: FieldOptions & { max?: number } = {}): Field<readonly string[]> {
  const { max = 60, ...rest } = options;
  return field(
    'text[]',
    'choices',
    v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(max)),
    rest,
  ) as Field<readonly string[]>;
}

/** The id of a record of `kind`; a foreign key in PostgreSQL. */
export function reference(kind: string, options: FieldOptions & { among?: Among } = {}): Field<string> {
  return field('text', 'reference', idSchema, { ...options, refers: kind });
}

/** Ids of records of `kind`, each once, in the order chosen; for the arguments of an act that makes one record of each. */
export function references(
  kind: string,
  options: FieldOptions & { among?: Among; min?: number; max?: number } = {},
): Field<readonly string[]> {
  const { min = 0, max = 200, ...rest } = options;
  const each = v.check((ids: string[]) => new Set(ids).size === ids.length);
  const schema = v.pipe(v.array(idSchema), v.minLength(min), v.maxLength(max), each);
  return field('text[]', 'references', schema, { ...rest, refersEach: kind }) as Field<readonly string[]>;
}

/** The id of a person who can act (volunteer, staff); not a foreign key, so that history outlives a membership. */
export function person(options: FieldOptions & { among?: Among } = {}): Field<string> {
  return field('text', 'person', idSchema, options);
}

/**
 * A photo: the record holds the content's SHA-256 as 64 hex digits, the bytes follow later by themselves. Nothing else
 * of a photo is stored, neither a name nor a place.
 */
export function photo(options: FieldOptions = {}): Field<string> {
  return field('text', 'photo', hashSchema, options);
}

/** A few photos, each once, in the order taken. */
export function photos(options: FieldOptions & { max?: number } = {}): Field<readonly string[]> {
  const { max = photosPerRecordMax, ...rest } = options;
  const each = v.check((hashes: string[]) => new Set(hashes).size === hashes.length);
  const schema = v.pipe(v.array(hashSchema), v.maxLength(max), each);
  return field('text[]', 'photos', schema, rest) as Field<readonly string[]>;
}

/** A small structured value checked by a valibot schema, kept as jsonb; for lists of lines and the like. */
export function structure<T>(schema: v.GenericSchema<unknown, T>, options: FieldOptions = {}): Field<T> {
  return field('jsonb', 'none', schema, options);
}

/** The same field, allowed to be null. */
export function optional<T>(inner: Field<T>): Field<T | null> {
  return { ...inner, optional: true, schema: v.nullable(inner.schema) } as unknown as Field<T | null>;
}

/** What names a photo: the SHA-256 of its bytes. */
export const hashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** Ids are printable and short; natural keys use ':' between their parts. */
export const idSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(idLengthMax), v.regex(/^[\p{L}\p{N}:._-]+$/u));

function isRealDate(value: string): boolean {
  const [year, month, day] = value.split('-').map(Number) as [number, number, number];
  const real = new Date(Date.UTC(year, month - 1, day));
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
}
