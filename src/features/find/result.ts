import { station } from '#engine/client/station.svelte.ts';
import { person } from '#features/access/person.record.ts';
import { roleWords } from '#features/access/public.ts';
import { elder } from '#features/people/elder.record.ts';
import { building, contact } from '#features/people/place.record.ts';
import { doorLine } from '#features/people/public.ts';
import { volunteer } from '#features/people/volunteer.record.ts';
import { route } from '#features/routes/route.record.ts';
import { m } from '#messages';
import { joinList } from '#ui/format.ts';
import type { IconName } from '#ui/icon-names.ts';
import type { Command } from './commands.ts';
import { typedDigits, type Found, type FoundBy, type FindSort } from './find.rules.ts';

/** One line of what was found: who, where, why. */
export interface Result {
  readonly key: string;
  readonly sort: FindSort;
  readonly href: string;
  readonly icon: IconName;
  readonly name: string;
  /** The address on the door's plate. */
  readonly door?: string;
  readonly note?: string;
  readonly gone?: string;
  readonly why?: string;
}

const icons: Readonly<Record<FindSort, IconName>> = {
  elder: 'person',
  person: 'walk',
  route: 'route',
  act: 'note',
  page: 'table',
};

/** Reactive: a find as it is read; null when it has gone since. */
export function resultOf(found: Found, query: string, commands: readonly Command[]): Result | null {
  const { sort, id } = found.entry;
  const why = joinList(found.by.map((by) => (by === 'kin' ? kinWords(id, query) : whyWords(by, sort, query))));
  if (sort === 'elder') return elderResult(id, why);
  if (sort === 'person') return personResult(id, why);
  if (sort === 'route') return routeResult(id, why);
  const command = commands.find((one) => one.sort === sort && one.href === id);
  return command ? { ...commandResult(command), why } : null;
}

export function commandResult({ sort, href, label, note }: Command): Result {
  return { key: `${sort}:${href}`, sort, href, icon: icons[sort], name: label, ...(note ? { note } : {}) };
}

function elderResult(id: string, why: string): Result | null {
  const row = station.records(elder).get(id);
  if (!row) return null;
  const house = row.buildingId === null ? undefined : station.records(building).get(row.buildingId);
  return {
    ...common('elder', id, why),
    href: `/office/people/${id}`,
    name: row.name,
    door: doorLine(row, house),
    ...(row.status === 'ended' ? { gone: m.people_status_ended() } : {}),
    ...(row.status === 'paused' ? { gone: m.people_status_paused() } : {}),
  };
}

function personResult(id: string, why: string): Result | null {
  const row = station.records(person).get(id);
  if (!row) return null;
  const known = station.records(volunteer).where({ personId: id })[0];
  const duties = joinList([known?.team ?? '', ...row.roles.map(roleWords)].filter(Boolean));
  return {
    ...common('person', id, why),
    href: `/office/volunteers?find=${encodeURIComponent(row.name)}`,
    name: row.name,
    note: duties || m.people_no_role(),
    ...(row.active ? {} : { gone: m.people_left() }),
  };
}

function routeResult(id: string, why: string): Result | null {
  const row = station.records(route).get(id);
  if (!row) return null;
  const walker = row.volunteerId === null ? undefined : station.records(person).get(row.volunteerId)?.name;
  return {
    ...common('route', id, why),
    href: `/office/routes/standing?route=${encodeURIComponent(id)}`,
    name: row.name,
    note: walker ?? m.routes_nobody_yet(),
    ...(row.active ? {} : { gone: m.find_route_over() }),
  };
}

function common(sort: FindSort, id: string, why: string) {
  return { key: `${sort}:${id}`, sort, icon: icons[sort], why };
}

/** 女儿 刘敏 …6017: whose number it is. */
function kinWords(elderId: string, query: string): string {
  const digits = typedDigits(query);
  const one = station
    .records(contact)
    .where({ elderId })
    .find(({ phone }) => phone?.replace(/\D/g, '').endsWith(digits));
  return one ? m.find_by_kin({ relation: one.relation, name: one.name, digits: digits.slice(-4) }).trim() : '';
}

function whyWords(by: Exclude<FoundBy, 'kin'>, sort: FindSort, query: string): string {
  if (by === 'phone') return m.find_by_phone({ digits: typedDigits(query).slice(-4) });
  if (by === 'word')
    return sort === 'elder' ? m.find_by_call_name() : sort === 'route' ? m.find_by_walker() : m.find_by_register();
  return { name: m.find_by_name, sound: m.find_by_sound, initials: m.find_by_initials, place: m.find_by_place }[by]();
}
