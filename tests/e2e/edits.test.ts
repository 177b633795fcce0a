/**
 * The office goes on planning while two volunteers work without a signal: fifteen edits at the desktop, among them of the very doors at
 * which the volunteers stand. Afterwards all three browsers hold the same truth, no fact is lost, and what a phone has
 * no more duty for is gone from its disk.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '#engine/calendar.ts';
import { escortActs } from '#features/escorts/escort.record.ts';
import { escortPlanActs } from '#features/escorts/escort.desk.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { placeId } from '#features/people/public.ts';
import { deliveryActs } from '#features/routes/delivery.record.ts';
import { stopIdOf } from '#features/routes/stops-of.ts';
import { stop } from '#features/routes/route.record.ts';
import { visitPlanActs } from '#features/visits/visit-plan.desk.record.ts';
import { demoPersonId } from '#server/demo/people.ts';
import { Browser, joinByCode, makeJoinCode, press, shown, signIn, statusLine, waitFor } from './support/browsers.ts';
import { eldersApart, importLedger, planWalk } from './support/day.ts';
import { Desk } from './support/desk.ts';
import { heldBy, mayHold, storedPages } from './support/held.ts';
import { coordinator, Office, password } from './support/office.ts';
import { pagesOf, planPaperRoute, readOfficeRows, readSheet, type PaperRoute } from './support/paper-route.ts';
import { RunningStation } from './support/running-station.ts';
import { patienceMs, until } from './support/until.ts';

const longMs = 6 * patienceMs;
const first = demoPersonId('zhouguilan');
const second = demoPersonId('wujianping');
const fieldRoles = ['deliverer', 'visitor', 'escort'] as const;
const doors = 6;

let server: RunningStation;
let office: Office;
let onePhone: Browser;
let otherPhone: Browser;
let desktop: Browser;
let oneDay: string;
let otherDay: string;
let thirdDay: string;
/** Doors of the two routes, the third one's, and one that is on none yet. */
let one: readonly string[];
let other: readonly string[];
let third: readonly string[];
let added: string;
let visited: string;
let escorted: string;
let escortId: string;

const stopOf = (elderId: string | undefined): string => stopIdOf(office.today, 'lunch', elderId as string);

beforeAll(async () => {
  server = await RunningStation.make();
  office = await Office.open(server.database.url);
  await importLedger(office, 'wenyuan-elders.xlsx');
  await plan();
  await server.start();
  onePhone = Browser.phone(server.folder, 'one');
  otherPhone = Browser.phone(server.folder, 'other');
  desktop = Browser.desktop(server.folder, 'desktop');
}, longMs);

afterAll(async () => {
  for (const browser of [onePhone, otherPhone, desktop]) await browser?.close();
  await office?.close();
  await server?.remove();
}, longMs);

async function plan(): Promise<void> {
  const { today } = office;
  const all = [...eldersApart(await office.tables(), 2 * doors + 5)];
  one = all.splice(0, doors);
  other = all.splice(0, doors);
  third = all.splice(0, 2);
  [added = '', visited = '', escorted = ''] = all;
  for (const login of ['zhouguilan', 'wujianping']) await office.grant(login, [...fieldRoles]);
  oneDay = await planWalk(office, '东线', 'zhouguilan', one);
  otherDay = await planWalk(office, '西线', 'wujianping', other);
  thirdDay = await planWalk(office, '南线', 'pengjuxiang', third);
  await office.act(visitPlanActs.arrange, { elderId: visited, everyDays: 30, visitorId: first, dueOn: today });
  escortId = await office.act(escortActs.request, { elderId: escorted, ...tripOf(today) });
  await office.act(escortPlanActs.staff, { escortId, firstPerson: second, secondPerson: first, vehicle: null });
}

async function leave(phone: Browser, name: string): Promise<void> {
  const page = await phone.open();
  await joinByCode(page, server.url, await makeJoinCode(desktop.page, server.url, name));
  await press(page, '取餐，出发');
  await press(page, '出发');
  await waitFor(page, `第 1 家 / ${doors}`);
  await received(page);
}

function received(page: Page): Promise<boolean> {
  return until('the centre to have it', async () => (await statusLine(page)).startsWith('中心已收到'));
}

async function tell(page: Page, place: number, ...keys: readonly string[]): Promise<void> {
  await waitFor(page, `第 ${place} 家 / ${doors}`);
  for (const key of keys) await press(page, key);
  await until(`${place} on this phone`, async () => (await statusLine(page)).startsWith(`在本机 ${place} 条`));
}

