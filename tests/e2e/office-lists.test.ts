/**
 * The coordinator's lists: walked with the keyboard alone, one thing done to many people and taken back, a question
 * kept and asked again on another device, a form that keeps what is typed while its record changes elsewhere, and the
 * stops of a route moved by mouse and by keyboard.
 */
import fs from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbook } from '#features/import/workbook.ts';
import type { ElderLine } from '#features/people/elder-line.ts';
import { elderActs, elderRegistration } from '#features/people/elder.desk.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { stopIdOf } from '#features/routes/stops-of.ts';
import { Browser, press, shown, signIn, waitFor } from './support/browsers.ts';
import { planWalk } from './support/day.ts';
import { Office, password } from './support/office.ts';
import { RunningStation } from './support/running-station.ts';
import { patienceMs, until } from './support/until.ts';

const longMs = 6 * patienceMs;
const people = 70;
const plainDiet = { types: [], allergens: [], texture: null, dislikes: [], note: null };
const nameAt = (at: number): string =>
  `刘${'一二三四五六七八九十'[Math.floor(at / 10)]}${'甲乙丙丁戊己庚辛壬癸'[at % 10]}`;

let server: RunningStation;
let office: Office;
let desktop: Browser;
let other: Browser;
let idOf: ReadonlyMap<string, string>;
let route: string;

function lineAt(at: number): ElderLine {
  const nothing = { birthDate: null, idNumber: null, idFlag: null, accessCode: null, health: null, note: null };
  const place = { estate: '银杏苑', building: `${1 + (at % 5)}栋`, entrance: '1', floor: 2, door: String(200 + at) };
  return {
    ...{
      ...nothing,
      ...place,
      name: nameAt(at),
      callName: null,
      pinyin: `liu${String(at).padStart(2, '0')} l`,
      sex: 'F',
    },
    ...{
      phones: [`199000010${String(at).padStart(2, '0')}`],
      community: '文源社区',
      grid: null,
      address: `银杏苑${at}`,
    },
    ...{
      accessNote: null,
      mayLeaveAtDoor: false,
      living: at % 2 ? '独居' : '空巢',
      categories: ['高龄'],
      diet: plainDiet,
    },
    contacts: [{ name: `敏${at}`, relation: '女儿', phone: `199000060${String(at).padStart(2, '0')}`, hasKey: false }],
    ...{ status: 'active', endReason: null, endedOn: null },
  };
}

beforeAll(async () => {
  server = await RunningStation.make();
  office = await Office.open(server.database.url);
  const lines = Array.from({ length: people }, (_none, at) => lineAt(at));
  await office.act(elderRegistration.registerMany, { rows: lines });
  idOf = new Map((await office.tables()).all(elder).map(({ id, name }) => [name, id]));
  route = await planWalk(
    office,
    '东线',
    'zhouguilan',
    [0, 1, 2, 3].map((at) => idOf.get(nameAt(at)) as string),
  );
  await server.start();
  desktop = Browser.desktop(server.folder, 'desktop');
  other = Browser.desktop(server.folder, 'other');
  for (const browser of [desktop, other]) {
    await signIn(await browser.open(), server.url, 'liangjing', password);
    await browser.page.goto(`${server.url}/office/people`);
    await waitFor(browser.page, `找到 ${people} 位`);
  }
}, longMs);

afterAll(async () => {
  for (const browser of [desktop, other]) await browser?.close();
  await office?.close();
  await server?.remove();
}, longMs);

/** The name of the row that has the keyboard; nothing elsewhere. */
const rowNow = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.closest('tr[data-elder]')?.querySelector('b')?.innerText ?? '');
const rowBecomes = (page: Page, at: number) => until(`row ${at}`, async () => (await rowNow(page)) === nameAt(at));
const keys = async (page: Page, ...names: readonly string[]): Promise<void> => {
  for (const name of names) await page.keyboard.press(name);
};

