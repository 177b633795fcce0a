/**
 * Real Chromium, real disk, no mercy: the browser is killed while it writes, its disk is filled and emptied, files of
 * its stores are deleted or overwritten, its quota is taken away. Afterwards every act that was called saved must be
 * there. Full disks need a small file system of their own (Linux, root); elsewhere those cycles are counted as left out.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { browserSwitches } from '../support/browser-switches.ts';

export const blows = ['kill', 'full disk', 'store deleted', 'store overwritten', 'note deleted', 'quota'] as const;
export type Blow = (typeof blows)[number];

export interface TortureReport {
  readonly cycles: number;
  readonly saved: number;
  readonly failed: number;
  /** Acts that were called saved and are nowhere. Must be 0. */
  readonly lost: readonly string[];
  /** Acts that stand there twice. Must be 0. */
  readonly doubled: readonly string[];
  readonly byBlow: Readonly<Record<string, number>>;
  readonly leftOut: number;
  /** What the phone found at its starts: its store, a loss, or nothing. */
  readonly found: Readonly<Record<string, number>>;
  /** Milliseconds of one saved act: median and 95th percentile. */
  readonly p50: number;
  readonly p95: number;
}

interface Options {
  readonly cycles: number;
  readonly seed: number;
  readonly chromium: string;
  /** Built page to use in place of ours: for showing that the test bites. */
  readonly plant?: 'no-journal';
  readonly tell?: (line: string) => void;
}

type Started = { how: string; keeping: string; entries: { id: string; seq: number }[] };
interface Phone {
  start(): Promise<Started>;
  work(prefix: string, count: number): Promise<void>;
  state(): { failed: number; keeping: string; times: number[] };
}

const root = path.resolve(import.meta.dirname, '../..');
const diskMegabytes = 160;
const actsPerCycle = 60;