/** Everything the coordinator changes at the desktop while nobody can be told. */
async function edit(): Promise<void> {
  const desk = new Desk(desktop.page, server.url, office);
  const tables = await office.tables();
  const nameOf = (id: string | undefined): string => tables.get(elder, id as string)?.name ?? 'nobody';
  await desk.openRoute('东线');
  await desk.moveStop(stopOf(one[1]), '西线');
  await desk.takeOff(stopOf(one[2]));
  await desk.takeOff(stopOf(one[3]));
  await desk.changeBox(stopOf(one[4]), '丁 糖尿病餐');
  await desk.addStop(nameOf(added));
  await desk.giveRoute('南线', '吴建平');
  await desk.openRoute('西线');
  await desk.moveUp(stopOf(other[5]), 3);
  await desk.moveDown(stopOf(other[3]));
  await desk.setAccess(one[5] as string, '敲重一点，狗不咬人', '2580#');
  await desk.changeDiet(one[5] as string, '低嘌呤');
  await desk.setContact(other[2] as string, '顾念恩', '女儿', '13900001234');
  await desk.awayFrom(other[4] as string, addDays(office.today, 1), '出门');
  await desk.changeTripTo(nameOf(escorted), '14:30');
  await desk.giveVisits(nameOf(visited), '吴建平');
}

/** What the database must say after those edits, each asked for by itself. */
async function edited(): Promise<void> {
  const { sql } = office;
  const stops = await sql<{ id: string; day: string; active: boolean; box: string; place: number }[]>`
    select id, route_day_id as day, active, variant_id as box, "order" as place from stop`;
  const stopNow = (id: string | undefined) => stops.find((row) => row.id === stopOf(id));
  const placesOf = (day: string) =>
    stops
      .filter((row) => row.day === day && row.active)
      .sort((a, b) => a.place - b.place)
      .map(({ id }) => id);
  expect(stopNow(one[1])).toMatchObject({ day: otherDay, active: true });
  expect([stopNow(one[2])?.active, stopNow(one[3])?.active]).toEqual([false, false]);
  expect(stopNow(one[4])?.box).toBe(placeId('丁'));
  expect(placesOf(oneDay)).toEqual([one[0], one[4], one[5], added].map(stopOf));
  expect(placesOf(otherDay)).toEqual([...[0, 1, 5, 2, 4, 3].map((at) => other[at]), one[1]].map(stopOf));
  expect(await sql`select volunteer_id as who from route_day where id = ${thirdDay}`).toEqual([{ who: second }]);
  const [{ note, code } = {}] = await sql`select access_note as note, access_code as code from elder
    where id = ${one[5] as string}`;
  expect([note, code]).toEqual(['敲重一点，狗不咬人', '2580#']);
  const [diet] = await sql`select types, variant_id as box from diet_profile where elder_id = ${one[5] as string}`;
  expect(diet?.types).toContain('low-purine');
  const called = await sql`select name, phone, has_key as key from contact where elder_id = ${other[2] as string}`;
  expect(called).toEqual([{ name: '顾念恩', phone: '13900001234', key: true }]);
  const away = await sql`select reason, "from"::text as since from absence where elder_id = ${other[4] as string}`;
  expect(away).toEqual([{ reason: 'travel', since: addDays(office.today, 1) }]);
  expect(await sql`select start_time::text as at from escort where id = ${escortId}`).toEqual([{ at: '14:30:00' }]);
  expect(await sql`select visitor_id as who from visit_plan where id = ${visited}`).toEqual([{ who: second }]);
}

function tripOf(date: string) {
  const times = { date, startTime: '10:00', expectedReturn: '23:00' };
  return { ...times, purpose: 'other', placeName: '街道办事处', brief: null, familyTold: true } as const;
}