describe('the register with the keyboard alone', () => {
  it(
    'is walked from the field to beyond what is listed, opened, and come back to at the same row',
    async () => {
      const { page } = desktop;
      await page.getByLabel('找人：名字、拼音').focus();
      await keys(page, 'ArrowDown');
      await rowBecomes(page, 0);
      await keys(page, 'j', 'ArrowDown', 'k');
      await rowBecomes(page, 1);
      for (let at = 1; at < 62; at += 1) {
        await keys(page, 'j');
        await rowBecomes(page, at + 1);
      }
      const seen = await page.evaluate(() => {
        const box = document.activeElement?.getBoundingClientRect();
        return box !== undefined && box.top >= 0 && box.bottom <= innerHeight;
      });
      expect(seen).toBe(true);
      await keys(page, 'Enter');
      await waitFor(page, '改资料');
      await until('the file to have the keyboard', () =>
        page.evaluate(() => document.activeElement?.matches('.file') ?? false),
      );
      await keys(page, 'Escape');
      await rowBecomes(page, 62);
      // No trap: Tab leaves the rows.
      await keys(page, 'Tab');
      expect(await rowNow(page)).toBe('');
      await keys(page, '/');
      await page.locator('dialog.find-box[open]').waitFor();
      await keys(page, 'Escape');
    },
    longMs,
  );
});

describe('one thing done to many', () => {
  const tag = async (): Promise<number> => {
    const [row] = await office.sql<
      { n: number }[]
    >`select count(*)::int as n from elder where '低保' = any(categories)`;
    return row?.n ?? -1;
  };

  it(
    'is done to whom the keyboard has chosen, also who is no longer listed, and taken back as a whole',
    async () => {
      const { page } = desktop;
      await page.getByLabel('找人：名字、拼音').focus();
      await keys(page, 'Enter');
      await rowBecomes(page, 0);
      await keys(page, 'x', 'Shift+ArrowDown', 'Shift+ArrowDown');
      await waitFor(page, '选了 3 位');
      await page.getByRole('checkbox', { name: `选上${nameAt(5)}` }).click({ modifiers: ['Shift'] });
      await waitFor(page, '选了 6 位');
      await page.getByRole('button', { name: '独居' }).click();
      await waitFor(page, '其中 3 位不在现在的名单里');
      await press(page, '加减类别');
      await page.getByLabel('别的类别').fill('低保');
      await press(page, '记下');
      await waitFor(page, '6 位加上了「低保」');
      await until('the centre to have six', async () => (await tag()) === 6);
      await press(page, '撤回');
      await waitFor(page, '6 位撤回了');
      await until('the centre to have none', async () => (await tag()) === 0);
      expect(await shown(page)).not.toContain('低保');
      await press(page, '知道了');
      await page.getByRole('button', { name: '独居' }).click();
    },
    longMs,
  );

  it(
    'says by name and reason for whom it was not done, and undoes only what it did',
    async () => {
      const { page } = desktop;
      const away = () =>
        office.sql<{ n: number }[]>`select count(*)::int as n from absence where "to" is null or "to" >= "from"`;
      await press(page, '停餐');
      await page.getByLabel('备注').fill('水管爆了');
      await page.locator('dialog[open]').getByRole('button', { name: '停餐' }).click();
      await waitFor(page, '6 位停餐记好了');
      await page.getByRole('checkbox', { name: `选上${nameAt(6)}` }).click();
      await press(page, '停餐');
      await page.locator('dialog[open]').getByRole('button', { name: '停餐' }).click();
      await waitFor(page, '1 位停餐记好了');
      expect(await shown(page)).toContain(nameAt(0));
      await until('the centre to have seven', async () => (await away())[0]?.n === 7);
      await press(page, '撤回');
      await until('the centre to have six', async () => (await away())[0]?.n === 6);
      await press(page, '知道了');
      await press(page, '都不选');
    },
    longMs,
  );
});

describe('a kept question', () => {
  it(
    'is asked again with one click, by its address on another device, and found by the search',
    async () => {
      const { page } = desktop;
      await page.getByRole('button', { name: '独居' }).click();
      await page.getByLabel('找人：名字、拼音').fill('刘一');
      await press(page, '存成常用');
      await page.getByLabel('名字', { exact: true }).fill('一楼独居');
      await page.locator('dialog[open]').getByRole('button', { name: '存下' }).click();
      const view = page.getByRole('link', { name: /一楼独居 5/ });
      await view.waitFor();
      const address = await view.getAttribute('href');
      await page.getByLabel('找人：名字、拼音').fill('');
      await waitFor(page, `找到 ${people / 2} 位`);
      await view.click();
      await waitFor(page, '找到 5 位');
      await other.page.goto(`${server.url}${address}`);
      await waitFor(other.page, '找到 5 位');
      await press(page, '去掉');
      await waitFor(page, '「一楼独居」去掉了');
      await press(page, '撤回');
      await view.waitFor();
      expect(await view.getAttribute('href')).toBe(address);
      await page.goto(`${server.url}/office`);
      await page.getByRole('button', { name: '找人、找门牌' }).waitFor();
      await keys(page, '/');
      await page.getByRole('combobox').fill('一楼独居');
      await keys(page, 'Enter');
      await waitFor(page, '找到 5 位');
    },
    longMs,
  );
});

