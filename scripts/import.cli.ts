/**
 * Looks at a community's ledger from the command line: `npm run --silent import -- FILE --dry-run [--json] [--rows]`.
 *
 * Lists and registers only name people; whom they mean is looked up in the elders' ledgers given with `--known FILE`,
 * or, when none is given, in those that lie in the same folder. Exit code 0 when the file was read, 1 when not.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { KnownPerson, Ledger } from '#features/import/ledger.ts';
import { readLedger } from '#features/import/read-ledger.ts';
import { refusalSentence, summaryLines, toJson } from '#features/import/report.ts';
import { m } from '#messages';

interface Options {
  json: boolean;
  rows: boolean;
  known: string[];
}

const NEIGHBOURS = { most: 12, largest: 4 * 1024 * 1024 };

function say(
  message: (inputs: never, options: { locale: 'zh-CN' | 'en' }) => string,
  inputs: Record<string, string> = {},
): void {
  console.error(message(inputs as never, { locale: 'zh-CN' }));
  console.error(message(inputs as never, { locale: 'en' }));
}

/** The people of other ledgers: those named with --known, else the elders' ledgers beside the file. */
async function knownPeople(file: string, named: string[]): Promise<{ people: KnownPerson[]; from: string[] }> {
  const files = named.length > 0 ? named : neighboursOf(file);
  const people: KnownPerson[] = [];
  const from: string[] = [];
  for (const each of files) {
    const ledger = await readLedger(fs.readFileSync(each), path.basename(each));
    if (ledger.outcome !== 'read' || ledger.kind !== 'elders') continue;
    from.push(path.basename(each));
    people.push(...ledger.people);
  }
  return { people, from };
}

function neighboursOf(file: string): string[] {
  const folder = path.dirname(path.resolve(file));
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(xlsx|csv)$/i.test(entry.name) && entry.name !== path.basename(file))
    .map((entry) => path.join(folder, entry.name))
    .filter((each) => fs.statSync(each).size <= NEIGHBOURS.largest)
    .slice(0, NEIGHBOURS.most);
}

/** Long ledgers are read on small machines too; `--expose-gc` lends the broom. */
const rest = () => (globalThis as { gc?: () => void }).gc?.();

async function readFile(file: string, options: Options): Promise<{ ledger: Ledger; knownFrom: string[] }> {
  const bytes = fs.readFileSync(file);
  const name = path.basename(file);
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  const ledger = await readLedger(bytes, name, { today, rest });
  if (ledger.outcome === 'refused' || (ledger.kind !== 'meal-list' && ledger.kind !== 'meal-marks'))
    return { ledger, knownFrom: [] };
  const known = await knownPeople(file, options.known);
  if (known.people.length === 0) return { ledger, knownFrom: [] };
  return { ledger: await readLedger(bytes, name, { today, rest, knownPeople: known.people }), knownFrom: known.from };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
      rows: { type: 'boolean' },
      known: { type: 'string', multiple: true },
    },
  });
  const options: Options = {
    json: values.json === true,
    rows: values.rows === true,
    known: (values.known ?? []).map(String),
  };
  const [file] = positionals;
  if (!file) {
    say(m.import_cli_usage);
    return 1;
  }
  const missing = [file, ...options.known].find((each) => !fs.statSync(each, { throwIfNoEntry: false })?.isFile());
  if (missing !== undefined) {
    say(m.import_cli_no_such_file, { file: missing });
    return 1;
  }
  const { ledger, knownFrom } = await readFile(file, options);
  if (options.json)
    console.log(JSON.stringify({ ...toJson(ledger, options.rows), ...(knownFrom.length > 0 ? { knownFrom } : {}) }));
  if (ledger.outcome === 'refused') {
    console.error(refusalSentence(ledger, 'zh-CN'));
    console.error(refusalSentence(ledger, 'en'));
    return 1;
  }
  if (!options.json) console.log(summaryLines(ledger, 'zh-CN').join('\n'));
  return 0;
}

process.exitCode = await main();
