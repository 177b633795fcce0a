/**
 *   npm run lighthouse -- [--path /route] [--who zhouguilan,…] [--json]
 *
 * Lighthouse over the screens of the field and the kitchen of the demo station, each as its user with everything the
 * phone has kept. Prints every mark, and for a mark under 100 the audits that did not pass. Returns 1 when accessibility,
 * best practices or SEO are under 100 on any screen, or one may be found by searching; performance is printed, and
 * `npm run bench -- field` is its measure.
 */
import path from 'node:path';
import { chromium } from 'playwright-core';
import { freePort } from '../../scripts/station/postgres.mjs';
import { signIn, waitForWorker } from '../e2e/support/browsers.ts';
import { Office, password } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { screensOf, type Screen } from '../screens/screens.ts';
import { browserSwitches } from '../support/browser-switches.ts';
import { argued, auditPage, installLighthouse, judged, type Audited } from './audit.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const columns = [...judged, 'performance'] as const;

interface Judgement extends Audited {
  readonly path: string;
  readonly who: string | null;
  /** Whether a search engine is told to stay away. */
  readonly isHidden: boolean;
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

/** Each screen of the field and the kitchen once, as it stands when one comes to it. */
function screensWanted(all: readonly Screen[]): readonly Screen[] {
  const only = option('who')?.split(',');
  const wanted = all.filter(({ path: at, kind, who, presses }) => {
    // The canteen's first page leads on to its own.
    if (kind === 'office' || presses !== undefined || (kind === 'kitchen' && at === '/')) return false;
    return at.startsWith(option('path') ?? '/') && (only?.includes(who ?? 'nobody') ?? true);
  });
  return wanted.filter(
    (one, at) => wanted.findIndex(({ path: other, who }) => other === one.path && who === one.who) === at,
  );
}

/** One phone, one person: every screen of theirs in a page that Lighthouse opens beside an empty one. */
async function auditAs(station: RunningStation, who: string | null, screens: readonly Screen[]): Promise<Judgement[]> {
  const port = await freePort();
  const context = await chromium.launchPersistentContext(path.join(station.folder, `lighthouse-${who ?? 'nobody'}`), {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [...browserSwitches, `--remote-debugging-port=${port}`],
    // Lighthouse sets the size of its page itself.
    ...{ viewport: null, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
  });
  try {
    const [page = await context.newPage()] = context.pages();
    if (who !== null) {
      await signIn(page, station.url, who, password);
      await waitForWorker(page);
    }
    // The app stands in no other tab while it is judged.
    await page.goto('about:blank');
    const judgements: Judgement[] = [];
    for (const { path: at } of screens) {
      const url = station.url + at;
      const text = await fetch(url).then((response) => response.text());
      const isHidden = /<meta name="robots" content="noindex"/.test(text);
      const judgement = { path: at, who, isHidden, ...(await auditPage(url, port)) };
      say(judgement);
      judgements.push(judgement);
    }
    return judgements;
  } finally {
    await context.close();
  }
}

async function run(): Promise<readonly Judgement[]> {
  const station = await RunningStation.make(undefined, { demo: true });
  let office: Office | undefined;
  try {
    await station.start();
    office = Office.ofDemo(station.database.url);
    await office.givePasswords();
    const screens = screensWanted(await screensOf(office.sql));
    const judgements: Judgement[] = [];
    for (const who of new Set(screens.map((one) => one.who))) {
      const theirs = screens.filter((one) => one.who === who);
      judgements.push(...(await auditAs(station, who, theirs)));
    }
    return judgements;
  } finally {
    await office?.close();
    await station.remove();
  }
}

const isGood = ({ marks, isHidden }: Judgement): boolean => isHidden && judged.every((name) => marks[name] === 100);

function say({ path: at, who, marks, failed, paints, isHidden }: Judgement): void {
  const name = `${at.replace(/\/[^/]*[:\d][^/]*/g, '/…')} as ${who ?? 'nobody'}`;
  const { first, largest, blocked, shift } = paints;
  const cells = columns.map((column) => String(marks[column]).padStart(16)).join('');
  tell(`${name.padEnd(40)}${cells}   ${first}/${largest} ms, ${blocked} ms, ${shift}`);
  if (!isHidden) tell('    may be found by searching');
  for (const { category, audit, where } of failed) {
    tell(`    ${category} ${audit}`);
    for (const one of where) tell(`        ${one.slice(0, 300)}`);
  }
}

function sum(judgements: readonly Judgement[]): void {
  for (const [audit, why] of Object.entries(argued)) tell(`not asked: ${audit}, since ${why}`);
  tell(`${judgements.length} screens, ${judgements.filter((one) => !isGood(one)).length} with something to mend`);
}

const heads = [...columns, '  first/largest paint, blocked, shift'].map((name) => name.padStart(16));
const why = installLighthouse();
if (why === null) {
  tell(`${''.padEnd(40)}${heads.join('')}`);
  const judgements = await run();
  sum(judgements);
  if (process.argv.includes('--json')) console.log(JSON.stringify(judgements));
  process.exitCode = judgements.length > 0 && judgements.every(isGood) ? 0 : 1;
} else {
  tell(`Without Lighthouse: ${why}`);
  process.exitCode = 1;
}
