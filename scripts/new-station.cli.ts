/**
 * Makes a station of one's own in the database of a running server:
 *
 *   NUANLIN_DEMO=0 npm start          # in one window: a server without the demo
 *   npm run station -- --name 青松街道暖邻站 --coordinator 李敏 --login limin [--phone 0731-7000] [--address …]
 *
 * Prints once the password with which the first coordinator signs in; the coordinator brings in everybody else.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { registry } from '#kinds';
import { setPassword } from '#server/access/passwords.ts';
import { effectsRunner } from '#server/effects.ts';
import { serverParts } from '#server/features.ts';
import { makeStation } from '#server/new-station.ts';
import { connect, type Sql } from '#server/postgres/connect.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { isUnprepared, runningDatabaseUrl } from './station/running-database.mjs';
import { printFailure, StationError } from './station/sentence.mjs';

interface Wanted {
  readonly name: string;
  readonly coordinator: string;
  readonly login: string;
  readonly phone: string;
  readonly address: string;
}

const usage = (): StationError =>
  new StationError(
    '请写明三样：--name 站名 --coordinator 站长姓名 --login 登录名。什么都没改。',
    'Please name three things: --name STATION --coordinator PERSON --login NAME. Nothing was changed.',
  );

function wantedFrom(args: Record<string, unknown>): Wanted {
  const text = (name: string): string => (typeof args[name] === 'string' ? args[name].trim() : '');
  const wanted = {
    ...{ name: text('name'), coordinator: text('coordinator'), login: text('login') },
    ...{ phone: text('phone'), address: text('address') },
  };
  if (!wanted.name || !wanted.coordinator || !wanted.login) throw usage();
  return wanted;
}

/** Twelve signs that nobody confuses when they are read out, about 58 bits. */
function newPassword(): string {
  const signs = 'abcdefghijkmnpqrstuvwxyz23456789';
  return Array.from({ length: 12 }, () => signs[randomInt(signs.length)]).join('');
}

async function make(sql: Sql, { name, coordinator, login, phone, address }: Wanted): Promise<string> {
  const [taken] = await sql`select from account where lower(name) = lower(${login})`;
  if (taken) {
    throw new StationError(
      `登录名 ${login} 已经有人用了，请换一个。什么都没改。`,
      `The sign-in name ${login} is taken; please choose another. Nothing was changed.`,
    );
  }
  const store = new PostgresStore(sql, registry, effectsRunner(serverParts().effects));
  const id = uuidv7();
  const person = uuidv7();
  const first = { id: person, name: coordinator };
  const parts = { sql, store, now: Date.now };
  await makeStation(parts, { id, card: { name, phone, address }, coordinator: first });
  const password = newPassword();
  await setPassword(sql, id, person, login, password);
  return password;
}

const notRunning = (): StationError =>
  new StationError(
    '暖邻没有开着。请先在另一个窗口运行 npm start，再来一次。什么都没改。',
    'Nuanlin is not running. Start it first with npm start in another window, then try again. Nothing was changed.',
  );

async function main(): Promise<void> {
  const names = ['name', 'coordinator', 'login', 'phone', 'address'];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const wanted = wantedFrom(parseArgs({ strict: false, options }).values);
  const url = runningDatabaseUrl();
  if (!url) throw notRunning();
  const sql = connect(url, { max: 2 });
  try {
    const password = await make(sql, wanted);
    console.log(
      `「${wanted.name}」建好了。${wanted.coordinator} 的登录名 ${wanted.login}，密码 ${password}（只显示这一次）。`,
    );
    console.log(`Made. Sign in as ${wanted.login} with the password ${password}; it is shown this once.`);
  } catch (error) {
    throw isUnprepared(error) ? notRunning() : error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StationError)) throw error;
  printFailure(error);
  process.exitCode = 1;
}
