/**
 * A strange ledger, as a coordinator brings it in: a column that was guessed wrong is said, somebody who looks like
 * somebody of the register is decided, the whole comes in and is taken back again; the next file is read as was said.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Browser, press, shown, signIn, waitFor } from './support/browsers.ts';
import { Office, password } from './support/office.ts';
import { RunningStation } from './support/running-station.ts';
import { patienceMs, until } from './support/until.ts';

const longMs = 6 * patienceMs;
let server: RunningStation;
let office: Office;
let desktop: Browser;

beforeAll(async () => {
  server = await RunningStation.make();
  office = await Office.open(server.database.url);
  await server.start();
  desktop = Browser.desktop(server.folder, 'desktop');
  await signIn(await desktop.open(), server.url, 'liangjing', password);
}, longMs);

afterAll(async () => {
  await desktop?.close();
  await office?.close();
  await server?.remove();
}, longMs);

const heading = '序号,老人,住址,电话,怎么叫门';
const told = [
  '1,张建国,幸福里3栋2单元501,13900000001,敲三下',
  '2,李桂兰,幸福里3栋2单元502,13900000002,按铃',
  '3,王德福,幸福里5栋1单元102,13900000003,打电话',
  '3,,幸福里5栋1单元103,13900000004,打电话',
];
const later = ['1,张建囯,幸福里3栋2单元501,13900000001,喊一声', '2,赵玉珍,幸福里6栋1单元303,13900000005,敲窗'];

async function choose(name: string, lines: readonly string[]): Promise<void> {
  const file = path.join(server.folder, name);
  await fs.writeFile(file, [heading, ...lines].join('\n'));
  await desktop.page.goto(`${server.url}/office/import`);
  await desktop.page.locator('input[type=file]').setInputFiles(file);
  await waitFor(desktop.page, '每一列是什么');
}

const column = () => desktop.page.getByLabel('表里叫「怎么叫门」');
const elders = () => office.sql<{ name: string; access: string | null }[]>`
  select name, access_note as access from elder order by name`;

it('says what a column is, and everything is read so', { timeout: longMs }, async () => {
  const { page } = desktop;
  await choose('九月.csv', told);
  expect(await shown(page)).toContain('完全对上');
  expect(await column().inputValue()).not.toBe('access');
  await column().selectOption({ label: '怎么进门' });
  await waitFor(page, '您说的');
  await waitFor(page, '下载 1 行去改');
  await press(page, '导入 3 项');
  await waitFor(page, '登记好了');
  await until('the centre to have them', async () => (await elders()).length === 3);
  expect((await elders()).map(({ access }) => access).sort()).toEqual(['打电话', '按铃', '敲三下'].sort());
  expect(await office.sql`select act_id from act where verdict = 'refused'`).toEqual([]);
});

it('reads the next file as was said, and asks about whom it may know', { timeout: longMs }, async () => {
  const { page } = desktop;
  await choose('十月.csv', later);
  await waitFor(page, '说过这种表的列是什么');
  expect(await column().inputValue()).toBe('access');
  const pair = page.locator('[data-pair="张建囯"]');
  await pair.getByRole('button', { name: '是同一位，合在一起' }).click();
  await waitFor(page, '定了 1 处');
  expect(await pair.innerText()).toContain('不一样');
  await press(page, '导入 ');
  await waitFor(page, '登记好了');
  await until('the centre to have her', async () => (await elders()).length === 4);
  expect((await elders()).map(({ name }) => name)).not.toContain('张建囯');
});

it('takes each import back as a whole', { timeout: longMs }, async () => {
  const { page } = desktop;
  await page.goto(`${server.url}/office/import`);
  const runs = page.locator('[data-run]');
  await until('both imports to be listed', async () => (await runs.count()) === 2);
  await runs.filter({ hasText: '十月' }).getByRole('button', { name: '整个撤回' }).click();
  await until('her to be gone', async () => (await elders()).length === 3);
  await runs.filter({ hasText: '九月' }).getByRole('button', { name: '整个撤回' }).click();
  await until('all to be gone', async () => (await elders()).length === 0);
  await until('it to be said', async () => (await runs.filter({ hasText: '已经撤回' }).count()) === 2);
  expect(await office.sql`select act_id from act where verdict = 'refused'`).toEqual([]);
  expect(desktop.broken).toEqual([]);
});
