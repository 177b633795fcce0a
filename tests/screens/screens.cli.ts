/**
 *   npm run screens -- [--path /route] [--themes light,dark,sun] [--sizes 20,36] [--languages zh-CN,en] [--pictures DIR] [--json]
 *
 * Opens every screen of the demo station as its user, in every theme, text size, width and language, and measures it:
 * text, targets, gaps, contrast, what is cut or lies over something else, and what axe finds. Returns 1 when anything was.
 */
import fs from 'node:fs';
import { demoPeople, demoPersonId } from '#server/demo/people.ts';
import { setPassword } from '#server/access/passwords.ts';
import { connect } from '#server/postgres/connect.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { crawl, type Found } from './crawl.ts';
import { screensOf } from './screens.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const password = 'a-long-password';

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

async function run(): Promise<readonly Found[]> {
  const list = (name: string, otherwise: string): string[] => (option(name) ?? otherwise).split(',');
  const pictures = option('pictures') ?? null;
  if (pictures) fs.mkdirSync(pictures, { recursive: true });
  const station = await RunningStation.make(undefined, { demo: true });
  const sql = connect(station.database.url, { max: 2 });
  try {
    await station.start();
    const [found] = await sql<{ id: string }[]>`select id from station`;
    for (const { login } of demoPeople) await setPassword(sql, found!.id, demoPersonId(login), login, password);
    const screens = (await screensOf(sql)).filter(({ path }) => path.startsWith(option('path') ?? '/'));
    return await crawl(station.url, station.folder, password, screens, {
      themes: list('themes', 'light,dark,sun'),
      sizes: list('sizes', '20,36').map(Number),
      languages: list('languages', 'zh-CN,en'),
      pictures,
      tell,
    });
  } finally {
    await sql.end({ timeout: 5 });
    await station.remove();
  }
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
