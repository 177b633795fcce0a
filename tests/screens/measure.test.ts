import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserSwitches } from '../support/browser-switches.ts';
import { measures } from './crawl.ts';

let browser: Browser;
let page: Page;
let script: string;

beforeAll(async () => {
  script = await measures();
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, args: [...browserSwitches] });
  page = await browser.newPage({ viewport: { width: 360, height: 800 } });
});

afterAll(() => browser?.close());

const hidden = 'position:absolute;inline-size:1px;block-size:1px;overflow:hidden';
const lines = (pulledUp: string): string =>
  `<div style="zoom:0.42;font-size:30px;line-height:1"><b style="display:block">天鸿花园</b>
  <b style="display:block;margin-top:-${pulledUp}">3栋 1-402</b></div>`;

it.each([
  ['text of 15.0 px', '<p style="font-size:15px">送达</p>'],
  ['target of 40×40', '<button style="width:40px;height:40px;padding:0">好</button>'],
  ['contrast of', '<p style="color:#999">送达</p>'],
  ['text beside the screen', '<p style="white-space:nowrap">长沙市天心区文源街道天鸿小区二期安置房原机床厂宿舍</p>'],
  ['text cut off', '<p style="width:60px;overflow:hidden;white-space:nowrap"><b>长沙市天心区文源街道</b></p>'],
  ['word broken', '<p style="width:60px;overflow-wrap:anywhere">Understood</p>'],
  ['gap of', '<button class="k">一</button><button class="k" style="margin-left:4px">二</button>'],
  ['text over text', lines('0.6em')],
  ['wider than its place', `<table><thead style="${hidden}"><tr><th>路线志愿者送完状态</th></tr></thead></table>`],
])('finds %s', async (what, html) => {
  expect(await found(html)).toContain(what);
});

it.each([
  ['lines of a sheet that is shown smaller', lines('0em')],
  [
    'heads of columns that only readers hear',
    `<table><thead style="${hidden};clip-path:inset(50%)"><tr><th>路线志愿者送完状态</th></tr></thead></table>`,
  ],
])('finds nothing wrong with %s', async (_what, html) => {
  expect(await found(html)).toBe('');
});

async function found(html: string): Promise<string> {
  const style = 'body{font:20px/1.5 sans-serif;color:#000;background:#fff}.k{width:60px;height:60px}';
  await page.setContent(`<style>${style}</style>${html}`);
  await page.evaluate(script);
  return (await page.evaluate(() => window.measureScreen('field'))).map(({ what }) => what).join();
}
