/**
 * The story of a station's day, once from end to end on the built app: the ledger comes in, the canteen closes its
 * count, a volunteer joins and leaves with the route, the centre dies and the phone is started cold, a whole morning is
 * worked without it, the centre returns, and everybody sees the same and the database holds each fact once.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '#engine/calendar.ts';
import { escortActs } from '#features/escorts/escort.record.ts';
import { countOfDay } from '#features/meals/public.ts';
import { kitchenCountActs } from '#features/meals/count.acts.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { visitPlanActs } from '#features/visits/visit-plan.record.ts';
import { demoPersonId } from '#server/demo/people.ts';
import { Browser, joinByCode, makeJoinCode, press, shown, signIn, statusLine, waitFor } from './support/browsers.ts';
import { eldersApart, importLedger, planWalk } from './support/day.ts';
import { Office, password } from './support/office.ts';
import { picture } from './support/pictures.ts';
import { RunningStation } from './support/running-station.ts';
import { patienceMs, until } from './support/until.ts';

const longMs = 6 * patienceMs;
const volunteer = demoPersonId('pengjuxiang');
const doors = 14;

let server: RunningStation;
let office: Office;
let phone: Browser;
let desktop: Browser;
let routeDayId: string;
let walked: readonly string[];
let visited: string;
let escorted: string;
let escortId: string;
/** When the phone was alone (ms). */
const alone = { from: 0, to: 0 };
/** Acts done on the phone since the centre died. */
let acts = 0;

beforeAll(async () => {
  server = await RunningStation.make();
  office = await Office.open(server.database.url);
  await server.start();
  phone = Browser.phone(server.folder, 'phone');
  desktop = Browser.desktop(server.folder, 'desktop');
}, longMs);

afterAll(async () => {
  await phone?.close();
  await desktop?.close();
  await office?.close();
  await server?.remove();
}, longMs);

/** The status line must come to say that so many acts are on this phone; it may say 发送中 while the phone tries. */
async function onThisPhone(page: Page, more = 1): Promise<void> {
  acts += more;
  await until(
    `${acts} acts on this phone`,
    async () => (await statusLine(page)).startsWith(`在本机 ${acts} 条`),
    patienceMs,
    () => shown(page),
  );
}

async function deliver(page: Page, place: number): Promise<void> {
  await waitFor(page, `第 ${place} 家 / ${doors}`);
  await press(page, '送达');
  await onThisPhone(page);
}

async function tellElse(page: Page, place: number, ...keys: readonly string[]): Promise<void> {
  await waitFor(page, `第 ${place} 家 / ${doors}`);
  await press(page, '其他情况');
  for (const key of keys) await press(page, key);
  await onThisPhone(page);
}

/** Back through the heads of the pages, without loading anything. */
async function backTo(page: Page, path: string): Promise<void> {
  await until(`the page ${path}`, async () => {
    if (new URL(page.url()).pathname === path) return true;
    await page.locator('header .back').first().click();
    await page.waitForTimeout(100);
    return new URL(page.url()).pathname === path;
  });
}

