import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { phoneSize, shown, waitFor } from '../e2e/support/browsers.ts';
import { Office } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { browserSwitches } from '../support/browser-switches.ts';
import { RouteDays } from '../support/route-days.ts';
import { randomOf } from '../sync/random.ts';
import { problemsOf, workCoreDay } from './core-day.ts';
import { features, sentencesFor, type FeatureName } from './features.ts';
import { hosts, openIn } from './hosts.ts';

export interface Ladder {
  readonly rungs: readonly Rung[];
  /** What is not as it should be in the windows of other apps, in words. */
  readonly inApps: readonly string[];
}

export interface Rung {
  readonly missing: readonly FeatureName[];
  /** What of the day is wrong or could not be done; empty when it works. */
  readonly problems: readonly string[];
  /** Sentences the person reads, and those they should and do not. */
  readonly said: readonly string[];
  readonly unsaid: readonly string[];
  readonly seconds: number;
}

const volunteer = 'zhouguilan';
const names = Object.keys(features) as FeatureName[];

/** Each feature alone, then so many combinations of two to eight of them, always the same for a seed. */
export function removals(combinations: number, seed: string): readonly (readonly FeatureName[])[] {
  const random = randomOf(seed);
  const drawn = new Map<string, readonly FeatureName[]>();
  while (drawn.size < combinations) {
    const count = random.between(2, 8);
    const order = names.map((name) => ({ name, at: random.next() })).sort((a, b) => a.at - b.at);
    const some = names.filter((name) => order.slice(0, count).some((one) => one.name === name));
    drawn.set(some.join(), some);
  }
  return [[], ...names.map((name) => [name]), ...drawn.values(), names];
}

/** Works the core day once for each of these sets of missing features, on the built app, and looks at it in other apps. */
export async function climb(sets: readonly (readonly FeatureName[])[], tell: (rung: Rung) => void): Promise<Ladder> {
  const server = await RunningStation.make();
  const office = await Office.open(server.database.url);
  const browser = await launch();
  const rungs: Rung[] = [];
  try {
    const days = await RouteDays.open(office);
    await server.start();
    for (const missing of sets) {
      const rung = await workWithout(browser, server.url, days, missing);
      tell(rung);
      rungs.push(rung);
    }
    const inApps: string[] = [];
    for (const host of Object.keys(hosts) as (keyof typeof hosts)[])
      inApps.push(...(await openIn(browser, server.url, host)).map((problem) => `${host}: ${problem}`));
    return { rungs, inApps };
  } finally {
    await browser.close();
    await office.close();
    await server.remove();
  }
}

function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...browserSwitches] });
}

async function workWithout(
  browser: Browser,
  url: string,
  days: RouteDays,
  missing: readonly FeatureName[],
): Promise<Rung> {
  const begun = performance.now();
  const day = await days.make(volunteer);
  const context = await browser.newContext({ viewport: phoneSize, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const broken: string[] = [];
  let text = '';
  try {
    text = await inContext(context, url, day, missing, broken);
  } catch (error) {
    broken.push(error instanceof Error ? error.message.slice(0, 600) : String(error));
  } finally {
    await context.close();
  }
  const wanted = sentencesFor(missing);
  const problems = [...broken, ...(await problemsOf(days, day))];
  await days.takeAway(day);
  const seconds = (performance.now() - begun) / 1000;
  const said = wanted.filter((sentence) => text.includes(sentence));
  return { missing, problems, said, unsaid: wanted.filter((sentence) => !text.includes(sentence)), seconds };
}

/** The day in a browser without these; gives what is read under 我的 afterwards. */
async function inContext(
  context: BrowserContext,
  url: string,
  day: Parameters<typeof workCoreDay>[3],
  missing: readonly FeatureName[],
  broken: string[],
): Promise<string> {
  context.setDefaultTimeout(20_000);
  await context.addInitScript(() => {
    addEventListener('click', (event) => {
      if (event.target instanceof Element && event.target.closest('a[href^="tel:"]')) event.preventDefault();
    });
  });
  for (const name of missing) await context.addInitScript(features[name].remove);
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => broken.push(`a page broke: ${message}`));
  await workCoreDay(page, url, volunteer, day);
  await page.locator('a[href="/me"]').first().click();
  await waitFor(page, '我的');
  await page.locator('a[href="/me/unsent"]').last().waitFor();
  return shown(page);
}
