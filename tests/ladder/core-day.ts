import type { Page } from 'playwright-core';
import { press, signIn, waitFor } from '../e2e/support/browsers.ts';
import { password } from '../e2e/support/office.ts';
import { patienceMs, until } from '../e2e/support/until.ts';
import type { Door, RouteDays, SmallDay } from '../support/route-days.ts';

/**
 * A volunteer's day on this page: in, the route, the boxes, two doors of which one is taken back and done again, nobody
 * at the third until the ladder finds them, the fourth, 交班. Ends when the centre has it all.
 */
export async function workCoreDay(page: Page, url: string, login: string, day: SmallDay): Promise<void> {
  await signIn(page, url, login, password);
  await waitFor(page, day.name);
  await page.locator(`a[href="/route/${day.routeDayId}"]`).first().click();
  for (const row of await page.locator('.load .row').all()) await row.click();
  await press(page, '出发');
  await handOver(page, 1);
  await handOver(page, 2);
  await press(page, '撤回');
  await handOver(page, 2);
  await waitFor(page, '第 3 家');
  await nobodyThere(page);
  await press(page, '去第 4 家');
  await handOver(page, 4);
  await waitFor(page, '带回的餐');
  await press(page, '交班');
  await waitFor(page, '送完了');
  const received = async () => (await page.locator('.status').first().innerText()).includes('中心已收到');
  await page.locator('a[href="/"]').first().click();
  await until('the centre to have the day', received, patienceMs / 2);
}

async function handOver(page: Page, place: number): Promise<void> {
  await waitFor(page, `第 ${place} 家`);
  await press(page, '送达');
}

/** The elder and the family are called, nobody answers; then the door opens. */
async function nobodyThere(page: Page): Promise<void> {
  await press(page, '其他情况');
  await press(page, '没人应门');
  await waitFor(page, '先别走');
  for (const last of ['打给', '告诉中心']) {
    await page.locator('.ladder a').first().click();
    await page.locator('dialog').getByRole('button', { name: '没接' }).click();
    await page.locator('.ladder li[aria-current]').filter({ hasText: last }).waitFor();
    if (last === '打给' && (await page.locator('.ladder a').filter({ hasText: '告诉中心' }).count()) > 0) break;
  }
  await press(page, '见到人了');
  await press(page, '餐交给本人了');
}

/** What of this day is not once in the database, in words; empty when it is all there. */
export async function problemsOf({ office }: RouteDays, day: SmallDay): Promise<readonly string[]> {
  const { sql } = office;
  const ids = day.doors.map(({ stopId }) => stopId);
  const facts = await sql<{ stopId: string; outcome: string }[]>`select stop_id as "stopId", outcome from delivery
    where stop_id in ${sql(ids)} order by at, id`;
  const at = ({ stopId }: Door): string =>
    facts.flatMap((fact) => (fact.stopId === stopId ? [fact.outcome] : [])).join(' ');
  const wanted = ['handedOver', 'handedOver withdrawn handedOver', 'noAnswer handedOver', 'handedOver'];
  const doors = day.doors.flatMap((door, place) =>
    at(door) === wanted[place] ? [] : [`door ${place + 1}: ${at(door)}`],
  );
  const checks = await sql<{ id: string; finding: string }[]>`select id, finding from safety_check
    where stop_id in ${sql(ids)} and state = 'closed'`;
  const rungs = await sql<{ step: string }[]>`select step from check_rung
    where check_id in ${sql(['', ...checks.map(({ id }) => id)])}`;
  const steps = rungs.map(({ step }) => step);
  const [end] = await sql<{ state: string; out: number; back: number }[]>`select state, boxes_out as out,
    boxes_back as back from route_day where id = ${day.routeDayId}`;
  return [
    ...doors,
    ...(checks.length === 1 && checks[0]?.finding === 'seen' ? [] : [`checks: ${JSON.stringify(checks)}`]),
    ...(['knock', 'callElder', 'callContact'].every((step) => steps.filter((one) => one === step).length >= 1)
      ? []
      : [`rungs: ${steps.join(' ')}`]),
    ...(end?.state === 'closed' && end.out === 4 && end.back === 0 ? [] : [`the end: ${JSON.stringify(end)}`]),
  ];
}
