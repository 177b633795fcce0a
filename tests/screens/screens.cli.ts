/**
 *   npm run screens -- [--path /route] [--themes light,dark,sun,forced] [--sizes 20,36] [--languages zh-CN,en] [--states ordinary,offline,long,empty,loading,refused,conflict] [--who zhouguilan,…] [--pictures DIR] [--json]
 *
 * Opens every screen of the demo station as its user, in every state, theme, text size, width and language, and measures it:
 * text, targets, gaps, contrast, what is cut or lies over something else, and what axe finds. Returns 1 when anything was.
 */
import fs from 'node:fs';
import { Office, password } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { crawl, type Found } from './crawl.ts';
import { sceneOf } from './scenes.ts';
import { screensOf } from './screens.ts';
import { makeLong, states, type State } from './states.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

const list = (name: string, otherwise: string): string[] => (option(name) ?? otherwise).split(',');

async function runState(state: State): Promise<readonly Found[]> {
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
      // Nobody joins without a signal, and a station is asked for nothing before somebody has joined.
      ({ path, who }) =>
        path.startsWith(option('path') ?? '/') &&
        (who !== null || state === 'ordinary' || state === 'empty') &&
        (only === undefined || only.includes(who ?? 'nobody')),
    );
    return await crawl(station.url, station.folder, password, screens, {
      state,
      scene: sceneOf(state, station.url, office),
      themes: list('themes', 'light,dark,sun'),
      sizes: list('sizes', '20,36').map(Number),
      languages: list('languages', 'zh-CN,en'),
      pictures,
      tell,
    });
  } finally {
    await office?.close();
    await station.remove();
  }
}

async function run(): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const state of list('states', states.join(',')) as State[]) found.push(...(await runState(state)));
  return found;
}

function print(found: readonly Found[]): void {
  for (const screen of new Set(found.map((one) => one.screen))) {
    tell(`\n${screen}`);
    for (const { what, where, looks } of found.filter((one) => one.screen === screen))
      tell(`  ${what}: ${where}  (${looks.length} looks, first ${looks[0]})`);
  }
  tell(`\n${found.length} findings`);
}

const found = await run();
print(found);
if (process.argv.includes('--json')) console.log(JSON.stringify(found));
process.exitCode = found.length > 0 ? 1 : 0;
