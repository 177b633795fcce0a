/**
 *   npm run screens -- [--cover pairs [--seed S]] [--path /route] [--themes light,dark,sun,forced] [--sizes 20,24,30,36] [--languages zh-CN,en] [--states ordinary,offline,long,empty,loading,refused,conflict] [--who zhouguilan,…] [--pictures DIR] [--json]
 *   npm run screens -- --walk [--task deliver,visit,count,coordinate] [--json]
 *
 * Opens every screen of the demo station as its user, in every state, theme, text size, width and language, and measures it:
 * text, targets, gaps, contrast, what is cut or lies over something else, and what axe finds. `--cover pairs` takes, for
 * every screen, as few looks as show any two of these together. `--walk` does the main tasks of the day with the keyboard
 * alone: wherever the focus comes to, it has to be seen, in view and under nothing; it is never lost, and never caught.
 * Returns 1 when anything was found.
 */
import fs from 'node:fs';
import { Office, password } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { allLooks, coveringLooks, type Look } from './cover.ts';
import { crawl, screenName, type Crawled, type Found } from './crawl.ts';
import { sceneOf } from './scenes.ts';
import { screensOf, widths, type Screen } from './screens.ts';
import { runWalks } from './walks.ts';
import { makeLong, states, statesOf, type State } from './states.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

const list = (name: string, otherwise: string): string[] => (option(name) ?? otherwise).split(',');
const asked = list('states', states.join(',')) as State[];

/** How this screen is looked at in all states in which it is there; of which a run of some states does its part. */
function looksAt(screen: Screen): readonly Look[] {
  const choices = {
    states: statesOf(screen),
    languages: list('languages', 'zh-CN,en'),
    themes: list('themes', 'light,dark,sun,forced'),
    sizes: list('sizes', '20,24,30,36').map(Number),
    widths: widths[screen.kind],
  };
  if (option('cover') !== 'pairs') return allLooks(choices);
  return coveringLooks(choices, `${option('seed') ?? '1'} ${screen.who} ${screenName(screen)}`);
}

async function runState(state: State): Promise<Crawled> {
  const pictures = option('pictures') ?? null;
  if (pictures) fs.mkdirSync(pictures, { recursive: true });
  const station = await RunningStation.make(undefined, { demo: state !== 'empty' });
  let office = state === 'empty' ? await Office.open(station.database.url) : null;
  try {
    await station.start();
    office ??= Office.ofDemo(station.database.url);
    if (state === 'long') await makeLong(office.sql);
    await office.givePasswords();
    const only = option('who')?.split(',');
    const screens = (await screensOf(office.sql)).filter(
      ({ path, who }) =>
        path.startsWith(option('path') ?? '/') && (only === undefined || only.includes(who ?? 'nobody')),
    );
    return await crawl(station.url, station.folder, password, screens, {
      scene: sceneOf(state, station.url, office),
      looks: (screen) => looksAt(screen).filter((look) => look.state === state),
      languages: list('languages', 'zh-CN,en'),
      pictures,
      tell: (line) => tell(`${state} ${line}`),
    });
  } finally {
    await office?.close();
    await station.remove();
  }
}

/** Findings of several states as one: each said once, with every look in which it was seen. */
function together(crawled: readonly Crawled[]): Crawled {
  const found = new Map<string, Found>();
  for (const one of crawled.flatMap((each) => each.found)) {
    const key = `${one.screen} ${one.what} ${one.where}`;
    found.set(key, { ...one, looks: [...(found.get(key)?.looks ?? []), ...one.looks] });
  }
  return { found: [...found.values()], looks: crawled.reduce((sum, { looks }) => sum + looks, 0) };
}

function print({ found, looks }: Crawled): void {
  for (const screen of new Set(found.map((one) => one.screen))) {
    tell(`\n${screen}`);
    for (const { what, where, looks: seen } of found.filter((one) => one.screen === screen))
      tell(`  ${what}: ${where}  (${seen.length} looks, first ${seen[0]})`);
  }
  tell(`\n${looks} looks, ${found.length} findings, ${Math.round(performance.now() / 1000)} s`);
}

async function runCrawl(): Promise<boolean> {
  const parts: Crawled[] = [];
  for (const state of asked) {
    const part = await runState(state);
    parts.push(part);
    // What is wrong is told as soon as it is known: a whole run takes long.
    print(part);
  }
  const crawled = together(parts);
  if (asked.length > 1) print(crawled);
  if (process.argv.includes('--json')) console.log(JSON.stringify(crawled));
  return crawled.found.length === 0;
}

async function runWalk(): Promise<boolean> {
  const walked = await runWalks(option('task')?.split(',') ?? null, tell);
  if (process.argv.includes('--json')) console.log(JSON.stringify(walked));
  return walked.every(({ found, stuck }) => found.length === 0 && stuck === null);
}

process.exitCode = (await (process.argv.includes('--walk') ? runWalk() : runCrawl())) ? 0 : 1;
