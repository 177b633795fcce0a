/**
 *   npm run screens -- [--path /route] [--themes light,dark,sun,forced] [--sizes 20,36] [--languages zh-CN,en] [--states ordinary,offline,long,empty] [--pictures DIR] [--json]
 *
 * Opens every screen of the demo station as its user, in every state, theme, text size, width and language, and measures it:
 * text, targets, gaps, contrast, what is cut or lies over something else, and what axe finds. Returns 1 when anything was.
 */
import fs from 'node:fs';
import { demoPeople, demoPersonId } from '#server/demo/people.ts';
import { setPassword } from '#server/access/passwords.ts';
import { connect } from '#server/postgres/connect.ts';
import { Office } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { crawl, type Found } from './crawl.ts';
import { screensOf } from './screens.ts';
import { makeLong, states, type State } from './states.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const password = 'a-long-password';

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

const list = (name: string, otherwise: string): string[] => (option(name) ?? otherwise).split(',');

async function runState(state: State): Promise<readonly Found[]> {
  const pictures = option('pictures') ?? null;
  if (pictures) fs.mkdirSync(pictures, { recursive: true });
  const station = await RunningStation.make(undefined, { demo: state !== 'empty' });
  const empty = state === 'empty' ? await Office.open(station.database.url) : null;
  const sql = connect(station.database.url, { max: 2 });
  try {
    await station.start();
    if (state === 'long') await makeLong(sql);
    const [found] = await sql<{ id: string }[]>`select id from station`;
    for (const { login } of demoPeople) await setPassword(sql, found!.id, demoPersonId(login), login, password);
    const screens = (await screensOf(sql)).filter(
      // Nobody joins without a signal.
      ({ path, who }) => path.startsWith(option('path') ?? '/') && (who !== null || state !== 'offline'),
    );
    return await crawl(station.url, station.folder, password, screens, {
      state,
      offline: state === 'offline',
      themes: list('themes', 'light,dark,sun'),
      sizes: list('sizes', '20,36').map(Number),
      languages: list('languages', 'zh-CN,en'),
      pictures,
      tell,
    });
  } finally {
    await empty?.close();
    await sql.end({ timeout: 5 });
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
