import { demoPersonId } from '#server/demo/people.ts';
import { contact } from '#features/people/place.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { routeDayIdOf, stopIdOf } from '#features/routes/stops-of.ts';
import { dayPlanActs } from '#features/routes/route-day.desk.record.ts';
import { routeActs } from '#features/routes/route.desk.record.ts';
import { importLedger, plainMeal } from '../e2e/support/day.ts';
import type { Office } from '../e2e/support/office.ts';

export interface Door {
  readonly stopId: string;
  readonly name: string;
  /** How the screens call them: 刘奶奶, or the name. */
  readonly called: string;
}

export interface SmallDay {
  readonly routeDayId: string;
  readonly name: string;
  readonly doors: readonly Door[];
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly called: string;
  readonly entrance: string;
}

const meals = ['lunch', 'dinner', 'breakfast'] as const;
/** A kitchen numbers its boxes of one kind and meal up to 999. */
const doorsPerMeal = 990;

/** Days of four doors for volunteers, one after the other, each made and taken away again by the acts of the office. */
export class RouteDays {
  #made = 0;

  private constructor(
    readonly office: Office,
    readonly fours: readonly (readonly Person[])[],
  ) {}

  /** The station of the demo's ledgers; 700 days can be made of it. */
  static async open(office: Office): Promise<RouteDays> {
    await importLedger(office, 'wenyuan-places.csv');
    await importLedger(office, 'wenyuan-elders.xlsx');
    const tables = await office.tables();
    const able = tables
      .where(elder, { status: 'active' })
      .filter(({ id, phones }) => (phones ?? []).length > 0 && tables.where(contact, { elderId: id }).length > 0)
      .filter(({ buildingId }) => buildingId !== null)
      .map(({ id, name, callName, buildingId, entrance }) => ({
        ...{ id, name, called: callName ?? name, entrance: `${buildingId} ${entrance}` },
      }));
    return new RouteDays(office, foursOf(able));
  }

  /** Plans the next day for this volunteer, whose phone hears of it at once. Throws when all are used up. */
  async make(login: string): Promise<SmallDay> {
    const at = this.#made++;
    const meal = meals[Math.floor((at * 4) / Math.min(doorsPerMeal, this.fours.length * 4))];
    const four = this.fours[at % Math.min(this.fours.length, Math.floor(doorsPerMeal / 4))];
    if (!meal || !four) throw new Error('There are no more days to be made of these elders.');
    const { office } = this;
    const name = `第${at + 1}天`;
    const volunteerId = demoPersonId(login);
    const fixed = { meal, mealPointId: null, deliverBy: null } as const;
    const routeId = await office.act(routeActs.create, { name, volunteerId, ...fixed });
    const stops = four.map(({ id }) => ({ elderId: id, variantId: plainMeal, boxesDue: 0, note: null }));
    await office.act(dayPlanActs.plan, { routeId, date: office.today, stops });
    const doors = four.map(({ id, ...names }) => ({ ...names, stopId: stopIdOf(office.today, meal, id) }));
    return { routeDayId: routeDayIdOf(office.today, meal, routeId), name, doors };
  }

  /** Takes a day off the volunteer's phone, so that the next one finds it as small as the first. */
  async takeAway({ routeDayId }: SmallDay): Promise<void> {
    const { office } = this;
    const [day] = await office.sql<{ state: string }[]>`select state from route_day where id = ${routeDayId}`;
    if (day?.state === 'closed') await office.act(dayPlanActs.reopen, { routeDayId });
    await office.act(dayPlanActs.assign, { routeDayId, volunteerId: null });
  }
}

/** Four at a time, no two behind one entrance and no two called alike, so that each has a page of their own. */
function foursOf(people: readonly Person[]): readonly (readonly Person[])[] {
  const quarter = Math.floor(people.length / 4);
  const fours = Array.from({ length: quarter }, (_, at) =>
    [0, 1, 2, 3].map((part) => people[at + part * quarter] as Person),
  );
  const differ = (four: readonly Person[], part: 'called' | 'entrance'): boolean =>
    new Set(four.map((one) => one[part])).size === four.length;
  return fours.filter((four) => differ(four, 'called') && differ(four, 'entrance'));
}
