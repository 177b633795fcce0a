import type { PackedColumn, WireColumn } from './protocol.ts';

/**
 * Columns written so that they weigh little once they are compressed: ids as bytes, places in a word list as single
 * signs, numbers as what they differ by. Only for a side that has said it reads them; see the protocol.
 */

/** Signs that JSON writes as they are. */
const signs = Array.from({ length: 91 }, (_none, at) => String.fromCharCode(35 + at + (at >= 57 ? 1 : 0))).slice(0, 90);
const signPlace = new Map(signs.map((sign, at) => [sign.charCodeAt(0), at]));
const base = signs.length;
const uuidLength = 36;
const uuidBytes = 16;
const dash = 45;
/** What a sign of a hexadecimal number is worth, by its code; -1 for any other. */
const nibbles = Int8Array.from({ length: 256 }, (_none, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)));
const hexOf = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0'));
/** Fewer ids than this are not worth it. */
const uuidsFrom = 2;

/** What stands in a packed column cannot be read. */
export class UnreadableColumn extends Error {
  override readonly name = 'UnreadableColumn';
}

/** Values as a column; `pack` when whoever reads it knows the packed forms. */
export function writeColumn(values: readonly unknown[], pack = false): WireColumn {
  const places = new Map<unknown, number>();
  const words: unknown[] = [];
  const at = values.map((value) => {
    const key = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, words.length);
    return words.push(value) - 1;
  });
  if (words.length <= 1) return { all: words[0] ?? null };
  const numbers = pack && words.length > base ? packedNumbers(values) : null;
  if (numbers) return numbers;
  const ids = pack ? packedIds(words) : null;
  if (ids && weightOfIds(words.length, values.length) < weightOfIds(values.length, 0))
    return { list: ids, signs: signsOf(at, words.length) };
  if (words.length * 2 > values.length) return (pack ? packedIds(values) : null) ?? { each: values };
  if (!pack || words.length > base * base) return { words, at };
  return { list: ids ?? { each: words }, signs: signsOf(at, words.length) };
}

/** About so many bytes once compressed: a sign of hundreds weighs nearly a byte. */
function weightOfIds(ids: number, places: number): number {
  return ids > base * base ? Infinity : ids * uuidBytes + places * (ids > base ? 2 : 1);
}

/** The values again; throws `UnreadableColumn` when they are not so many. */
export function readColumn(column: WireColumn, length: number): readonly unknown[] {
  if ('all' in column) return Array.from({ length }, () => column.all);
  const values = valuesOf(column, length);
  if (values.length !== length) throw new UnreadableColumn();
  return values;
}

function valuesOf(column: Exclude<WireColumn, { all: unknown }>, length: number): readonly unknown[] {
  if ('words' in column) return column.at.map((place) => column.words[place]);
  if ('uuids' in column) return idsFrom(column.uuids);
  if ('signs' in column) return wordsFrom(column, length);
  if ('from' in column) return numbersFrom(column, length);
  return column.each;
}

/** One sign for each place, and behind them a second one for each when there are many words. */
function signsOf(at: readonly number[], words: number): string {
  const last = at.map((place) => signs[place % base]).join('');
  return words <= base ? last : last + at.map((place) => signs[Math.floor(place / base)]).join('');
}

function wordsFrom({ list, signs: text }: Extract<WireColumn, { signs: string }>, length: number): unknown[] {
  const words = 'uuids' in list ? idsFrom(list.uuids) : list.each;
  if (text.length !== length && text.length !== 2 * length) throw new UnreadableColumn();
  const isLong = text.length > length;
  return Array.from({ length }, (_none, at) => {
    const place = placeAt(text, at) + (isLong ? placeAt(text, length + at) * base : 0);
    if (!(place < words.length)) throw new UnreadableColumn();
    return words[place];
  });
}

const placeAt = (text: string, at: number): number => signPlace.get(text.charCodeAt(at)) ?? Number.NaN;

/** Ids as bytes, all first bytes before all second ones: those of one day begin alike, and that costs nothing then. */
function packedIds(values: readonly unknown[]): { readonly uuids: string } | null {
  if (values.length < uuidsFrom) return null;
  const bytes = new Uint8Array(values.length * uuidBytes);
  const areIds = values.every((value, at) => putId(value, bytes, at, values.length));
  return areIds ? { uuids: btoa(binaryOf(bytes)) } : null;
}

/** Puts the bytes of an id at `from` and every `step` behind it; false when it is none. */
function putId(value: unknown, bytes: Uint8Array, from: number, step: number): boolean {
  if (typeof value !== 'string' || value.length !== uuidLength) return false;
  let at = from;
  for (let sign = 0; sign < uuidLength; sign += 2) {
    if (sign === 8 || sign === 13 || sign === 18 || sign === 23) {
      if (value.charCodeAt(sign) !== dash) return false;
      sign += 1;
    }
    const [high, low] = [nibbles[value.charCodeAt(sign)] ?? -1, nibbles[value.charCodeAt(sign + 1)] ?? -1];
    if (high < 0 || low < 0) return false;
    bytes[at] = high * 16 + low;
    at += step;
  }
  return true;
}

function binaryOf(bytes: Uint8Array): string {
  const step = 8_192;
  let binary = '';
  for (let from = 0; from < bytes.length; from += step)
    // Spread, every byte would be asked for through an iterator.
    binary += String.fromCharCode.apply(null, bytes.subarray(from, from + step) as unknown as number[]);
  return binary;
}

/** Ids from their bytes; throws `UnreadableColumn`. */
export function idsFrom(text: string): string[] {
  const binary = decoded(text);
  const count = binary.length / uuidBytes;
  if (!Number.isInteger(count)) throw new UnreadableColumn();
  return Array.from({ length: count }, (_none, at) => {
    let id = '';
    for (let place = 0; place < uuidBytes; place += 1) {
      if (place === 4 || place === 6 || place === 8 || place === 10) id += '-';
      id += hexOf[binary.charCodeAt(place * count + at)] as string;
    }
    return id;
  });
}

function decoded(text: string): string {
  try {
    return atob(text);
  } catch {
    throw new UnreadableColumn();
  }
}

/** Whole numbers as what they are above the lowest, or above the one before when they go on evenly. */
function packedNumbers(values: readonly unknown[]): PackedColumn | null {
  if (!values.every((value) => Number.isSafeInteger(value))) return null;
  const numbers = values as readonly number[];
  const steps = numbers.slice(1).map((value, at) => value - (numbers[at] as number));
  const lowest = numbers.reduce((low, value) => Math.min(low, value), Infinity);
  const above = numbers.map((value) => value - lowest);
  const [first] = numbers as [number];
  if (steps.every((step) => step === steps[0])) return { from: first, step: steps[0] as number };
  const size = (list: readonly number[]): number => list.reduce((sum, one) => sum + String(one).length, 0);
  return size(steps) < size(above) ? { from: first, steps } : { from: lowest, above };
}

function numbersFrom(column: Extract<WireColumn, { from: number }>, length: number): number[] {
  if ('above' in column) return column.above.map((value) => column.from + value);
  if ('step' in column) return Array.from({ length }, (_none, at) => column.from + at * column.step);
  let value = column.from;
  return [value, ...column.steps.map((step) => (value += step))];
}
