import type { Page } from 'playwright-core';
import { sessionCookie } from '#server/door.ts';
import type { BenchPostgres } from './bench-postgres.ts';
import { ask, BenchBrowser } from './browser.ts';
import type { Built } from './built.ts';
import { makeRecords, recordCount, writeCount } from './care-records.ts';
import { quantile, median, type OurRun, type Step } from './figures.ts';
import { careRecord, rowOf } from './kinds.ts';
import { LineProxy, type LineSpeed } from './line-proxy.ts';
import { launch } from './processes.ts';
import { BenchStation, coordinator, deliverer, doorsOnRoute, visitor } from './station-data.ts';

export interface OurSetting {
  readonly postgres: BenchPostgres;
  readonly built: Built;
  /** Url of a prepared database, copied for each run. */
  readonly prepared: string;
  readonly speed: LineSpeed | null;
  /** Whether the person sees the records whole or by a rule about each. */
  readonly scope: 'whole' | 'each';
  readonly records?: number;
  readonly writes?: number;
  readonly coldStarts?: number;
  /** How long nothing may happen until the phone counts as resting (ms); the page's own when left out. */
  readonly restMs?: number;
}

const changedCount = 100;
const looks = 5;
const cpuSlowdown = 4;
const pokeMs = 900;

/** A page on a browser of its own before a server of its own; the line between them counts and slows. */
class Place {
  private constructor(
    readonly station: BenchStation,
    readonly proxy: LineProxy,
    readonly browser: BenchBrowser,
    readonly end: () => Promise<void>,
  ) {}

  static async open({ postgres, built, prepared }: OurSetting, who: string): Promise<Place> {
    const url = await postgres.database(prepared);
    const station = new BenchStation(url);
    const node = ['--enable-source-maps', ...(process.env.BENCH_SERVER_FLAGS?.split(' ') ?? [])];
    const server = await launch(process.execPath, [...node, built.server], {
      DATABASE_URL: url,
      PAGE_DIR: built.page,
      LOG_LEVEL: 'error',
    });
    const proxy = await LineProxy.open(server.port);
    const browser = await BenchBrowser.open();
    const value = await station.device(who, `device-${who}`);
    await browser.context.addCookies([
      { name: sessionCookie, value, url: `http://127.0.0.1:${proxy.port}`, httpOnly: true, sameSite: 'Strict' },
    ]);
    return new Place(station, proxy, browser, async () => {
      await browser.end();
      proxy.close();
      await server.end();
      await station.end();
      await postgres.drop(url);
    });
  }

  page(query: string, options: { cpuSlowdown?: number } = {}): Promise<Page> {
    return this.browser.page(`http://127.0.0.1:${this.proxy.port}/page/${query}`, options);
  }

  /** A step on the page and what passed over the line meanwhile. */
  async step<T extends { ms: number }>(work: () => Promise<T>): Promise<Step & { readonly told: T }> {
    this.proxy.take();
    const told = await work();
    return { ms: told.ms, wire: this.proxy.take(), told };
  }
}

/** One phone through everything that is measured: filled, acts offline, handed in, looked, changed, started cold. */
export async function runOurs(setting: OurSetting): Promise<OurRun> {
  const place = await Place.open(setting, setting.scope === 'whole' ? coordinator : visitor);
  try {
    const page = await place.page(setting.restMs === undefined ? '' : `?rest=${setting.restMs}`);
    await ask(page, 'open');
    place.proxy.speed = setting.speed;
    return await stepsOf(place, page, setting);
  } finally {
    await place.end();
  }
}

async function stepsOf(place: Place, first: Page, setting: OurSetting): Promise<OurRun> {
  const { records = recordCount, writes = writeCount } = setting;
  const pull = await place.step(() => ask<{ ms: number; count: number }>(first, 'pull'));
  must(pull.told.count === records, `the phone shows ${pull.told.count} records of ${records}`);
  await ask(first, 'rest');
  const { page, coldStartMs } = await startedAnew(place, first, setting.coldStarts ?? 0);
  const write = await ask<{ ms: number; times: number[]; keeping: string }>(page, 'write', writes);
  must(write.keeping === 'twice', `acts are kept "${write.keeping}"`);
  const push = await place.step(() => ask<{ ms: number; count: number; word: string }>(page, 'push'));
  must(push.told.word === 'received' && push.told.count === writes, `${push.told.count} acts were handed in`);
  must((await place.station.acts()) === writes, 'the centre has not taken every act');
  await ask(page, 'rest');
  const nothingNew = await nothing(place, page);
  const changed = await change(place, page, records);
  return {
    ...{ pull, push, nothingNew, changed, writeMs: write.ms },
    writeP50: quantile(write.times, 0.5),
    writeP95: quantile(write.times, 0.95),
    writeP99: quantile(write.times, 0.99),
    ...coldStartMs,
  };
}

/** The app is closed, started so often without a line, and once more with one. */
async function startedAnew(
  place: Place,
  page: Page,
  times: number,
): Promise<{ readonly page: Page; readonly coldStartMs: Pick<OurRun, 'coldStartMs'> }> {
  if (times === 0) return { page, coldStartMs: {} };
  await page.close();
  const took: number[] = [];
  for (let turn = 0; turn < times; turn += 1) took.push(await coldStart(place));
  const again = await place.page('');
  await ask(again, 'open');
  await ask(again, 'rest');
  return { page: again, coldStartMs: { coldStartMs: median(took) } };
}

async function nothing(place: Place, page: Page): Promise<Step> {
  const steps: Step[] = [];
  for (let turn = 0; turn < looks; turn += 1)
    steps.push(await place.step(async () => ({ ms: await ask<number>(page, 'look') })));
  return steps.sort((a, b) => a.ms - b.ms)[looks >> 1] as Step;
}

/** A hundred records change at the centre; the phone is held back until the poke about it has come. */
async function change(place: Place, page: Page, records: number): Promise<Step> {
  await ask(page, 'holdBack');
  const rows = makeRecords(records)
    .slice(0, changedCount)
    .map((one) => rowOf({ ...one, minutes: one.minutes + 1 }));
  await place.station.put(careRecord.name, rows);
  await new Promise((resolve) => setTimeout(resolve, pokeMs));
  const step = await place.step(() => ask<{ ms: number }>(page, 'news'));
  await ask(page, 'rest');
  return step;
}

async function coldStart(place: Place): Promise<number> {
  const speed = place.proxy.speed;
  // What a service worker has in its cache does not come over the line.
  place.proxy.speed = null;
  const page = await place.page('?offline', { cpuSlowdown });
  const { paintedAt } = await ask<{ paintedAt: number }>(page, 'shown', 1);
  await page.close();
  place.proxy.speed = speed;
  return paintedAt;
}

/** A volunteer's phone right after joining: until today's route stands on the screen (ms after the first byte). */
export async function runRoute(setting: OurSetting): Promise<number> {
  const place = await Place.open(setting, deliverer);
  try {
    const page = await place.page('?route');
    await ask(page, 'open');
    place.proxy.speed = setting.speed;
    await ask(page, 'pull');
    const shown = await ask<{ paintedAt: number; firstByteAt: number }>(page, 'shown', doorsOnRoute);
    return shown.paintedAt - shown.firstByteAt;
  } finally {
    await place.end();
  }
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`A measure could not be taken: ${otherwise}.`);
}
