/**
 * Every part of the design system in every state, beside the pictures that were looked at and kept. A change that is
 * meant keeps new ones: `NUANLIN_GALLERY=keep npm run test:e2e`, and is looked at before it is committed.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, desktopSize, phoneSize } from './support/browsers.ts';
import { RunningStation } from './support/running-station.ts';
import { difference, thumbnail } from './support/thumbnails.ts';
import { patienceMs } from './support/until.ts';

const longMs = 6 * patienceMs;
const folder = path.join(import.meta.dirname, 'gallery');
const keeps = process.env.NUANLIN_GALLERY === 'keep';
/** Of the cells of a picture: what letters of another make of the same font change, and less than any mended key. */
const shareMax = 0.004;

interface Look {
  readonly theme: 'light' | 'dark' | 'sun';
  readonly size: 20 | 36;
  readonly language: 'zh-CN' | 'en';
}

const plain: Look = { theme: 'light', size: 20, language: 'zh-CN' };
const dark: Look = { ...plain, theme: 'dark' };
const large: Look = { ...plain, size: 36 };
const looks: readonly Look[] = [dark, { ...plain, theme: 'sun' }, large, { ...plain, language: 'en' }];
const views = ['stop', 'sheet', 'undo', 'ladder', 'load', 'finish', 'trip', 'look', 'print'];
/** The view that holds most parts is looked at in every way. */
const shown: readonly (readonly [view: string, look: Look])[] = [
  ...views.map((view) => [view, plain] as const),
  ...[plain, ...looks].map((look) => ['parts', look] as const),
  ...[plain, large].map((look) => ['forms', look] as const),
  ...[plain, dark].map((look) => ['office', look] as const),
];

let server: RunningStation;
let browser: Browser;
let page: Page;
let easel: Page;

beforeAll(async () => {
  server = await RunningStation.make();
  await server.start();
  browser = new Browser(path.join(server.folder, 'gallery'), phoneSize);
  page = await browser.open();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  easel = await browser.context.newPage();
}, longMs);

afterAll(async () => {
  await browser?.close();
  await server?.remove();
}, longMs);

async function open(view: string, { theme, size, language }: Look): Promise<void> {
  const window = view === 'office' || view === 'print' ? desktopSize : phoneSize;
  await page.setViewportSize(window);
  await page.goto(`${server.url}/mark.svg`);
  await page.evaluate(
    (kept) => {
      for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
    },
    { 'nuanlin-theme': theme, 'nuanlin-text-size': String(size), PARAGLIDE_LOCALE: language },
  );
  await page.goto(`${server.url}/gallery?view=${view}`);
  await page.waitForSelector('.field-page, .office-page, .kitchen-page, .a4');
  // The paper scrolls inside its page: the window is made as high as all that lies below.
  const below = await page.evaluate(() =>
    Math.max(0, ...[...document.querySelectorAll('*')].map((one) => one.scrollHeight - one.clientHeight)),
  );
  await page.setViewportSize({ ...window, height: window.height + below });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

const nameOf = (view: string, { theme, size, language }: Look): string => `${view}-${theme}-${size}-${language}.png`;

function kept(view: string, look: Look): string {
  const file = path.join(folder, nameOf(view, look));
  return fs.existsSync(file) ? fs.readFileSync(file).toString('base64') : '';
}

describe('the gallery', () => {
  it.each(shown)('%s looks as it was kept: %o', { timeout: longMs }, async (view, look) => {
    await open(view, look);
    const now = await thumbnail(page, easel);
    if (keeps) {
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, nameOf(view, look)), Buffer.from(now, 'base64'));
    }
    expect(kept(view, look), 'there is no kept picture').not.toBe('');
    const { share, size } = await difference(easel, now, kept(view, look));
    expect(share, size).toBeLessThanOrEqual(shareMax);
  });

  it.each([
    ['a key that is higher', '.btn { min-block-size: 90px !important }'],
    ['a line of another colour', ':root { --line-strong: #3060ff !important; --ink: #304060 !important }'],
    ['signs that are not there', '.i { visibility: hidden }'],
    ['a notice that is narrower', '.notice { max-inline-size: 60% }'],
  ])('tells %s', { timeout: longMs }, async (_what, css) => {
    await open('parts', plain);
    await page.addStyleTag({ content: css }).catch(() =>
      page.evaluate((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets.push(sheet);
      }, css),
    );
    const { share } = await difference(easel, await thumbnail(page, easel), kept('parts', plain));
    expect(share).toBeGreaterThan(shareMax);
  });

  it('keeps no picture that nothing is held against', () => {
    expect(fs.readdirSync(folder).sort()).toEqual(shown.map(([view, look]) => nameOf(view, look)).sort());
  });
});