describe('the story of a day', () => {
  it('begins with the ledger of the community', { timeout: longMs }, async () => {
    const page = await desktop.open();
    await signIn(page, server.url, 'liangjing', password);
    await importLedger(office, 'wenyuan-places.csv');
    await page.goto(`${server.url}/office/import`);
    await page.locator('input[type=file]').setInputFiles('demo/wenyuan-elders.xlsx');
    await press(page, '导入 ');
    await waitFor(page, '登记好了');
    const countedIn = () => office.sql`select 1 from elder`.then((rows) => rows.length >= 1060);
    await until('the centre to have all elders', countedIn);
    const [counted] = await office.sql<{ n: number }[]>`select count(*)::int as n from elder`;
    expect(counted?.n).toBe(1060);
  });

  it(
    'has a route, a look-in and a trip for one volunteer, and the kitchen knows its count',
    { timeout: longMs },
    async () => {
      const today = office.today;
      [visited = '', escorted = '', ...walked] = eldersApart(await office.tables(), doors + 2);
      await office.grant('pengjuxiang', ['deliverer', 'visitor', 'escort']);
      routeDayId = await planWalk(office, '文源东线', 'pengjuxiang', walked);
      await office.act(visitPlanActs.arrange, {
        elderId: visited,
        everyDays: 30,
        visitorId: volunteer,
        dueOn: addDays(today, -1),
      });
      escortId = await office.act(escortActs.request, {
        ...{ elderId: escorted, purpose: 'bank', placeName: '文源路储蓄所', date: today, startTime: '10:00' },
        ...{ expectedReturn: '23:30', brief: '走路慢，别催。', familyTold: true },
      });
      const pair = { firstPerson: volunteer, secondPerson: demoPersonId('zoujie'), vehicle: null };
      await office.act(escortActs.staff, { escortId, ...pair });
      const { lines, excluded, walkIns } = countOfDay(await office.tables(), today, 'lunch');
      const told = { date: today, meal: 'lunch' as const, lines, excluded, walkIns };
      await office.act(kitchenCountActs.close, told, demoPersonId('canteen'));
      const closed = await office.sql`select closed_by as by from kitchen_count where date = ${today}`;
      expect(closed).toEqual([{ by: demoPersonId('canteen') }]);
    },
  );

  it('lets the volunteer join by code and leave with the route', { timeout: longMs }, async () => {
    const page = await phone.open();
    await joinByCode(page, server.url, await makeJoinCode(desktop.page, volunteer));
    await press(page, '点餐、出发');
    await waitFor(page, `${doors} 家，${doors} 盒`);
    for (const row of await page.locator('.load .row').all()) await row.click();
    await waitFor(page, '对上了');
    await press(page, '出发');
    await waitFor(page, `第 1 家 / ${doors}`);
    await until('the centre to have it', async () => (await statusLine(page)).startsWith('中心已收到'));
    await picture(page, 'volunteer');
    // The board stays open from here to the end; a loaded page would have lost this mark.
    await desktop.page.goto(`${server.url}/office`);
    await waitFor(desktop.page, '文源东线');
    await waitFor(desktop.page, `0 / ${doors}`);
    await desktop.page.evaluate(() => Object.assign(window, { neverLoadedAnew: true }));
    expect([...phone.broken, ...desktop.broken]).toEqual([]);
  });

  it('opens at the route when the centre is dead and the phone starts cold', { timeout: longMs }, async () => {
    await phone.close();
    await server.kill();
    alone.from = Date.now();
    const page = await phone.open();
    await page.goto(server.url);
    await press(page, '接着送');
    await waitFor(page, '文源东线');
    expect(await page.locator('.doors-list li').count()).toBe(doors);
  });

  it('works twelve doors without the centre', { timeout: longMs }, async () => {
    const { page } = phone;
    await press(page, '去第 1 家');
    await deliver(page, 1);
    await noteWhatIsSaid(page);
    await deliver(page, 2);
    await press(page, '撤回');
    await onThisPhone(page);
    await deliver(page, 2);
    await tellElse(page, 3, '没人应门');
    await waitFor(page, '先别走，餐不放门口');
    await climb(page);
    await backTo(page, `/route/${routeDayId}`);
    await press(page, '去第 4 家');
    await tellElse(page, 4, '住院、搬走、过世', '住院了');
    for (let place = 5; place <= 12; place += 1) await deliver(page, place);
    await waitFor(page, `第 13 家 / ${doors}`);
    expect(acts).toBe(17);
  });

  it('finishes a look-in without the centre', { timeout: longMs }, async () => {
    const { page } = phone;
    await backTo(page, '/');
    await press(page, '去探访');
    await page.locator(`a[href="/visit/${visited}"]`).click();
    await press(page, '到门口了');
    await onThisPhone(page);
    await page.getByRole('button', { name: '走路: 有变化' }).click();
    await press(page, '记好了');
    await onThisPhone(page);
    await waitFor(page, '差些');
    expect(await shown(page)).toContain('走路');
    await press(page, '去下一家');
  });

  it('hands an elder back at home without the centre', { timeout: longMs }, async () => {
    const { page } = phone;
    await backTo(page, '/');
    await page.locator(`a[href="/escort/${escortId}"]`).click();
    for (const key of ['我去，说定了', '接到人了', '到地方了', '办完，往回走']) {
      await press(page, key);
      await onThisPhone(page);
    }
    await press(page, '到家，交清了');
    for (const row of await page.locator('dialog .row').all()) await row.click();
    await page.locator('dialog').getByRole('button', { name: '到家，交清了' }).click();
    await onThisPhone(page);
    await waitFor(page, '到家了，交清了');
    const said = await page.evaluate(() => (window as unknown as Said).said);
    expect(said).toContain(`在本机 ${acts} 条`);
    expect(said).not.toContain('中心已收到');
    alone.to = Date.now();
  });

  it('is seen whole on the board when the centre is back, with nothing loaded anew', { timeout: longMs }, async () => {
    const board = desktop.page;
    expect(await shown(board)).toContain(`0 / ${doors}`);
    await phone.context.setOffline(true);
    await server.start();
    await phone.context.setOffline(false);
    await until('the centre to have it all', async () => (await statusLine(phone.page)).startsWith('中心已收到'));
    await waitFor(board, `11 / ${doors}`);
    const checked = (await office.tables()).get(elder, walked[2] as string)?.name ?? 'nobody';
    // How long somebody is being looked for stands first in the row of that door, in seconds or minutes.
    const age = board.getByRole('row').filter({ hasText: checked }).getByRole('rowheader');
    await until('the board to say all of it', async () => {
      const said = (await shown(board)).replace(/\s+/g, ' ');
      const awaited = [
        `共 ${doors}`,
        '送达 10',
        '没送到 1',
        '没人应门 1',
        '还没到 2',
        '没有人接手',
        '没有过期的探访',
        checked,
      ];
      return awaited.every((words) => said.includes(words)) && /^\d+ (秒|分)/.test(await age.innerText());
    });
    await picture(board, 'board');
    await press(board, '陪同');
    await waitFor(board, '交清');
    expect(await board.evaluate(() => 'neverLoadedAnew' in window)).toBe(true);
    expect(phone.broken).toEqual([]);
    expect(desktop.broken).toEqual([]);
  });

  it('stands in the database once each, with author and time', async () => {
    const { sql } = office;
    const done = await sql<Done[]>`select act_id as id, name, verdict, claimed_at as claimed, corrected_at as corrected,
      device_id as device from act where person_id = ${volunteer} and name <> 'routeDay.load' order by seq`;
    expect(done).toHaveLength(acts);
    expect(new Set(done.map(({ id }) => id)).size).toBe(acts);
    expect(new Set(done.map(({ device }) => device)).size).toBe(1);
    for (const { verdict, claimed } of done) {
      expect(verdict).toBe('applied');
      expect(claimed).toBeGreaterThanOrEqual(alone.from);
      expect(claimed).toBeLessThanOrEqual(alone.to);
    }
    expect(await sql`select act_id from review`).toEqual([]);
    const timeOf = new Map(done.map(({ id, corrected }) => [id, corrected]));

    const facts = await sql<Fact[]>`select d.id, d.outcome as what, d.by, d.at, s.elder_id as "elderId"
      from delivery d join stop s on s.id = d.stop_id order by d.at`;
    const at = (place: number) => facts.filter(({ elderId }) => elderId === walked[place - 1]).map(({ what }) => what);
    expect(at(2)).toEqual(['handedOver', 'withdrawn', 'handedOver']);
    expect(at(3)).toEqual(['noAnswer']);
    expect(at(4)).toEqual(['inHospital']);
    for (const place of [1, 5, 6, 7, 8, 9, 10, 11, 12]) expect(at(place)).toEqual(['handedOver']);
    expect(facts).toHaveLength(14);
    const checks = await sql<Fact[]>`select id, state as what, opened_by as by, opened_at as at from safety_check`;
    expect(checks.map(({ what }) => what)).toEqual(['open']);
    const rungs = await sql<Fact[]>`select id, step as what, by, at from check_rung order by at`;
    expect(rungs.map(({ what }) => what)).toEqual(['knock', 'callElder', 'callContact', 'tellCentre']);
    const steps = await sql<Fact[]>`select id, stage as what, by, at from escort_step order by at`;
    expect(steps.map(({ what }) => what)).toEqual(['confirmed', 'pickedUp', 'arrived', 'returning', 'handedBack']);
    const visits = await sql<Fact[]>`select id, state as what, visitor_id as by, started_at as at from visit`;
    expect(visits.map(({ what }) => what)).toEqual(['finished']);

    const all = [...facts, ...checks, ...rungs, ...steps, ...visits];
    expect(all.filter(({ by }) => by !== volunteer)).toEqual([]);
    const times = new Set(timeOf.values());
    for (const fact of all) expect(times).toContain(fact.at);
    for (const fact of [...facts, ...visits]) expect(timeOf.get(fact.id)).toBe(fact.at);
  });
});

interface Done {
  readonly id: string;
  readonly name: string;
  readonly verdict: string;
  readonly claimed: number;
  readonly corrected: number;
  readonly device: string;
}

interface Fact {
  readonly id: string;
  readonly what: string;
  readonly by: string;
  readonly at: number;
  readonly elderId?: string;
}

/** Keeps everything the status line says from now on. */
function noteWhatIsSaid(page: Page): Promise<void> {
  return page.evaluate(() => {
    const kept = window as unknown as { said: string };
    kept.said = '';
    const note = () => (kept.said += `${document.querySelector('.status')?.textContent?.replace(/\s+/g, ' ') ?? ''}\n`);
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
    note();
  });
}

interface Said {
  readonly said: string;
}

/** The rungs that a volunteer climbs: the elder, the first of the family, the centre; nobody is found. */
async function climb(page: Page): Promise<void> {
  for (const key of ['打她电话', '打给', '告诉中心']) {
    await page.locator('.ladder a, .ladder button').first().click();
    if (key !== '告诉中心') await press(page, '没接');
    await onThisPhone(page);
  }
}
