import type { Page } from 'playwright-core';
import { Browser, press, signIn, waitFor, waitForWorker } from '../e2e/support/browsers.ts';
import { eldersApart, importLedger, planWalk } from '../e2e/support/day.ts';
import { Office, password } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';

/**
 * `npm run bench -- field`: the built app on a slow phone. A volunteer's browser with its processor slowed down starts
 * cold and works the stops of a route with the centre gone; tasks longer than 50 ms are what the browser itself reports.
 */
export interface FieldOptions {
  /** How many times slower than this machine. */
  readonly slowdown: number;
  readonly starts: number;
  readonly stops: number;
  readonly tell: (line: string) => void;
}

export interface FieldReport {
  readonly slowdown: number;
  /** From the beginning of the navigation to a list that answers, cold, without a line (ms). */
  readonly startMs: { readonly first: readonly number[]; readonly route: readonly number[] };
  /** From the tap to the next door (ms). */
  readonly stopMs: readonly number[];
  /** Tasks over 50 ms while stops were worked, and while the app started (ms). */
  readonly longTasks: { readonly stops: readonly number[]; readonly starts: readonly number[] };
}

const login = 'pengjuxiang';

export async function benchField(options: FieldOptions): Promise<FieldReport> {
  const server = await RunningStation.make();
  const office = await Office.open(server.database.url);
  const phone = Browser.phone(server.folder, 'phone');
  try {
    await importLedger(office, 'wenyuan-places.csv');
    await importLedger(office, 'wenyuan-elders.xlsx');
    await office.grant(login, ['deliverer', 'visitor', 'escort']);
    const day = await planWalk(office, '文源东线', login, eldersApart(await office.tables(), options.stops));
    await server.start();
    await signIn(await phone.open(), server.url, login, password);
    await waitFor(phone.page, '文源东线');
    await waitForWorker(phone.page);
    await phone.page.goto(`${server.url}/route/${day}`);
    await leave(phone.page, options.stops);
    await phone.close();
    await server.kill();
    return await measure(options, phone, `${server.url}/`, `${server.url}/route/${day}`);
  } finally {
    await phone.close();
    await office.close();
    await server.remove();
  }
}

/** Counts the boxes and leaves, so that the stops are open. */
async function leave(page: Page, stops: number): Promise<void> {
  await waitFor(page, `${stops} 盒`);
  for (const row of await page.locator('.load .row').all()) await row.click();
  await waitFor(page, '对上了');
  await press(page, '出发');
  await waitFor(page, `第 1 家 / ${stops}`);
  await waitFor(page, '中心已收到');
}

async function measure(options: FieldOptions, phone: Browser, first: string, route: string): Promise<FieldReport> {
  const { slowdown, starts, stops, tell } = options;
  const report = { slowdown, startMs: { first: [] as number[], route: [] as number[] } };
  const startTasks: number[] = [];
  for (let time = 0; time < starts; time += 1)
    for (const [which, url] of [
      ['first', first],
      ['route', route],
    ] as const) {
      const page = await slowPage(phone, slowdown);
      await page.goto(url);
      report.startMs[which].push(await usableAt(page));
      startTasks.push(...(await longTasks(page)));
      await phone.close();
    }
  const page = await slowPage(phone, slowdown);
  await page.goto(route);
  await usableAt(page);
  const worked = await workStops(page, stops);
  const whole = { ...report, stopMs: worked.ms, longTasks: { stops: worked.tasks, starts: startTasks } };
  for (const line of linesOf(whole)) tell(line);
  return whole;
}

async function slowPage(phone: Browser, rate: number): Promise<Page> {
  const page = await phone.open();
  await phone.context.addInitScript(watch);
  const session = await phone.context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  return page;
}

interface Watched {
  usableAt: number | null;
  tasks: number[];
}

/** Runs in the page before anything else: notes long tasks, and when a key of the list stands that a person can press. */
function watch(): void {
  const watched: Watched = { usableAt: null, tasks: [] };
  (globalThis as unknown as { watched: Watched }).watched = watched;
  new PerformanceObserver((list) => watched.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
    buffered: true,
  });
  const look = (): void => {
    if (document.querySelector('ul.duties a, .doors-list li')) watched.usableAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function usableAt(page: Page): Promise<number> {
  const at = await page.waitForFunction(() => (globalThis as unknown as { watched: Watched }).watched.usableAt);
  return Number(await at.jsonValue());
}

/** Gives what was noted, and begins anew. */
function longTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.tasks.splice(0));
}

/** Hands over door after door; a tap's time ends when the next door is shown. */
async function workStops(page: Page, stops: number): Promise<{ ms: number[]; tasks: number[] }> {
  const ms: number[] = [];
  await press(page, '去第 1 家');
  await waitFor(page, `第 1 家 / ${stops}`);
  await page.waitForTimeout(1_500);
  await longTasks(page);
  for (let place = 1; place < stops; place += 1) {
    await waitFor(page, `第 ${place} 家 / ${stops}`);
    // A screen that has only just come up takes no tap, and a person reads first.
    await page.waitForTimeout(1_500);
    ms.push(
      await page.evaluate(
        async (next) => {
          const key = [...document.querySelectorAll('button')].find((one) => one.innerText.trim().startsWith('送达'));
          const from = performance.now();
          key?.click();
          const stands = (): boolean => document.body.textContent?.includes(next) ?? false;
          while (!stands()) await new Promise(requestAnimationFrame);
          return performance.now() - from;
        },
        `第 ${place + 1} 家 / ${stops}`,
      ),
    );
  }
  return { ms, tasks: await longTasks(page) };
}

const rounded = (values: readonly number[]): string =>
  values.length === 0
    ? 'none'
    : [...values]
        .sort((a, b) => a - b)
        .map((value) => value.toFixed(0))
        .join(' ');

function linesOf({ slowdown, startMs, stopMs, longTasks: tasks }: FieldReport): string[] {
  return [
    `processor ×${slowdown}, no line, ms in order of size`,
    `cold start to a list that answers, first page: ${rounded(startMs.first)}; target 1500`,
    `  the same, page of a route:                   ${rounded(startMs.route)}; target 1500`,
    `from 送达 to the next door:                    ${rounded(stopMs)}`,
    `tasks over 50 ms at stops:                     ${rounded(tasks.stops)}; target none`,
    `  while the app starts:                        ${rounded(tasks.starts)}`,
  ];
}
