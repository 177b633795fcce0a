import { registry } from '#kinds';
import { compareSchema } from '#server/postgres/compare-schema.ts';
import { connect } from '#server/postgres/connect.ts';
import { migrations } from '#server/postgres/migrate.ts';
import { kindsWithoutTable } from '#server/postgres/write-migration.ts';

/**
 * Run inside a copy of the tree, by itself: what the tree makes of its folders, and what the database that its server
 * has migrated and its declarations say of each other. Prints one JSON object.
 */
async function drift(url: string): Promise<readonly string[]> {
  const sql = connect(url, { max: 2 });
  try {
    return await compareSchema(sql, registry);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const [, , url = ''] = process.argv;
const sql = { before: migrations.map((one) => one.sql).join('\n'), after: '' };
process.stdout.write(
  `${JSON.stringify({
    kinds: registry.kinds
      .map(({ name }) => name)
      .filter((name) => name.startsWith('haircut'))
      .sort(),
    acts: [...registry.mutations.keys()].filter((name) => name.startsWith('haircut')).sort(),
    withoutTable: kindsWithoutTable(registry, sql).length,
    drift: await drift(url),
  })}\n`,
);
