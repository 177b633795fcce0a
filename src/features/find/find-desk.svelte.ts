import { untrack } from 'svelte';
import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { person } from '#features/access/person.record.ts';
import { roleWords } from '#features/access/public.ts';
import { elder } from '#features/people/elder.record.ts';
import { contact, type building } from '#features/people/place.record.ts';
import { doorLine, housesById, pinyinReader } from '#features/people/public.ts';
import { volunteer } from '#features/people/volunteer.record.ts';
import { route } from '#features/routes/route.record.ts';
import type { Command } from './commands.ts';
import { entryOf, type Entry, type Findable } from './find.rules.ts';
import { FindIndex, type Finding, type Source } from './find-index.rules.ts';
import { inIdleSlices } from './idle.ts';

type Elder = RowOf<typeof elder>;
type Building = RowOf<typeof building>;
type Contact = RowOf<typeof contact>;
type PinyinOf = (name: string) => string | null;

const atMost = { elder: 8, person: 6, route: 4, act: 5, page: 4 };
const entriesPerStep = 20;

/** Finds in all the people and routes that this device holds. One for the whole tab: pages come and go, it stays. */
export class FindDesk {
  readonly #index = new FindIndex();
  #pinyinOf = $state.raw<PinyinOf | null>(null);
  #version = $state(0);
  #offered: {
    readonly of: readonly Command[];
    readonly by: PinyinOf | null;
    readonly entries: readonly Entry[];
  } | null = null;
  #begun = false;
  #working = false;

  /** Begins to read what is there, and goes on reading what changes. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    void pinyinReader().then((pinyinOf) => (this.#pinyinOf = pinyinOf));
    $effect.root(() => {
      $effect(() => {
        const sources = [...this.#elders(), ...this.#people(), ...this.#routes()];
        untrack(() => this.#take(sources));
      });
    });
  }

  /** Reactive: what fits among these pages and acts and all that is held, best first. */
  find(query: string, commands: readonly Command[]): Finding {
    void this.#version;
    return this.#index.find(query, atMost, this.#entriesOf(commands));
  }

  /** Pages and acts are few, and others on every page: they are made anew when they change, and not kept in the index. */
  #entriesOf(commands: readonly Command[]): readonly Entry[] {
    const pinyinOf = this.#pinyinOf;
    if (this.#offered?.of !== commands || this.#offered.by !== pinyinOf)
      this.#offered = { of: commands, by: pinyinOf, entries: commands.map((one) => ofCommand(one, pinyinOf)) };
    return this.#offered.entries;
  }

  #take(sources: readonly Source[]): void {
    this.#index.take(sources);
    this.#version += 1;
    if (this.#working) return;
    this.#working = true;
    const step = (): boolean => (this.#working = this.#index.work(entriesPerStep));
    inIdleSlices(step, () => (this.#version += 1));
  }

  #elders(): Source[] {
    const houses = housesById(station.reader);
    const families = new Map<string, Contact[]>();
    for (const one of station.records(contact).all()) {
      const family = families.get(one.elderId);
      if (family) family.push(one);
      else families.set(one.elderId, [one]);
    }
    return station
      .records(elder)
      .all()
      .map((row) => {
        const house = row.buildingId === null ? undefined : houses.get(row.buildingId);
        const pinyinOf = row.pinyin === null ? this.#pinyinOf : null;
        const family = families.get(row.id) ?? [];
        const make = (): Findable => ofElder(row, house, family, pinyinOf);
        return { key: `elder:${row.id}`, from: [row, house, pinyinOf, ...family], make };
      });
  }

  #people(): Source[] {
    const register = new Map(
      station
        .records(volunteer)
        .all()
        .map((row) => [row.personId, row]),
    );
    const pinyinOf = this.#pinyinOf;
    return station
      .records(person)
      .all()
      .map((row) => {
        const known = register.get(row.id);
        const make = (): Findable => ({
          sort: 'person',
          id: row.id,
          name: row.name,
          sounds: pinyinOf?.(row.name) ?? null,
          places: [],
          phones: row.phone === null ? [] : [row.phone],
          kin: [],
          words: [known?.team ?? '', known?.number ?? '', ...(known?.skills ?? []), ...row.roles.map(roleWords)],
          ended: !row.active,
        });
        return { key: `person:${row.id}`, from: [row, known, pinyinOf], make };
      });
  }

  #routes(): Source[] {
    const pinyinOf = this.#pinyinOf;
    const people = station.records(person);
    return station
      .records(route)
      .all()
      .map((row) => {
        const walker = row.volunteerId === null ? undefined : people.get(row.volunteerId)?.name;
        const make = (): Findable => ({
          sort: 'route',
          id: row.id,
          name: row.name,
          sounds: pinyinOf?.(row.name) ?? null,
          places: [],
          phones: [],
          kin: [],
          words: walker === undefined ? [] : [walker],
          ended: !row.active,
        });
        return { key: `route:${row.id}`, from: [row, walker, pinyinOf], make };
      });
  }
}

function ofCommand({ sort, href, label, note }: Command, pinyinOf: PinyinOf | null): Entry {
  const words = note ? [note] : [];
  const nothing = { places: [], phones: [], kin: [], ended: false };
  return entryOf({ ...nothing, sort, id: href, name: label, sounds: pinyinOf?.(label) ?? null, words });
}

function ofElder(
  row: Elder,
  house: Building | undefined,
  family: readonly Contact[],
  pinyinOf: PinyinOf | null,
): Findable {
  return {
    sort: 'elder',
    id: row.id,
    name: row.name,
    sounds: row.pinyin ?? pinyinOf?.(row.name) ?? null,
    places: [doorLine(row, house), row.address],
    phones: row.phones ?? [],
    kin: family.flatMap(({ phone }) => phone ?? []),
    words: row.callName === null ? [] : [row.callName],
    ended: row.status === 'ended',
  };
}

/** The desk of this tab. */
export const findDesk = new FindDesk();
