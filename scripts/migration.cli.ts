/**
 * Writes the migration for new kinds of record from their declarations; a person reads it before it is committed.
 *
 *   npm run migration -- NNNN-words [kind …]
 *
 * Without kinds: all that have no table yet, and keys between tables that are still missing. Writing the same number
 * again replaces the file; once a station has run it, it must not change any more and a new number is needed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { registry } from '#kinds';
import { kindsWithoutTable, writeMigration } from '#server/postgres/write-migration.ts';

const [name, ...kindNames] = process.argv.slice(2);
const parts = name?.match(/^(\d{4})-([a-z0-9-]+)$/);
if (!parts) {
  console.error('Usage: npm run migration -- NNNN-words [kind …]     e.g. 0070-haircuts haircut');
  process.exitCode = 1;
} else {
  const folder = path.resolve('server/migrations');
  const numbers = fs.readdirSync(folder).filter((one) => one.endsWith('.sql'));
  const textOf = (wanted: (number: string) => boolean) =>
    numbers
      .filter((one) => wanted(one.slice(0, 4)))
      .map((one) => fs.readFileSync(path.join(folder, one), 'utf8'))
      .join('\n');
  const number = parts[1] as string;
  const existing = { before: textOf((one) => one < number), after: textOf((one) => one > number) };
  const file = path.join(folder, `${number}.do.${parts[2]}.sql`);
  const kinds =
    kindNames.length > 0 ? kindNames.map((one) => registry.kind(one)) : kindsWithoutTable(registry, existing);
  const { sql, missing } = writeMigration(registry, kinds, existing);
  for (const key of missing)
    console.error(`${key} points to a kind whose table is not made before this; a later migration will add the key.`);
  if (sql.trim() === '') {
    console.error('Nothing is missing: every kind has its table and every reference its key.');
  } else {
    fs.writeFileSync(file, sql);
    console.error(`Wrote ${path.relative(process.cwd(), file)}: ${kinds.map((one) => one.name).join(', ') || 'keys'}.`);
  }
}
