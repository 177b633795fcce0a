/** Finds the people of a list among those the station already knows, in spite of a typing mistake in the name. */
import { doorKey, fullEstateNames } from './address.rules.ts';
import type { KnownMatch, KnownPerson } from './ledger.ts';
import { differsByOneSign, tally } from './text.rules.ts';

interface Sought {
  name: string;
  id?: string | null;
  phones: string[];
  estate: string | null;
  building: string | null;
  unit: number | null;
  room: string | null;
}

export type Matcher = (person: Sought) => KnownMatch;

/** Prepares the known people once; the answer says whether somebody was found, and how the name stands there. */
export function matcherOf(known: KnownPerson[]): Matcher {
  const byName = groupBy(known, (person) => person.name);
  const byId = groupBy(known, (person) => person.id ?? null);
  const byDoor = groupBy(known, (person) => doorOf(person));
  return (person) => {
    const sameId = person.id ? byId.get(person.id)?.[0] : undefined;
    if (sameId) return found(sameId);
    const named = byName.get(person.name) ?? [];
    const agreeing = named.filter((candidate) => sharesPhone(person, candidate) || sameDoor(person, candidate));
    const silent = named.filter((candidate) => doorOf(person) === null || doorOf(candidate) === null);
    const match = agreeing[0] ?? (named.length === 1 ? silent[0] : undefined);
    if (match) return found(match);
    const neighbours = (byDoor.get(doorOf(person) ?? '') ?? []).filter((candidate) => sameEstate(person, candidate));
    const slips = neighbours.filter(
      (candidate) => candidate.name.length === person.name.length && differsByOneSign(candidate.name, person.name),
    );
    return slips.length === 1 && slips[0] ? { ...found(slips[0]), typo: true } : { found: false };
  };
}

function found(person: KnownPerson): KnownMatch {
  const elderId = person.elderId === undefined ? {} : { elderId: person.elderId };
  return { found: true, name: person.name, id: person.id ?? null, ...elderId };
}

function groupBy(people: KnownPerson[], key: (person: KnownPerson) => string | null): Map<string, KnownPerson[]> {
  const groups = new Map<string, KnownPerson[]>();
  for (const person of people) {
    const of = key(person);
    if (of !== null) groups.set(of, [...(groups.get(of) ?? []), person]);
  }
  return groups;
}

function doorOf(person: { building?: string | null; unit?: number | null; room?: string | null }): string | null {
  return doorKey({ building: person.building ?? null, unit: person.unit ?? null, room: person.room ?? null });
}

function sharesPhone(person: Sought, candidate: KnownPerson): boolean {
  return person.phones.some((phone) => candidate.phones?.includes(phone));
}

function sameDoor(person: Sought, candidate: KnownPerson): boolean {
  const door = doorOf(person);
  return door !== null && door === doorOf(candidate) && sameEstate(person, candidate);
}

/** A list about one estate often leaves its name out. */
function sameEstate(person: Sought, candidate: KnownPerson): boolean {
  if (!person.estate || !candidate.estate) return true;
  return person.estate.startsWith(candidate.estate) || candidate.estate.startsWith(person.estate);
}

/** The estate's full name, as the station writes it, for a short form that only one estate begins with. */
export function knownEstateName(short: string, known: KnownPerson[]): string {
  const names = tally(known.flatMap(({ estate }) => (estate ? [estate] : [])));
  if (names.has(short)) return short;
  return fullEstateNames(new Map([...names, [short, 0]])).get(short) ?? short;
}
