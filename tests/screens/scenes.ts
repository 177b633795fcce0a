import { personActs } from '#features/access/person.desk.record.ts';
import { placeId } from '#features/people/public.ts';
import { deliveryActs } from '#features/routes/delivery.record.ts';
import { routeDayActs } from '#features/routes/route-day-acts.record.ts';
import { dayPlanActs } from '#features/routes/route-day.desk.record.ts';
import { demoPersonId } from '#server/demo/people.ts';
import { press, statusLine, type Browser } from '../e2e/support/browsers.ts';
import type { Office } from '../e2e/support/office.ts';
import { until } from '../e2e/support/until.ts';
import type { State } from './states.ts';

/** What happens to a device before its screens are looked at. */
export interface Scene {
  /** Before anybody signs in on it. */
  readonly before?: (browser: Browser, who: string) => Promise<void>;
  /** Once this person is signed in. */
  readonly after?: (browser: Browser, who: string) => Promise<void>;
}

const volunteer = 'zhouguilan';
const desk = 'liangjing';
const exchange = /\/api\/sync\.exchange/;
const past = /\/api\/history\./;

/** The scene of a state, in the demo station at `url`. */
export function sceneOf(state: State, url: string, office: Office): Scene {
  switch (state) {
    case 'loading':
      // The centre is asked and never answers: everything is still to come. A desk has its people, and waits for the past.
      return {
        before: async (browser, who) => {
          await browser.context.route(who === desk ? past : exchange, () => undefined);
        },
      };
    case 'offline':
      return { after: (browser) => browser.context.setOffline(true) };
    case 'refused':
      return { after: async (browser, who) => void (who === volunteer && (await beRefused(browser, url, office))) };
    case 'conflict':
      return { after: async (browser, who) => void (who === volunteer && (await beChanged(browser, url, office))) };
    default:
      return {};
  }
}

/** The doors of the volunteer's route of today at which nobody was yet, in order. */
async function doorsAhead({ sql, today }: Office): Promise<readonly { id: string; day: string; variant: string }[]> {
  return sql<{ id: string; day: string; variant: string }[]>`
    select s.id, d.id as day, s.variant_id as variant from stop s join route_day d on d.id = s.route_day_id
    where d.volunteer_id = ${demoPersonId(volunteer)} and d.date = ${today} and s.active
      and not exists (select 1 from delivery where stop_id = s.id)
    order by s."order"`;
}

/** The role is taken away while this phone, without a signal, is at a door; and given back. */
async function beRefused({ page, context }: Browser, url: string, office: Office): Promise<void> {
  const [stop] = await doorsAhead(office);
  if (!stop) throw new Error('No door is left to be refused at.');
  const grant = (...roles: readonly ('deliverer' | 'visitor')[]) =>
    office.act(personActs.grant, {
      personId: demoPersonId(volunteer),
      roles: [...roles],
      allCommunities: true,
      communities: [],
    });
  await page.goto(`${url}/route/${stop.day}/${stop.id}`);
  await context.setOffline(true);
  await press(page, '送达');
  await until('the phone to have it', async () => (await statusLine(page)).startsWith('在本机 1 条'));
  await grant('visitor');
  await context.setOffline(false);
  await until('the centre to refuse it', async () => {
    const [row] = await office.sql<{ n: number }[]>`select count(*)::int as n from refused_act where state = 'open'`;
    return (row?.n ?? 0) > 0;
  });
  await grant('deliverer');
  await page.goto(`${url}/`);
  await until('the route to be back', async () => (await statusLine(page)).includes('没接收'));
}

/** The centre changes a box, brings another door forward and knows already how a third one went, while the phone is out of reach. */
async function beChanged({ page, context }: Browser, url: string, office: Office): Promise<void> {
  const [first, second, third, fourth] = await doorsAhead(office);
  if (!first || !second || !third || !fourth) throw new Error('Too few doors are left to be changed.');
  const other = ['甲', '丁'].map((sign) => placeId(sign)).find((id) => id !== first.variant) ?? first.variant;
  const boxesOut = (await doorsAhead(office)).length;
  await office.act(routeDayActs.load, { routeDayId: first.day, boxesOut }, demoPersonId(volunteer));
  await page.goto(`${url}/route/${first.day}`);
  await until('the phone to be on its way', async () => (await page.locator('body').innerText()).includes('去第 1 家'));
  await context.setOffline(true);
  await office.act(dayPlanActs.changeMeal, { stopId: first.id, variantId: other });
  await office.act(dayPlanActs.moveStop, { stopId: fourth.id, routeDayId: first.day, place: 1 });
  await office.act(deliveryActs.handOver, { stopId: second.id, boxesBack: 0 });
  await context.setOffline(false);
  await until('the phone to be told', async () => (await page.locator('body').innerText()).includes('中心改了'));
}
