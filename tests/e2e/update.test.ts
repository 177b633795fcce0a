/**
 * A new version of the app while two tabs are open: it is taken when nothing is begun in any of them, and a tab that
 * keeps running the old one finds all its files until its entry is finished.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, press, shown, signIn, waitFor, waitForWorker } from './support/browsers.ts';
import { Office, password } from './support/office.ts';
import { RunningStation } from './support/running-station.ts';
import { patienceMs, until } from './support/until.ts';

const longMs = 6 * patienceMs;
const built = path.resolve(import.meta.dirname, '../../build');
/** A file that only the old version has. */
const former = '/_app/immutable/former.js';

let server: RunningStation;
let office: Office;
let browser: Browser;
let copy: string;
let list: Page;
let me: Page;

/** Writes the worker of this version into the copy; without the compressed forms, so that it is what is sent. */
function writeWorker(text: string): void {
  for (const form of ['.br', '.gz']) fs.rmSync(path.join(copy, `client/service-worker.js${form}`), { force: true });
  fs.writeFileSync(path.join(copy, 'client/service-worker.js'), text);
}

const workerText = (): string => fs.readFileSync(path.join(built, 'client/service-worker.js'), 'utf8');

/** The same app with one file more. */
function oldWorker(): string {
  const text = workerText().replace(/(["'`])\/_app\/immutable\//, (found, quote: string) => {
    return `${quote}${former}${quote},${found}`;
  });
  expect(text).toContain(former);
  return text;
}

/** How often this page was loaded, kept in the tab; null while it is being loaded. */
const loads = (page: Page): Promise<string | null> =>
  page.evaluate(() => sessionStorage.getItem('loads')).catch(() => null);
const countLoads = (): void => sessionStorage.setItem('loads', `${Number(sessionStorage.getItem('loads')) + 1}`);

beforeAll(async () => {
  copy = fs.mkdtempSync(path.join(path.dirname(built), '.svelte-kit/update-'));
  fs.cpSync(built, copy, { recursive: true });
  fs.writeFileSync(path.join(copy, 'client', former), 'export const version = "old";');
  writeWorker(oldWorker());
  server = await RunningStation.make(copy);
  office = await Office.open(server.database.url);
  await server.start();
  browser = Browser.desktop(server.folder, 'desktop');
  list = await browser.open();
  await browser.context.addInitScript(countLoads);
  me = await browser.context.newPage();
}, longMs);

afterAll(async () => {
  await browser?.close();
  await office?.close();
  await server?.remove();
  fs.rmSync(copy, { recursive: true, force: true });
}, longMs);

describe('the first version of the app', () => {
  it('loads no page anew when it comes to the phone', { timeout: longMs }, async () => {
    // The first page puts the worker on the phone, which takes over the second one.
    await list.goto(`${server.url}/sign-in`);
    await signIn(list, server.url, 'liangjing', password);
    await waitForWorker(list);
    await list.waitForTimeout(1_500);
    expect(await loads(list)).toBe('2');
  });
});

describe('a new version of the app', () => {
  it('comes to the phone and waits while something is begun in another tab', { timeout: longMs }, async () => {
    await list.goto(`${server.url}/office/volunteers`);
    await list.locator('input[type=search]').fill('周');
    await server.kill();
    fs.rmSync(path.join(copy, 'client', former));
    writeWorker(`${workerText()}\n// the next version`);
    await server.start();
    await me.goto(`${server.url}/me`);
    await me.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => one?.update()));
    await waitFor(me, '有新版了');
    await press(me, '换新版');
    await waitFor(me, '还有没写完的');
    expect(await list.locator('input[type=search]').inputValue()).toBe('周');
  });

  it('leaves a tab standing that never answered, with all files of its version', { timeout: longMs }, async () => {
    const before = await loads(list);
    // As when the tab was asleep while the others were asked.
    await me.evaluate(async () => {
      const found = await navigator.serviceWorker.getRegistration();
      found?.waiting?.postMessage({ type: 'SKIP_WAITING' });
    });
    await until('the tab without entry to be loaded anew', async () => (await loads(me)) === '2', patienceMs);
    expect(await loads(list)).toBe(before);
    expect(await list.locator('input[type=search]').inputValue()).toBe('周');
    expect((await fetch(`${server.url}${former}`)).status).toBe(404);
    const found = await list.evaluate((url) => fetch(url).then((response) => response.text()), former);
    expect(found).toContain('old');
    await list.locator('input[type=search]').fill('');
    await until(
      'the other tab to be loaded anew',
      async () => ![before, null].includes(await loads(list)),
      patienceMs,
      () => shown(list),
    );
    await waitFor(me, '我的');
    expect(await me.evaluate(() => document.body.innerText)).not.toContain('有新版了');
    expect(browser.broken).toEqual([]);
  });
});
