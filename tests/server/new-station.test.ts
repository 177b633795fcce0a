import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personByPassword } from '#server/access/passwords.ts';
import { identityOf } from '#server/access/identity.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { migrate } from '#server/postgres/migrate.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

const root = path.resolve(import.meta.dirname, '../..');
let database: FreshDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await freshDatabase();
  sql = connect(database.url, { max: 2 });
});

afterAll(async () => {
  await sql.end({ timeout: 1 });
  await database.drop();
});

function run(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  const env = { ...process.env, DATABASE_URL: database.url };
  return new Promise((resolve) => {
    const all = ['scripts/run.mjs', 'scripts/new-station.cli.ts', ...args];
    execFile(process.execPath, all, { cwd: root, env }, (error, out, said) =>
      resolve({ code: error ? Number(error.code) : 0, out, said }),
    );
  });
}

const wanted = ['--name', '青松街道暖邻站', '--coordinator', '李敏', '--login', 'limin'];

describe('npm run station', { timeout: 120_000 }, () => {
  it('says in a sentence that the server has to run first', async () => {
    const { code, said } = await run(...wanted);
    expect([code, said]).toEqual([1, expect.stringContaining('请先在另一个窗口运行 npm start')]);
  });

  it('makes a station whose first coordinator signs in with the password that was shown', async () => {
    await migrate(sql);
    const { code, out } = await run(...wanted);
    expect(code).toBe(0);
    const password = /密码 (\S{12})（/.exec(out)?.[1] ?? '';
    const found = await personByPassword(sql, 'LiMin', password);
    const known = found && (await identityOf(sql, found.station, found.person));
    expect(known).toMatchObject({ name: '李敏', identity: { roles: ['coordinator'], communities: 'all' } });
  });

  it('refuses a name that is taken, and a call that leaves something out, and changes nothing', async () => {
    const count = async () => (await sql`select count(*)::int as n from station`)[0]?.['n'] as number;
    const before = await count();
    expect(await run(...wanted)).toMatchObject({ code: 1, said: expect.stringContaining('已经有人用了') });
    expect(await run('--name', '青松')).toMatchObject({ code: 1, said: expect.stringContaining('请写明三样') });
    expect(await count()).toBe(before);
  });
});
