/**
 *   npm run bench -- sync [--reps N] [--peers floor,pouchdb,…] [--lines loopback,slow4G] [--json]
 *   npm run bench -- server [--phones 1500] [--writes 20] [--json]
 *   npm run bench -- growth [--records 1000,10000,100000] [--communities 1,10,100] [--json]
 *   npm run bench -- exchange [--json]
 *   npm run bench -- find [--json]
 *   npm run bench -- field [--slowdown 6] [--starts 5] [--stops 8] [--json]
 *
 * Figures of the engine beside a floor or a peer measured in the same run, because machines differ and are shared.
 * Prints one JSON line with `--json`. A target that is missed is a finding, not a failure; 1 is returned when a measure
 * could not be taken.
 */
import { benchExchange } from './exchange.bench.ts';
import { benchField } from './field.bench.ts';
import { benchFind } from './find.bench.ts';
import { benchGrowth, growthLines } from './growth.bench.ts';
import { benchServer, serverLines } from './server.bench.ts';
import { linesOf } from './sync-report.ts';
import { benchSync, lineNames, type LineName } from './sync.bench.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

async function sync(): Promise<object> {
  const lines = (option('lines')?.split(',') ?? lineNames) as LineName[];
  const report = await benchSync({
    reps: Number(option('reps') ?? 3),
    peers: option('peers')?.split(',') ?? null,
    lines,
    tell,
  });
  for (const line of linesOf(report)) tell(line);
  return report;
}

async function server(): Promise<object> {
  const report = await benchServer({
    phones: Number(option('phones') ?? 1_500),
    writes: Number(option('writes') ?? 20),
    tell,
  });
  for (const line of serverLines(report)) tell(line);
  return report;
}

async function growth(): Promise<object> {
  const numbers = (name: string, otherwise: string): number[] => (option(name) ?? otherwise).split(',').map(Number);
  const report = await benchGrowth({
    records: numbers('records', '1000,10000,100000'),
    communities: numbers('communities', '1,10,100'),
    tell,
  });
  for (const line of growthLines(report)) tell(line);
  return report;
}

function field(): Promise<object> {
  const number = (name: string, otherwise: number): number => Number(option(name) ?? otherwise);
  return benchField({ slowdown: number('slowdown', 6), starts: number('starts', 5), stops: number('stops', 8), tell });
}

const benches: Readonly<Record<string, () => Promise<object>>> = {
  sync,
  server,
  growth,
  exchange: () => benchExchange(tell),
  find: () => benchFind(tell),
  field,
};
const name = process.argv[2]?.startsWith('--') === false ? process.argv[2] : 'exchange';
const bench = benches[name];
if (!bench) {
  tell(`There is no bench "${name}": ${Object.keys(benches).join(', ')}.`);
  process.exitCode = 1;
} else {
  try {
    const figures = await bench();
    if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
  } catch (error) {
    tell(String((error as Error).stack));
    process.exitCode = 1;
  }
}
