import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { browserSwitches } from '../../support/browser-switches.ts';
import { patienceMs } from './until.ts';

export const phoneSize = { width: 360, height: 800 } as const;
export const desktopSize = { width: 1366, height: 768 } as const;

/** A browser with a profile on the disk, so that closing and opening it again is a cold start of the same device. */
export class Browser {
  /** What broke in the pages and must not have. */
  readonly broken: string[] = [];
  #context: BrowserContext | undefined;
  #page: Page | undefined;

  constructor(
    readonly profile: string,
    readonly size: { readonly width: number; readonly height: number },
    readonly scale = 1,
    readonly switches: readonly string[] = [],
  ) {}

  /** `film`: what the camera of this phone sees; the person lets the page use it. */
  static phone(folder: string, name: string, film?: string): Browser {
    const camera = [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ];
    return new Browser(path.join(folder, name), phoneSize, 2, film === undefined ? [] : camera);
  }

  static desktop(folder: string, name: string): Browser {
    return new Browser(path.join(folder, name), desktopSize);
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('The browser is closed.');
    return this.#context;
  }

  get page(): Page {
    if (!this.#page) throw new Error('The browser is closed.');
    return this.#page;
  }

  async open(): Promise<Page> {
    this.#context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [...browserSwitches, ...this.switches],
      viewport: this.size,
      deviceScaleFactor: this.scale,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
    });
    this.#context.setDefaultTimeout(patienceMs);
    await this.#context.addInitScript(noDialler);
    const page = this.#context.pages()[0] ?? (await this.#context.newPage());
    page.on('pageerror', (error) => this.broken.push(error.message));
    this.#page = page;
    return page;
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
    this.#page = undefined;
  }
}

/** On a phone the dialler takes a number over; here the browser would ask in a window of its own, before which no tap counts. */
function noDialler(): void {
  addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a[href^="tel:"]')) event.preventDefault();
  });
}

/** Presses the key whose words begin like this. */
export async function press(page: Page, words: string): Promise<void> {
  const begins = new RegExp(`^\\s*${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
  const key = page.locator('button:visible, a:visible').filter({ hasText: begins }).first();
  await key.click().catch(async () => {
    throw new Error(`There is no key ${words} on ${page.url()}: ${await shown(page)}`);
  });
}

/** What the screen says. */
export function shown(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText);
}

/** Waits until the screen says this. */
export async function waitFor(page: Page, words: string): Promise<void> {
  await page.waitForFunction((text) => document.body.innerText.includes(text), words);
}

/** Resolves when the app is kept for starting without a signal. */
export async function waitForWorker(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** What the line says that tells where one's work is. */
export async function statusLine(page: Page): Promise<string> {
  return (await page.locator('.status').first().innerText()).replace(/\s+/g, ' ').trim();
}

/** A person of the office signs in with name and password. */
export async function signIn(page: Page, url: string, name: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.locator('input[name=username]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((at) => at.pathname !== '/sign-in');
}

/** The coordinator at this desktop makes a code for somebody, as the screen of the volunteers shows it. */
export async function makeJoinCode(desktop: Page, url: string, name: string): Promise<string> {
  await desktop.goto(`${url}/office/volunteers`);
  await desktop.locator('input[type=search]').fill(name);
  const row = desktop.getByRole('row').filter({ hasText: name });
  await row.getByRole('button', { name: '加入一部手机' }).click();
  await desktop.getByRole('button', { name: '出加入码' }).click();
  return desktop.locator('[data-join-code]').innerText();
}

/** A phone becomes somebody's by typing the eight signs. */
export async function joinByCode(page: Page, url: string, code: string): Promise<void> {
  await page.goto(`${url}/join`);
  await page.locator('.code-field input').pressSequentially(code.replace('-', '').toLowerCase());
  await joined(page);
}

/** Waits until this phone is somebody's and the app is kept on it. */
export async function joined(page: Page): Promise<void> {
  await page.waitForURL((at) => at.pathname === '/');
  await page.waitForSelector('.status.sure');
  await waitForWorker(page);
}
