/**
 * The story of a station's day, once from end to end on the built app: the ledger comes in, the canteen closes its
 * count, a volunteer joins and leaves with the route, the centre dies and the phone is started cold, a whole morning is
 * worked without it, the centre returns, and everybody sees the same and the database holds each fact once.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '#engine/calendar.ts';
import { elder } from '#features/people/elder.record.ts';
import { visitPlanActs } from '#features/visits/visit-plan.desk.record.ts';
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
let kitchen: Browser;
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
  kitchen = Browser.desktop(server.folder, 'kitchen');
}, longMs);

afterAll(async () => {
  await phone?.close();
  await desktop?.close();
  await kitchen?.close();
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

/** Scrolls the paper of this door; the answer tells of the next whether it is the same page, and read from its top. */
async function scrolledDown(page: Page): Promise<() => Promise<{ kept: boolean; from: number | undefined }>> {
  await page.locator('.field-page').evaluate((shown) => shown.setAttribute('data-door-before', ''));
  await page.locator('.paper').evaluate(async (paper: HTMLElement) => {
    paper.style.maxHeight = '80px';
    paper.scrollTop = 40;
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
  return () =>
    page.evaluate(() => ({
      kept: document.querySelector('[data-door-before]') !== null,
      from: document.querySelector('.paper')?.scrollTop,
    }));
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

  it('has a route and a look-in for one volunteer', { timeout: longMs }, async () => {
    [visited = '', escorted = '', ...walked] = eldersApart(await office.tables(), doors + 2);
    await office.grant('pengjuxiang', ['deliverer', 'visitor', 'escort']);
    routeDayId = await planWalk(office, '文源东线', 'pengjuxiang', walked);
    const plan = { elderId: visited, everyDays: 30, visitorId: volunteer, dueOn: addDays(office.today, -1) };
    await office.act(visitPlanActs.arrange, plan);
    expect(await office.sql`select id from stop where route_day_id = ${routeDayId}`).toHaveLength(doors);
  });

  it('has a trip, asked for and given to two people by the coordinator', { timeout: longMs }, async () => {
    const { page } = desktop;
    const name = (await office.tables()).get(elder, escorted)?.name ?? 'nobody';
    await page.goto(`${server.url}/office/escorts`);
    await press(page, '约陪同');
    const form = page.locator('dialog[open]');
    await form.getByLabel('陪哪位老人').first().fill(name);
    for (const key of [name, '陪取钱']) await form.getByRole('button', { name: key }).click();
    await form.getByLabel('去哪儿').fill('文源路储蓄所');
    await form.getByLabel('几点出发').fill('10:00');
    await form.getByLabel('几点前回来').fill('23:30');
    await form.getByLabel('要注意什么、带什么').fill('走路慢，别催。');
    for (const key of ['家里人知道', '定了']) await form.getByRole('button', { name: key }).click();
    await page.getByRole('row').filter({ hasText: name }).getByRole('button', { name: '定下陪同的人' }).click();
    await form.getByLabel('第一位').selectOption({ label: '彭菊香' });
    await form.getByLabel('第二位').selectOption({ label: '邹洁' });
    await form.getByRole('button', { name: '定了' }).click();
    const staffed = () => office.sql<{ id: string }[]>`select id from escort
      where elder_id = ${escorted} and state = 'staffed' and first_person = ${volunteer}`;
    escortId = await until('the centre to have the trip', async () => (await staffed())[0]?.id);
    expect(await office.sql`select family_told as told, purpose from escort`).toEqual([
      { told: true, purpose: 'bank' },
    ]);
  });

  it('has its count of the day closed by the canteen', { timeout: longMs }, async () => {
    const page = await kitchen.open();
    await signIn(page, server.url, 'canteen', password);
    await page.goto(`${server.url}/canteen`);
    expect(await layersOf(page)).toEqual(['reset', 'tokens', 'base', 'parts', 'screens', 'print', 'forced']);
    // In the afternoon the page plans the next day, so the day is chosen as a person would.
    await press(page, '今天');
    await press(page, '午餐');
    await waitFor(page, `${doors} 份，之后有变化再报一次`);
    await press(page, '截单，报给厨房');
    await press(page, '厨房知道了');
    const told = () => office.sql<Told[]>`select closed_by as by, kitchen_knows_at is not null as known,
      (select count(*)::int from jsonb_array_elements(lines) as line, jsonb_array_elements(line -> 'elderIds')) as portions
      from kitchen_count where date = ${office.today} and meal = 'lunch'`;
    await until('the kitchen to know', async () => (await told())[0]?.known);
    expect(await told()).toEqual([{ by: demoPersonId('canteen'), known: true, portions: doors }]);
    expect(kitchen.broken).toEqual([]);
    await kitchen.close();
  });

  it('lets the volunteer join by code and leave with the route', { timeout: longMs }, async () => {
    const page = await phone.open();
    await joinByCode(page, server.url, await makeJoinCode(desktop.page, server.url, '彭菊香'));
    await press(page, '取餐，出发');
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
    await deliver(page, 5);
    const same = await scrolledDown(page);
    await deliver(page, 6);
    await waitFor(page, `第 7 家 / ${doors}`);
    expect(await same()).toEqual({ kept: true, from: 0 });
    for (let place = 7; place <= 12; place += 1) await deliver(page, place);
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
    // How long somebody is being looked for stands first in the row of that door, in minutes.
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
      return awaited.every((words) => said.includes(words)) && /^(刚刚|\d+ 分)/.test(await age.innerText());
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

interface Told {
  readonly by: string;
  readonly known: boolean;
  readonly portions: number;
}

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

/** The layers of the styles in the order in which this page met them, weakest first. */
function layersOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    const named = rules.flatMap((rule) => {
      if (rule instanceof CSSLayerStatementRule) return [...rule.nameList];
      return rule instanceof CSSLayerBlockRule ? [rule.name] : [];
    });
    return [...new Set(named)];
  });
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