describe('fifteen edits while two phones are without a signal', () => {
  it('has both on their way', { timeout: longMs }, async () => {
    await signIn(await desktop.open(), server.url, 'liangjing', password);
    await waitFor(desktop.page, '西线');
    await leave(onePhone, '周桂兰');
    await leave(otherPhone, '吴建平');
    const held = await heldBy(onePhone.page);
    expect(Object.keys(held.stop ?? {}).sort()).toEqual(one.map(stopOf).sort());
  });

  it('lets them work on, and the office too', { timeout: longMs }, async () => {
    for (const { context } of [onePhone, otherPhone]) {
      await context.route('**/api/**', (route) => route.abort());
      await context.setOffline(true);
    }
    for (const place of [1, 2, 3]) await tell(onePhone.page, place, '送达');
    await tell(otherPhone.page, 1, '送达');
    await tell(otherPhone.page, 2, '其他情况', '住院、搬走、过世', '住院了');
    await edit();
    await edited();
    const [facts] = await office.sql<{ n: number }[]>`select count(*)::int as n from delivery`;
    expect(facts?.n).toBe(0);
    expect(Object.keys((await heldBy(onePhone.page)).stop ?? {})).toHaveLength(doors);
  });

  it('ends with the same on all three browsers', { timeout: longMs }, async () => {
    for (const { context } of [onePhone, otherPhone]) {
      await context.unroute('**/api/**');
      await context.setOffline(false);
    }
    for (const { page } of [onePhone, otherPhone]) await received(page);
    await agrees(onePhone, first, fieldRoles);
    await agrees(otherPhone, second, fieldRoles);
    await agrees(desktop, coordinator, ['coordinator']);
    for (const { broken } of [onePhone, otherPhone, desktop]) expect(broken).toEqual([]);
  });

  it('leaves nothing of who was taken off on the disk of that phone', { timeout: longMs }, async () => {
    const tables = await office.tables();
    const signsOf = (id: string | undefined): string[] => {
      const who = tables.get(elder, id as string);
      return who ? [who.id, who.name, ...(who.phones ?? [])] : [];
    };
    const kept = signsOf(one[5]);
    const gone = signsOf(one[3]);
    expect(kept.length).toBeGreaterThan(2);
    expect(gone.length).toBeGreaterThan(2);
    // Asked before the page is loaded anew: starting tidies up too, and would hide that removing had not.
    const onDisk = async (): Promise<string> => (await storedPages(onePhone.page)).join('\n');
    await until('the disk to be tidy', async () => !(await onDisk()).includes(gone[1] as string));
    const text = await onDisk();
    for (const sign of kept) expect(text).toContain(sign);
    for (const sign of gone) expect(text).not.toContain(sign);
    // The volunteer's own fact of today stays theirs; who lives behind that door is gone with the duty.
    for (const sign of signsOf(one[2]).slice(1)) expect(text).not.toContain(sign);
  });

  it('shows each person their own part of it', { timeout: longMs }, async () => {
    const tables = await office.tables();
    const nameOf = (id: string): string => tables.get(elder, id)?.name ?? id;
    const ordered = async (phone: Browser, day: string): Promise<string[]> => {
      await phone.page.goto(`${server.url}/route/${day}`);
      await phone.page.waitForSelector('.doors-list li');
      return phone.page.locator('.doors-list li b').allInnerTexts();
    };
    const inOrder = (day: string): string[] =>
      [...tables.where(stop, { routeDayId: day })]
        .filter(({ active }) => active)
        .sort((a, b) => a.order - b.order)
        .map(({ elderId }) => nameOf(elderId));
    expect(await ordered(onePhone, oneDay)).toEqual(inOrder(oneDay));
    expect(inOrder(oneDay)).toEqual([one[0], one[4], one[5], added].map((id) => nameOf(id as string)));
    expect(await ordered(otherPhone, otherDay)).toEqual(inOrder(otherDay));
    expect(inOrder(otherDay)).toHaveLength(doors + 1);
    expect(await shown(otherPhone.page)).toContain('中心改了这条线');
  });

  it('keeps every fact, also of the door that was moved and the one that was taken off', async () => {
    const facts = await office.sql<{ id: string; outcome: string; by: string }[]>`
      select stop_id as id, outcome, by from delivery order by at`;
    const byFirst = facts.filter(({ by }) => by === first);
    const bySecond = facts.filter(({ by }) => by === second);
    expect(byFirst.map(({ id, outcome }) => [id, outcome])).toEqual(
      one.slice(0, 3).map((id) => [stopOf(id), 'handedOver']),
    );
    expect(bySecond.map(({ id, outcome }) => [id, outcome])).toEqual([
      [stopOf(other[0]), 'handedOver'],
      [stopOf(other[1]), 'inHospital'],
    ]);
    expect(facts).toHaveLength(5);
    expect(await office.sql`select act_id from act where verdict = 'refused'`).toEqual([]);
  });
});

/**
 * A third volunteer has no phone today: the office prints the route, and types the results of the sheet back, without a
 * signal, as fast as a hand can go and with two slips.
 */
