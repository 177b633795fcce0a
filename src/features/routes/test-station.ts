import { contextOf, type Identity } from '#engine/context.ts';
import type { AnyKind, AnyMutation, ArgumentsOf, RowOf } from '#engine/kind.ts';
import { runMutation } from '#engine/run-mutation.ts';
import { Tables } from '#engine/tables.ts';
import { person } from '#features/access/person.record.ts';
import { mealVariant } from '#features/meals/kitchen.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { registry } from '#kinds';
import { dayPlanActs } from './route-day.desk.record.ts';
import { routeActs } from './route.desk.record.ts';

/** A station in memory for tests of acts: everything runs through the same `runMutation` as on phone and server. */
const blank = (kind: AnyKind): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(
      kind.fields as Record<string, { optional: boolean; column: string; values?: readonly string[] }>,
    ).map(([name, field]) => [name, field.optional ? null : blankValue(field)]),
  );

function blankValue({ column, values }: { column: string; values?: readonly string[] }): unknown {
  if (column === 'text[]') return [];
  if (column === 'boolean') return true;
  if (column === 'integer') return 0;
  return values?.[0] ?? 'x';
}

export const noon = Date.parse('2026-11-24T04:00:00Z');
export const today = '2026-11-24';

export class TestStation {
  readonly tables = new Tables(registry);
  #acts = 0;

  constructor() {
    this.add(mealVariant, { id: 'plain', sign: '甲', place: 0, alarm: false });
    this.add(mealVariant, { id: 'diabetic', sign: '丁', place: 3, alarm: true });
    for (const id of ['li', 'wang']) this.add(person, { id, name: id, roles: ['deliverer'], active: true });
    for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) this.add(elder, { id, name: id, communityId: 'c' });
  }

  add<K extends AnyKind>(kind: K, row: Partial<RowOf<K>> & { id: string }): void {
    this.tables.of(kind.name).set(row.id, { ...blank(kind), ...row });
  }

  get<K extends AnyKind>(kind: K, id: string): RowOf<K> {
    const row = this.tables.get(kind, id);
    if (!row) throw new Error(`There is no ${kind.name} "${id}".`);
    return row;
  }

  /** Does an act; returns its id, or the refusal's code behind an exclamation mark. */
  act<M extends AnyMutation>(who: Identity, mutation: M, args: ArgumentsOf<M>, at = noon): string {
    this.#acts += 1;
    const id = `act${String(this.#acts).padStart(4, '0')}`;
    const call = { name: mutation.name, version: mutation.version, args };
    const outcome = runMutation(registry, this.tables, call, contextOf(who, `phone-${who.person}`, { id, at }));
    if ('refusal' in outcome) return `!${outcome.refusal.code}`;
    this.tables.apply(outcome.changes);
    return id;
  }

  /** A planned lunch route of the day with these elders; returns the id of the routeDay. */
  planned(name: string, elderIds: readonly string[], volunteerId: string | null = 'li'): string {
    const routeId = this.act(chief, routeActs.create, {
      name,
      meal: 'lunch',
      mealPointId: null,
      volunteerId,
      deliverBy: null,
    });
    const stops = elderIds.map((elderId) => ({ elderId, variantId: 'plain', boxesDue: 1, note: null }));
    this.act(chief, dayPlanActs.plan, { routeId, date: today, stops });
    return `${today}:lunch:${routeId}`;
  }
}

function somebody(person: string, ...roles: readonly string[]): Identity {
  return { station: 's', person, roles, communities: 'all' };
}

export const chief = somebody('chief', 'coordinator');
export const li = somebody('li', 'deliverer');
export const wang = somebody('wang', 'deliverer');
export const visitor = somebody('visitor', 'visitor');
export const cook = somebody('cook', 'canteen');

export function stopAt(elderId: string): string {
  return `${today}:lunch:${elderId}`;
}
