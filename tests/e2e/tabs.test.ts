/**
 * Five tabs of one phone: one of them talks to the centre, all show the same, and when that one dies in the middle the
 * others go on. Nothing is lost or doubled.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, joinByCode, makeJoinCode, press, shown, signIn, statusLine, waitFor } from './support/browsers.ts';
import { eldersApart, importLedger, planWalk } from './support/day.ts';
import { Office, password } from './support/office.ts';
import { RunningStation } from './support/running-station.ts';
import { patienceMs, until } from './support/until.ts';

const longMs = 6 * patienceMs;
const doors = 6;

let server: RunningStation;
let office: Office;
let phone: Browser;
let desktop: Browser;
let routeDayId: string;
let tabs: Page[];

beforeAll(async () => {
  server = await RunningStation.make();
  office = await Office.open(server.database.url);
  await server.start();
  await importLedger(office, 'wenyuan-places.csv');
  await importLedger(office, 'wenyuan-elders.xlsx');
  const walked = eldersApart(await office.tables(), doors);
  routeDayId = await planWalk(office, '文源东线', 'zhouguilan', walked);
  phone = Browser.phone(server.folder, 'phone');
  desktop = Browser.desktop(server.folder, 'desktop');
}, longMs);

afterAll(async () => {
  await phone?.close();
  await desktop?.close();
  await office?.close();
  await server?.remove();
}, longMs);

/** Every one of these tabs comes to say this in its status line. */
async function allSay(pages: readonly Page[], words: string): Promise<void> {
  for (const page of pages)
    await until(
      `a tab to say ${words}`,
      async () => (await statusLine(page)).startsWith(words),
      patienceMs,
      () => shown(page),
    );
}

async function handOver(page: Page, place: number): Promise<void> {
  await waitFor(page, `第 ${place} 家 / ${doors}`);
  await press(page, '送达');
}

const taken = (): Promise<{ outcome: string; n: number }[]> =>
  office.sql<{ outcome: string; n: number }[]>`select outcome, count(*)::int as n from delivery group by outcome`;

describe('five tabs of one phone', () => {
  it('show the same, whichever of them is tapped, without the centre', { timeout: longMs }, async () => {
    const desk = await desktop.open();
    await signIn(desk, server.url, 'liangjing', password);
    const first = await phone.open();
    await joinByCode(first, server.url, await makeJoinCode(desk, server.url, '周桂兰'));
    await press(first, '取餐');
    await press(first, '出发');
    await waitFor(first, `第 1 家 / ${doors}`);
    await allSay([first], '中心已收到');
    tabs = [first];
    for (let more = 0; more < 4; more += 1) {
      const page = await phone.context.newPage();
      await page.goto(`${server.url}/route/${routeDayId}`);
      await page.waitForSelector('.doors-list li');
      tabs.push(page);
    }
    await server.kill();
    await press(tabs[3] as Page, '去第 1 家');
    await handOver(tabs[3] as Page, 1);
    await handOver(tabs[3] as Page, 2);
    await press(tabs[1] as Page, '去第 3 家');
    await handOver(tabs[1] as Page, 3);
    await allSay(tabs, '在本机 3 条');
    expect(await taken()).toEqual([]);
  });

  it('go on when the one that talks to the centre dies', { timeout: longMs }, async () => {
    const [leader, ...others] = tabs as [Page, ...Page[]];
    const devtools = await phone.context.newCDPSession(leader);
    void devtools.send('Page.crash').catch(() => undefined);
    await new Promise((resolve) => leader.once('crash', resolve));
    await handOver(others[0] as Page, 4);
    await allSay(others, '在本机 4 条');
    await server.start();
    await handOver(others[0] as Page, 5);
    await until('the centre to have all', async () => (await taken())[0]?.n === 5);
    await allSay(others, '中心已收到');
    expect(await taken()).toEqual([{ outcome: 'handedOver', n: 5 }]);
  });

  it('have done each thing once', async () => {
    const twice = await office.sql`select stop_id from delivery group by stop_id having count(*) > 1`;
    expect(twice).toEqual([]);
    expect(await office.sql`select act_id from act where verdict = 'refused'`).toEqual([]);
    expect(phone.broken).toEqual([]);
  });
});
