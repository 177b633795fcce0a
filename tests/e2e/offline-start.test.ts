import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A cold start of the browser with nobody at the other end, on a phone that has joined by code. */
const root = path.resolve(import.meta.dirname, '../..');
/** A first start may have to build the app and make the demo station on a busy machine. */
const patienceMs = 600_000;
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const quietFlags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

let folder: string;
let server: ChildProcess;
let url: string;
let context: BrowserContext;
let page: Page;
const broken: string[] = [];

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The station as people start it; resolves when it answers. */
async function startStation(port: number): Promise<void> {
  server = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATA_DIR: path.join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
  for (;;) {
    const answers = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    if (server.exitCode !== null) throw new Error(`The station did not start:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function ask<T>(procedure: string, input: unknown, cookie = ''): Promise<{ answer: T; cookie: string }> {
  const response = await fetch(`${url}/api/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-nuanlin': '1', cookie },
    body: JSON.stringify(input),
  });
  const body = (await response.json()) as { result: { data: T } };
  const set = response.headers.getSetCookie().map((one) => one.split(';')[0]);
  return { answer: body.result.data, cookie: set.join('; ') };
}

/** What a coordinator does: a code for this volunteer. */
async function joinCodeFor(login: string): Promise<{ code: string; token: string }> {
  const password = 'nuanlin-demo';
  const office = await ask('access.signIn', { name: 'liangjing', password });
  const volunteer = await ask<{ identity: { person: string } }>('access.signIn', { name: login, password });
  const { person } = volunteer.answer.identity;
  return (await ask<{ code: string; token: string }>('access.makeJoinCode', { person }, office.cookie)).answer;
}

/** `profile` tells the volunteer's phone from the computer of the office. */
async function openBrowser(profile = 'profile'): Promise<void> {
  context = await chromium.launchPersistentContext(path.join(folder, profile), {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [...asRoot, ...quietFlags],
    viewport: { width: 360, height: 800 },
    locale: 'zh-CN',
  });
  page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) broken.push(message.text());
  });
}

/** Opens pages one after the other and waits until each says its words. */
async function expectPages(pages: readonly (readonly [address: string, words: string])[]): Promise<void> {
  for (const [address, words] of pages) {
    await page.goto(url + address);
    await page
      .waitForFunction((text) => document.body.innerText.includes(text), words)
      .catch(async () => expect(await shown(), address).toContain(words));
  }
}

/** How many files of the desks this browser keeps; null when it was never asked to. */
const deskKept = (): Promise<number | null> =>
  page.evaluate(async () => {
    if (!(await caches.has('nuanlin-desk'))) return null;
    return (await (await caches.open('nuanlin-desk')).keys()).length;
  });

/** How many there are, as the build has told the worker. */
async function deskFileCount(): Promise<number> {
  const text = await (await fetch(`${url}/service-worker.js`)).text();
  return (JSON.parse(text.match(/^self[.]deskFiles=(\[.*?\]);/)?.[1] ?? '[]') as string[]).length;
}

const shown = (): Promise<string> => page.evaluate(() => document.body.innerText);

/** Every byte of text that the page's origin keeps, as the devices' files would show it. */
function filesHold(words: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of fs.readdirSync(path.join(folder, 'profile/Default'), { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, 'profile/Default', name);
    if (!/IndexedDB|Local Storage|File System/.test(name) || !fs.statSync(file).isFile()) continue;
    const bytes = fs.readFileSync(file);
    for (const word of words)
      for (const encoding of ['utf8', 'utf16le'] as const)
        if (bytes.includes(Buffer.from(word, encoding))) found.push(`${word} in ${name}`);
  }
  return found;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-offline-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  await startStation(port);
  await openBrowser();
}, patienceMs);

afterAll(async () => {
  await context?.close();
  if (server && server.exitCode === null && server.signalCode === null) {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
  fs.rmSync(folder, { recursive: true, force: true });
}, patienceMs);

describe('a phone that has joined', () => {
  it('belongs to its person after a scanned code and has today on it', { timeout: patienceMs }, async () => {
    await page.goto(`${url}/me`);
    await page.waitForSelector('.code-field');
    const { token } = await joinCodeFor('zhouguilan');
    await page.goto(`${url}/join#${token}`);
    await page.waitForSelector('.status.sure');
    expect(page.url()).not.toContain(token);
    expect(await shown()).toContain('周桂兰');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  });

  it(
    'has a computer of the office beside it, which keeps the pages of the desks',
    { timeout: patienceMs },
    async () => {
      await context.close();
      await openBrowser('office');
      await page.goto(`${url}/sign-in`);
      await page.locator('input[name=username]').fill('liangjing');
      await page.locator('input[name=password]').fill('nuanlin-demo');
      await page.locator('button[type=submit]').click();
      await page.waitForURL((at) => at.pathname === '/office');
      const all = await deskFileCount();
      expect(all).toBeGreaterThan(50);
      await expect.poll(deskKept, { timeout: patienceMs }).toBe(all);
    },
  );

  it('starts cold without the centre under every address', { timeout: patienceMs }, async () => {
    await context.close();
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    await openBrowser();
    await expectPages([
      ['/', '周桂兰'],
      ['/me', '送餐志愿者'],
      ['/me/unsent', '中心已收到'],
      ['/visit', '探访'],
      ['/escort', '陪同'],
      ['/join', '输入 8 位加入码'],
      ['/nowhere/at/all', '没有这一页'],
      // What is opened at a desk was not put on this phone.
      ['/office/people', '这一页还没存到这台机器上'],
    ]);
    expect(await deskKept()).toBeNull();
    // English texts lie in a file of their own, which is on the phone like the rest: at the press of a key, and at a start.
    await page.goto(`${url}/me`);
    await page.getByRole('button', { name: 'English', exact: true }).click();
    await page.waitForFunction(() => document.body.innerText.includes('Meal volunteer'));
    await page.goto(`${url}/nowhere/at/all`);
    await page.waitForFunction(() => document.body.innerText.includes('There is no such page'));
    await page.goto(`${url}/me`);
    await page.getByRole('button', { name: '中文', exact: true }).click();
    await page.goto(`${url}/me/unsent`);
    await page.getByRole('button', { name: '现在再试一次' }).click();
    await page.waitForFunction(() => document.body.innerText.includes('没连上中心'));
    expect(broken).toEqual([]);
  });

  it('has the pages of the desks where somebody works at one', { timeout: patienceMs }, async () => {
    await context.close();
    await openBrowser('office');
    await expectPages([
      ['/office/people', '新登记'],
      ['/office/import', '选一个表格'],
      ['/canteen', '午餐'],
      ['/', '看板'],
    ]);
    expect(broken).toEqual([]);
  });

  it('keeps nothing of people in the clear', async () => {
    await context.close();
    expect(filesHold(['nuanlin.device'])).not.toEqual([]);
    expect(filesHold(['周桂兰', 'zhouguilan', '天鸿', 'deliverer'])).toEqual([]);
  });
});