/** Small, seeded, good enough to choose blows. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export async function torture(options: Options): Promise<TortureReport> {
  const ground = await Ground.make(options.plant);
  try {
    return await new Torture(options, ground).run();
  } finally {
    await ground.remove();
  }
}

class Torture {
  readonly #random: () => number;
  readonly #told = new Set<string>();
  readonly #lost = new Set<string>();
  readonly #doubled = new Set<string>();
  readonly #byBlow: Record<string, number> = {};
  readonly #found: Record<string, number> = {};
  readonly #times: number[] = [];
  #failed = 0;
  #leftOut = 0;

  constructor(
    readonly options: Options,
    readonly ground: Ground,
  ) {
    this.#random = dice(options.seed);
  }

  async run(): Promise<TortureReport> {
    const { cycles, tell } = this.options;
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      const blow = this.#choose(cycle);
      this.#byBlow[blow] = (this.#byBlow[blow] ?? 0) + 1;
      await this.#cycle(`c${cycle}`, blow);
      tell?.(`${cycle + 1}/${cycles} ${blow}: ${this.#told.size} saved, ${this.#lost.size} lost`);
    }
    await this.#look();
    const times = this.#times.sort((a, b) => a - b);
    const at = (share: number) => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(2));
    return {
      cycles,
      saved: this.#told.size,
      failed: this.#failed,
      lost: [...this.#lost],
      doubled: [...this.#doubled],
      byBlow: this.#byBlow,
      leftOut: this.#leftOut,
      found: this.#found,
      p50: at(0.5),
      p95: at(0.95),
    };
  }

  #choose(cycle: number): Blow {
    const blow = cycle < blows.length ? blows[cycle] : blows[Math.floor(this.#random() * blows.length)];
    if (blow !== 'full disk' || this.ground.small) return blow as Blow;
    this.#leftOut += 1;
    return 'kill';
  }

  /** Starts, checks what is there, works until the blow falls. */
  async #cycle(name: string, blow: Blow): Promise<void> {
    const browser = await this.#look(true);
    const { page } = browser;
    if (blow === 'quota') await browser.setQuota(page, 1_000);
    const working = page
      .evaluate(([prefix, count]) => (globalThis as unknown as { phone: Phone }).phone.work(prefix, count), [
        name,
        actsPerCycle,
      ] as const)
      .catch(() => undefined);
    if (blow === 'full disk') await this.#fillAndEmpty(working);
    else if (blow === 'kill') await new Promise((resolve) => setTimeout(resolve, 20 + this.#random() * 300));
    else await Promise.race([working, new Promise((resolve) => setTimeout(resolve, 20_000))]);
    const state = await browser.ask<ReturnType<Phone['state']>>('state');
    if (state) {
      this.#failed += state.failed;
      this.#times.push(...state.times);
    }
    await browser.kill();
    this.ground.empty();
    if (blow === 'store deleted') this.ground.deleteStore();
    if (blow === 'store overwritten') this.ground.overwriteStore(this.#random);
    if (blow === 'note deleted') this.ground.deleteNotes();
  }

  async #fillAndEmpty(working: Promise<unknown>): Promise<void> {
    const all = { done: false };
    void working.then(() => (all.done = true));
    for (let turn = 0; turn < 12 && !all.done; turn += 1) {
      if (this.#random() < 0.6) this.ground.fill();
      else this.ground.empty();
      await new Promise((resolve) => setTimeout(resolve, 50 + this.#random() * 250));
    }
    // The last acts are done, and the browser is killed, on a disk without a byte to spare.
    this.ground.fill();
    await Promise.race([working, new Promise((resolve) => setTimeout(resolve, 5_000))]);
  }

  /** A cold start; everything that was ever called saved has to be there. */
  async #look(stay: true): Promise<Tortured>;
  async #look(): Promise<void>;
  async #look(stay = false): Promise<Tortured | void> {
    const browser = await Tortured.open(this.options.chromium, this.ground, (id) => this.#told.add(id));
    const started = await browser.ask<Started>('start');
    if (!started) throw new Error('The phone did not start.');
    this.#found[`${started.how}, ${started.keeping}`] = (this.#found[`${started.how}, ${started.keeping}`] ?? 0) + 1;
    const ids = started.entries.map(({ id }) => id);
    const there = new Set(ids);
    for (const id of this.#told) if (!there.has(id)) this.#lost.add(id);
    for (const [at, id] of ids.entries()) if (ids.indexOf(id) !== at) this.#doubled.add(id);
    if (stay) return browser;
    await browser.kill();
  }
}

/** A browser started by hand, so that all of it can be killed at once. */
class Tortured {
  private constructor(
    readonly process: ChildProcess,
    readonly browser: Browser,
    readonly page: Page,
  ) {}

  static async open(executable: string, ground: Ground, told: (id: string) => void): Promise<Tortured> {
    const portFile = path.join(ground.profile, 'DevToolsActivePort');
    fs.rmSync(portFile, { force: true });
    const args = [
      ...browserSwitches,
      '--headless',
      '--remote-debugging-port=0',
      '--disable-dev-shm-usage',
      `--user-data-dir=${ground.profile}`,
      'about:blank',
    ];
    const child = spawn(executable, args, { detached: true, stdio: 'ignore' });
    const port = await soon(() => fs.readFileSync(portFile, 'utf8').split('\n')[0]);
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const context = browser.contexts()[0];
    if (!context) throw new Error('The browser has no window.');
    await context.exposeFunction('told', told);
    const page = await context.newPage();
    await page.goto(ground.url);
    await page.waitForFunction(() => 'phone' in globalThis);
    return new Tortured(child, browser, page);
  }

  /** null when the page is dead or does not answer in time. */
  ask<T>(name: keyof Phone): Promise<T | null> {
    const asked = this.page.evaluate(
      (one) => (globalThis as unknown as { phone: Record<string, () => unknown> }).phone[one]?.(),
      name,
    ) as Promise<T>;
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 30_000).unref());
    return Promise.race([asked.catch(() => null), late]);
  }

  async setQuota(page: Page, bytes: number): Promise<void> {
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: bytes });
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.pid !== undefined) process.kill(-this.process.pid, 'SIGKILL');
    await gone;
    await this.browser.close().catch(() => undefined);
    // The children of the browser end a moment after it.
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** Folder, disk and page of one run. */
class Ground {
  private constructor(
    readonly folder: string,
    /** The profile lies on a file system of its own, small enough to fill. */
    readonly small: boolean,
    readonly url: string,
    readonly server: http.Server,
  ) {}

  static async make(plant?: 'no-journal'): Promise<Ground> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-torture-'));
    const disk = path.join(folder, 'disk');
    fs.mkdirSync(disk);
    const small = mountSmall(disk);
    const pages = path.join(folder, 'page');
    await build({
      root: import.meta.dirname,
      configFile: false,
      logLevel: 'error',
      base: './',
      resolve: { alias: { '#engine': path.join(root, 'src/engine') } },
      define: plant ? { 'navigator.storage.getDirectory': 'undefined', caches: 'undefined' } : {},
      build: { outDir: pages, target: 'es2022' },
      worker: { format: 'es' },
    });
    const server = http.createServer((request, response) => {
      const file = path.join(pages, path.normalize(new URL(request.url ?? '/', 'http://x').pathname));
      const found = fs.existsSync(file) && fs.statSync(file).isFile() ? file : path.join(pages, 'index.html');
      const type = found.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(200, { 'content-type': type }).end(fs.readFileSync(found));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    return new Ground(folder, small, `http://127.0.0.1:${port}/`, server);
  }

  get profile(): string {
    return path.join(this.folder, 'disk', 'profile');
  }

  fill(): void {
    const file = path.join(this.folder, 'disk', 'filler');
    const block = Buffer.alloc(1 << 20);
    const handle = fs.openSync(file, 'a');
    try {
      for (;;) fs.writeSync(handle, block);
    } catch {
      // Full is what was wanted.
    } finally {
      fs.closeSync(handle);
    }
  }

  empty(): void {
    fs.rmSync(path.join(this.folder, 'disk', 'filler'), { force: true });
  }

  deleteStore(): void {
    fs.rmSync(path.join(this.#origin(), 'IndexedDB'), { recursive: true, force: true });
  }

  overwriteStore(random: () => number): void {
    for (const file of filesUnder(path.join(this.#origin(), 'IndexedDB')))
      if (random() < 0.8) fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 0x5a));
  }

  deleteNotes(): void {
    fs.rmSync(path.join(this.#origin(), 'Local Storage'), { recursive: true, force: true });
  }

  #origin(): string {
    return path.join(this.profile, 'Default');
  }

  async remove(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
    if (this.small) execFileSync('umount', ['-l', path.join(this.folder, 'disk')]);
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function mountSmall(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'nuanlin-torture', folder]);
    return true;
  } catch {
    return false;
  }
}

function filesUnder(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function soon<T>(look: () => T): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      const found = look();
      if (found) return found;
    } catch (error) {
      if (tries > 600) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
