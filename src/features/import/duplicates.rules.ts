/**
 * Rows about the same person. Only what is certain is called exact; everything else is a proposal for a person to
 * decide, and people who merely look alike (one name, one telephone) stay apart.
 */
import { doorKey } from './address.rules.ts';
import type { Duplicate } from './ledger.ts';
import { differsByOneSign } from './text.rules.ts';

export interface Comparable {
  sheet: string;
  row: number;
  name: string;
  nameWritten?: string;
  id: string | null;
  idWritten?: string;
  birth: string | null;
  phones: string[];
  building?: string | null;
  unit?: number | null;
  room?: string | null;
  /** Everything else the row says, in one normal form: equal facts, equal text. Only asked of rows that look alike. */
  facts: () => string;
  /** The row says itself that somebody came from elsewhere: it is the newer of the two. */
  transferred?: boolean;
  /** The row stands where the order of its sheet does not expect it: it was added later. */
  outOfPlace?: boolean;
}

/** Finds the duplicates among the rows, in the order of the rows; a row is a duplicate of at most one other. */
export function findDuplicates(people: Comparable[]): Duplicate[] {
  const found = new Map<number, { of: number; exact: boolean }>();
  for (const group of candidateGroups(people)) {
    for (let later = 1; later < group.length; later += 1) {
      for (let earlier = 0; earlier < later; earlier += 1)
        comparePair(people, group[earlier] ?? 0, group[later] ?? 0, found);
    }
  }
  return [...found].sort((a, b) => a[0] - b[0]).map(([index, { of, exact }]) => toDuplicate(people, index, of, exact));
}

function toDuplicate(people: Comparable[], index: number, of: number, exact: boolean): Duplicate {
  const row = people[index] as Comparable;
  const kept = people[of] as Comparable;
  return { sheet: row.sheet, row: row.row, name: row.name, sameAs: { sheet: kept.sheet, row: kept.row }, exact };
}

function comparePair(
  people: Comparable[],
  a: number,
  b: number,
  found: Map<number, { of: number; exact: boolean }>,
): void {
  const first = people[a];
  const second = people[b];
  if (!first || !second || (first.sheet === second.sheet && first.row === second.row)) return;
  const same = samePerson(first, second);
  if (same === 'no') return;
  const [duplicate, kept] = isTheExtraOne(first, second) ? [a, b] : [b, a];
  if (found.has(duplicate) || found.get(kept)?.of === duplicate) return;
  const of = found.get(kept)?.of ?? kept;
  if (of !== duplicate) found.set(duplicate, { of, exact: same === 'exact' });
}

/** The poorer row is the extra one: without a right ID, or with the note of a move; otherwise the later row. */
function isTheExtraOne(first: Comparable, second: Comparable): boolean {
  if ((first.id === null) !== (second.id === null)) return first.id === null;
  if (Boolean(first.transferred) !== Boolean(second.transferred)) return Boolean(first.transferred);
  return first.outOfPlace === true && second.outOfPlace !== true;
}

const LARGEST_GROUP = 40;

/** Rows that share a number, or a name with a telephone, a door or a birth date: only these are worth comparing. */
function candidateGroups(people: Comparable[]): number[][] {
  return KEYS.flatMap((keysOf) => groupsBy(people, keysOf));
}

/** One kind of key after the other, so that never more than one table of twenty thousand keys is held. */
const KEYS: ((person: Comparable) => (string | null)[])[] = [
  ({ id }) => [id],
  ({ phones }) => phones,
  (person) => [doorOf(person)],
  ({ name, birth }) => [birth && `${name} ${birth}`],
  ({ name }) => [name],
];

function groupsBy(people: Comparable[], keysOf: (person: Comparable) => (string | null)[]): number[][] {
  // Most keys belong to one person alone; only those of several get a list.
  const first = new Map<string, number>();
  const groups = new Map<string, number[]>();
  people.forEach((person, index) => {
    for (const key of keysOf(person)) {
      if (key === null) continue;
      const known = first.get(key);
      if (known === undefined) first.set(key, index);
      else if (groups.has(key)) groups.get(key)?.push(index);
      else groups.set(key, [known, index]);
    }
  });
  return [...groups.values()].map((group) => group.slice(0, LARGEST_GROUP));
}

function doorOf(person: Comparable): string | null {
  return doorKey({ building: person.building ?? null, unit: person.unit ?? null, room: person.room ?? null });
}

/** Whether the two are one person: certainly and saying the same, perhaps, or not. */
export function samePerson(a: Comparable, b: Comparable): 'exact' | 'near' | 'no' {
  if (a.id && b.id) return a.id === b.id ? sameNumber(a, b) : 'no';
  const samePhone = a.phones.some((phone) => b.phones.includes(phone));
  const door = doorOf(a);
  const sameDoor = door !== null && door === doorOf(b);
  const birthsDiffer = a.birth !== null && b.birth !== null && a.birth !== b.birth;
  const sameBirth = a.birth !== null && a.birth === b.birth;
  if (birthsDiffer) return 'no';
  if (a.name === b.name) {
    if (!(samePhone || sameDoor)) return 'no';
    if (!sameBirth && (a.id || b.id) && !(samePhone && sameDoor)) return 'no';
    return a.id === b.id && (a.idWritten ?? '') === (b.idWritten ?? '') && saysTheSame(a, b) ? 'exact' : 'near';
  }
  // Another name is only the same person when nothing else differs and the names differ by one sign.
  const oneSlip =
    differsByOneSign(a.name, b.name) && [...a.name].length > 1 && [...a.name].length === [...b.name].length;
  return oneSlip &&
    samePhone &&
    sameDoor &&
    (sameBirth || (!a.id && !b.id && a.birth === null && b.birth === null && a.name[0] === b.name[0]))
    ? 'near'
    : 'no';
}

function saysTheSame(a: Comparable, b: Comparable): boolean {
  return a.facts() === b.facts() && (a.nameWritten ?? a.name) === (b.nameWritten ?? b.name);
}

/** The same right number: the same person, unless the names have nothing to do with each other. */
function sameNumber(a: Comparable, b: Comparable): 'exact' | 'near' | 'no' {
  if (a.name === b.name) return saysTheSame(a, b) ? 'exact' : 'near';
  return differsByOneSign(a.name, b.name) ? 'near' : 'no';
}
