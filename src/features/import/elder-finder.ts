/** Who of the register is meant by a line of a ledger, and what the register lacks of what it says. */
import type { RowOf } from '#engine/kind.ts';
import type { elder } from '#features/people/elder.record.ts';
import {
  completedDiet,
  completedElder,
  isSamePerson,
  newContacts,
  placeName,
  type ElderLine,
  type PersonTraits,
} from '#features/people/public.ts';
import { samePerson, type Comparable } from './duplicates.rules.ts';
import type { ElderRow } from './ledger.ts';
import { writtenBuilding, type StationKnown } from './station-known.ts';

type Elder = RowOf<typeof elder>;

export interface ElderFinder {
  /** The one who is certainly meant, by the rule by which the register itself knows people again. */
  find(line: ElderLine): Elder | undefined;
  /** Somebody who looks so much alike that a person has to say. */
  near(line: ElderLine, row: ElderRow): Elder | undefined;
  /** Somebody of whom the register says exactly this: a person apart from a look-alike, or one of whom little is known. */
  asWritten(line: ElderLine): Elder | undefined;
  /** Whether the line says anything that the register has not. */
  lacks(one: Elder, line: ElderLine): boolean;
  /** The register's record as a ledger would have written it. */
  lineOf(one: Elder): ElderLine;
}

export function elderFinder(known: StationKnown): ElderFinder {
  const places = new Places(known);
  const byName = grouped(known.elder, (row) => [row.name]);
  const byNumber = grouped(known.elder, (row) => [row.idNumber]);
  const byPhone = grouped(known.elder, (row) => row.phones ?? []);
  const diets = new Map(known.dietProfile.map((row) => [row.elderId, row]));
  const contacts = grouped(known.contact, (row) => [row.elderId]);
  const named = (line: ElderLine) => byName.get(line.name) ?? [];
  const lineOf = (one: Elder) => heldLine(one, places, diets.get(one.id), contacts.get(one.id) ?? []);
  return {
    find: (line) => {
      const traits: PersonTraits = { ...line, buildingId: places.buildingId(line) };
      const numbered = line.idNumber === null ? [] : (byNumber.get(line.idNumber) ?? []);
      return [...numbered, ...named(line)].find((one) => isSamePerson(one, traits));
    },
    near: (line, row) => {
      const sought = comparable(line, row.building, row.unit);
      const candidates = [...named(line), ...line.phones.flatMap((phone) => byPhone.get(phone) ?? [])];
      return candidates.find((one) => {
        const house = places.house(one);
        const unit = one.entrance !== null && /^\d+$/.test(one.entrance) ? Number(one.entrance) : null;
        const held = comparable(lineOf(one), house ? writtenBuilding(house.name) : null, unit);
        const elsewhere = line.estate !== null && house !== undefined && placeName(line.estate) !== house.estate;
        return samePerson(sought, elsewhere ? { ...held, building: null } : held) !== 'no';
      });
    },
    asWritten: (line) => named(line).find((one) => saysAll(lineOf(one), line)),
    lacks: (one, line) => {
      const held = lineOf(one);
      const after = completedElder(one, line);
      const isMore = Object.keys(after).some((field) => !alike(after[field as keyof Elder], one[field as keyof Elder]));
      const housed = one.buildingId === null && line.estate !== null && line.building !== null;
      const diet = completedDiet(held.diet, line.diet);
      return (
        isMore ||
        housed ||
        !alike(diet, completedDiet(held.diet, noDiet)) ||
        newContacts(held.contacts, line.contacts).length > 0
      );
    },
    lineOf,
  };
}

/** The register's record as a ledger would have written it. */
function heldLine(
  one: Elder,
  places: Places,
  diet: StationKnown['dietProfile'][number] | undefined,
  contacts: StationKnown['contact'],
): ElderLine {
  const { id: _id, communityId, gridId: _grid, buildingId: _building, ...own } = one;
  const house = places.house(one);
  return {
    ...own,
    phones: [...(one.phones ?? [])],
    categories: [...(one.categories ?? [])],
    community: places.community(communityId),
    grid: null,
    estate: house?.estate ?? null,
    building: house?.name ?? null,
    diet: completedDiet(diet, noDiet),
    contacts: [...contacts]
      .sort((a, b) => a.order - b.order)
      .map(({ name, relation, phone, hasKey }) => ({ name, relation, phone, hasKey })),
  };
}

const noDiet = { types: [], allergens: [], texture: null, dislikes: [], note: null };

function comparable(line: ElderLine, building: string | null, unit: number | null): Comparable {
  const { name, idNumber, birthDate, phones, door } = line;
  return {
    sheet: '',
    row: 0,
    name,
    id: idNumber,
    birth: birthDate,
    phones: [...phones],
    building,
    unit,
    room: door,
    facts: () => '',
  };
}

const identity = [
  'name',
  'birthDate',
  'idNumber',
  'phones',
  'address',
  'entrance',
  'door',
  'sex',
  'living',
  'health',
  'note',
  'diet',
  'contacts',
] as const;

function saysAll(held: ElderLine, line: ElderLine): boolean {
  return identity.every((fact) => alike(held[fact], line[fact]));
}

function alike(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

class Places {
  readonly #communities: ReadonlyMap<string, string>;
  readonly #communityNames: ReadonlyMap<string, string>;
  readonly #buildings: ReadonlyMap<string, string>;
  readonly #houses: ReadonlyMap<string, StationKnown['building'][number]>;

  constructor({ community, building }: StationKnown) {
    this.#communities = new Map(community.map((row) => [row.name, row.id]));
    this.#communityNames = new Map(community.map((row) => [row.id, row.name]));
    this.#buildings = new Map(building.map((row) => [[row.communityId, row.estate, row.name].join('\n'), row.id]));
    this.#houses = new Map(building.map((row) => [row.id, row]));
  }

  community(id: string): string {
    return this.#communityNames.get(id) ?? '';
  }

  buildingId(line: ElderLine): string | null {
    const community = this.#communities.get(placeName(line.community)) ?? '';
    const place = [community, placeName(line.estate ?? ''), placeName(line.building ?? '')].join('\n');
    return this.#buildings.get(place) ?? null;
  }

  house(one: Elder): StationKnown['building'][number] | undefined {
    return one.buildingId === null ? undefined : this.#houses.get(one.buildingId);
  }
}

function grouped<T>(rows: readonly T[], keysOf: (row: T) => readonly (string | null)[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows)
    for (const key of keysOf(row)) {
      if (key === null) continue;
      const group = groups.get(key);
      if (group) group.push(row);
      else groups.set(key, [row]);
    }
  return groups;
}
