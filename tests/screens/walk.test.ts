import { afterAll, beforeAll, expect, it } from 'vitest';
import { Browser, phoneSize, signIn } from '../e2e/support/browsers.ts';
import { Office, password } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { Keyboard } from './keyboard.ts';
import { PageAt } from './page-at.ts';
import { walk } from './walk.ts';
import { walkTasks } from './walk-tasks.ts';

const longMs = 300_000;
let station: RunningStation;
let browser: Browser;
let at: PageAt;

beforeAll(async () => {
  station = await RunningStation.make(undefined, { demo: true });
  await station.start();
  const office = Office.ofDemo(station.database.url);
  await office.givePasswords().finally(() => office.close());
  browser = new Browser(`${station.folder}/planted`, phoneSize);
  at = new PageAt(await browser.open(), station.url);
  await signIn(at.page, station.url, 'hexiao', password);
}, longMs);

afterAll(async () => {
  await browser?.close();
  await station?.remove();
}, longMs);

it('works the doors of a route with the keyboard alone', { timeout: longMs }, async () => {
  const [deliver] = walkTasks;
  const walked = await walk(station.url, station.folder, password, { ...deliver!, rounds: [] });
  expect(walked.stuck).toBeNull();
  expect(walked.found).toEqual([]);
  expect(walked.steps).toBeGreaterThan(100);
});

/** Spoils the page in the way its name says. */
function spoil(how: string): void {
  const style = (rules: string): void => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
  };
  if (how === 'no ring') style('* { outline: none !important }');
  if (how === 'covered') style('.head::after { content: ""; position: fixed; inset: 0; background: red; z-index: 9 }');
  if (how === 'lost') HTMLElement.prototype.focus = () => undefined;
  if (how === 'caught')
    addEventListener('keydown', (event) => document.activeElement !== document.body && event.preventDefault());
}

it.each([
  ['no ring', 'shows no ring'],
  ['covered', 'lies under'],
  ['lost', 'nothing has the focus'],
  ['caught', 'the keyboard is caught'],
])('tells a page that is spoilt: %s', { timeout: longMs }, async (how, told) => {
  await at.open('/visit');
  const keys = new Keyboard(at);
  await at.page.evaluate(spoil, how);
  if (how === 'lost') {
    await keys.toPart('a[href^="/visit/"]');
    await keys.press('Enter', 'going to a door');
  } else await keys.round();
  expect(keys.findings.map(({ what }) => what).join()).toContain(told);
});