describe('a form whose record changes elsewhere', () => {
  it(
    'keeps what is typed, follows where nothing was, and tells both before anything is saved',
    async () => {
      const { page } = desktop;
      const id = idOf.get(nameAt(9)) as string;
      await page.goto(`${server.url}/office/people/${id}`);
      await press(page, '改资料');
      const form = page.locator('dialog[open]');
      await form.getByLabel('备注').fill('爱下棋');
      await form.getByLabel('电话').fill('19900000000');
      const was = (await office.tables()).get(elder, id)!;
      const facts = {
        name: was.name,
        callName: null,
        pinyin: was.pinyin,
        sex: was.sex,
        birthDate: null,
        living: '空巢',
      };
      await office.act(elderActs.correct, {
        ...{ ...facts, elderId: id, phones: ['19911111111'], categories: ['高龄', '失独'], health: null, note: null },
        mayLeaveAtDoor: false,
      });
      await waitFor(page, '刚才别处改了这里');
      expect(await form.getByLabel('备注').inputValue()).toBe('爱下棋');
      expect(await form.getByLabel('电话').inputValue()).toBe('19900000000');
      expect(await form.getByLabel('电话').evaluate((one) => one === document.activeElement)).toBe(true);
      expect(await shown(page)).toContain('电话：别处改成了「19911111111」');
      await press(page, '电话：用新的');
      await press(page, '记下');
      const row = () => office.sql<{ phones: string[]; note: string; categories: string[] }[]>`
      select phones, note, categories from elder where id = ${id}`;
      await until('the centre to have it', async () => (await row())[0]?.note === '爱下棋');
      expect(await row()).toEqual([{ phones: ['19911111111'], note: '爱下棋', categories: ['高龄', '失独'] }]);
    },
    longMs,
  );
});

describe('the stops of a route', () => {
  const order = async (): Promise<string[]> =>
    (await office.sql<{ id: string }[]>`select id from stop where route_day_id = ${route} order by "order"`).map(
      ({ id }) => id,
    );
  const stopAt = (at: number): string => stopIdOf(office.today, 'lunch', idOf.get(nameAt(at)) as string);

  it(
    'are dragged by their handle, and moved with Alt and the arrows, which is said',
    async () => {
      const { page } = desktop;
      await page.goto(`${server.url}/office/routes/${route}`);
      const row = (at: number) => page.locator(`tr[data-stop="${stopAt(at)}"]`);
      await row(3).waitFor();
      await row(0).locator('[draggable=true]').dragTo(row(2));
      await until('the first to be third', async () => (await order()).join() === [1, 2, 0, 3].map(stopAt).join());
      await row(3).focus();
      await keys(page, 'Alt+ArrowUp');
      await waitFor(page, `${nameAt(3)}，第 3 家，共 4 家`);
      await keys(page, 'Alt+ArrowUp');
      await until('the last to be second', async () => (await order()).join() === [1, 3, 2, 0].map(stopAt).join());
      expect(await row(3).evaluate((one) => one === document.activeElement)).toBe(true);
      const saved = page.waitForEvent('download');
      await press(page, '存成表格');
      const file = await (await saved).path();
      const book = await openWorkbook(new Uint8Array(await fs.readFile(file)), '当天路线.xlsx');
      const rows = 'grids' in book ? (book.grids[0]?.rows ?? []) : [];
      expect(rows.slice(1).map((row) => row.slice(0, 5))).toEqual(
        [1, 3, 2, 0].map((at, place) => ['东线', '周桂兰', '午餐', place + 1, nameAt(at)]),
      );
      for (const { broken } of [desktop, other]) expect(broken).toEqual([]);
    },
    longMs,
  );
});