describe('a route on paper', () => {
  const stops = 30;
  const walker = demoPersonId('pengjuxiang');
  const reported = 7;
  let route: PaperRoute;
  let printed: string;

  it('is printed with the numbers of the screen, to be read at a door', { timeout: longMs }, async () => {
    const { page } = desktop;
    route = await planPaperRoute(office, '晚餐东线', 'pengjuxiang', one[5] as string, stops);
    await office.act(deliveryActs.handOver, { stopId: route.stopIds[reported] as string, boxesBack: 0 }, walker);
    await page.goto(`${server.url}/office/routes/${route.routeDayId}`);
    await until('the office to have the route', async () => (await readOfficeRows(page)).length === stops);
    const onScreen = await readOfficeRows(page);
    await press(page, '打印这条线');
    await page.waitForSelector('[data-sheet]');
    await page.emulateMedia({ media: 'print' });
    const sheet = await readSheet(page);
    expect(sheet.rows).toEqual(onScreen);
    expect(sheet.rows.map(({ place }) => place)).toEqual(onScreen.map((_, at) => String(at + 1)));
    expect(sheet.points[0]).toBeGreaterThanOrEqual(14);
    expect(sheet.breaks).toEqual(['table-header-group', 'avoid']);
    expect(sheet.text).toContain('敲重一点');
    expect(sheet.text).toContain('给 2 盒');
    const [first] = await office.sql<
      { code: string }[]
    >`select access_code as code from elder where id = ${one[5] as string}`;
    for (const secret of [first?.code as string, '8899', '密码']) expect(sheet.text).not.toContain(secret);
    expect(await pagesOf(page)).toBe(2);
    await page.emulateMedia({ media: null });
    printed = sheet.number;
  });

  it('is typed back with one key a door, without a signal', { timeout: longMs }, async () => {
    const { page, context } = desktop;
    await page.goto(`${server.url}/office/routes/${route.routeDayId}`);
    await press(page, '纸上的结果');
    await page.waitForSelector('tr[aria-current]');
    expect(await page.locator('[data-sheet-number]').innerText()).toBe(printed);
    await context.route('**/api/**', (request) => request.abort());
    await context.setOffline(true);
    let keys = 0;
    const strike = async (key: string): Promise<void> => {
      keys += 1;
      await page.keyboard.press(key);
      await page.waitForTimeout(100);
    };
    for (const key of '1112111') await strike(key);
    // The eighth row has its result from a phone. A slip is taken back, a key that is held down counts once.
    for (const key of ['4', 'Backspace', '3']) await strike(key);
    await page.keyboard.down('1');
    for (let held = 0; held < 3; held += 1) await page.keyboard.down('1');
    await page.keyboard.up('1');
    // No finger is back sooner; what comes sooner is a key that bounces.
    await page.waitForTimeout(100);
    keys += 1;
    for (const key of '11111411118111111111') await strike(key);
    await waitFor(page, `${stops} 家都有结果了`);
    expect(keys).toBeLessThanOrEqual(stops + 2);
  });

  it('is the work of whoever walked, marked with whoever typed', { timeout: longMs }, async () => {
    await desktop.context.unroute('**/api/**');
    await desktop.context.setOffline(false);
    type Said = { id: string; by: string; typed: string | null; outcome: string };
    const facts = () => office.sql<Said[]>`select stop_id as id, by, entered_by as typed, outcome from delivery
      where route_day_id = ${route.routeDayId} and outcome <> 'withdrawn'
        and id not in (select corrects from delivery where corrects is not null)`;
    await until('the centre to have the sheet', async () => (await facts()).length === stops);
    const outcomeAt = new Map([
      [3, 'handedToOther'],
      [8, 'noAnswer'],
      [15, 'refused'],
      [20, 'inHospital'],
    ]);
    const byStop = new Map((await facts()).map((fact) => [fact.id, fact]));
    expect(route.stopIds.map((id) => byStop.get(id)?.outcome)).toEqual(
      route.stopIds.map((_, at) => outcomeAt.get(at) ?? 'handedOver'),
    );
    expect(new Set([...byStop.values()].map(({ by }) => by))).toEqual(new Set([walker]));
    expect([...byStop.values()].filter(({ typed }) => typed === null).map(({ id }) => id)).toEqual([
      route.stopIds[reported],
    ]);
    expect(new Set([...byStop.values()].map(({ typed }) => typed))).toEqual(new Set([coordinator, null]));
    const checks = await office.sql`select stop_id as id, opened_by as by, state from safety_check
      where date = ${office.today} and stop_id in ${office.sql([...route.stopIds])}`;
    expect(checks).toEqual([{ id: route.stopIds[8], by: walker, state: 'open' }]);
    expect(await office.sql`select act_id from act where verdict = 'refused'`).toEqual([]);
    expect(desktop.broken).toEqual([]);
  });
});

/** The browser must come to hold exactly what its person may see of the database, value by value. */
async function agrees(browser: Browser, person: string, roles: readonly string[]): Promise<void> {
  const same = async (): Promise<boolean> => {
    const [held, may] = [await heldBy(browser.page), await mayHold(office, person, roles)];
    return JSON.stringify(sorted(held)) === JSON.stringify(sorted(may));
  };
  await until('the browser to agree', same, patienceMs).catch(async () =>
    expect(await heldBy(browser.page)).toEqual(await mayHold(office, person, roles)),
  );
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
