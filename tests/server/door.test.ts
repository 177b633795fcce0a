import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeAnswer } from '#engine/protocol.ts';
import { setPassword } from '#server/access/passwords.ts';
import { answer } from '#server/door.ts';
import { guessesPerName } from '#server/limits.ts';
import { makeStation } from '#server/new-station.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { changeFrameRecord } from '#server/postgres/write-records.ts';
import { openStation, type RunningStation } from '#server/station.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

let database: FreshDatabase;
let station: RunningStation;
const password = 'a long enough one';

beforeAll(async () => {
  database = await freshDatabase();
  station = await openStation(database.url);
  const card = { name: 'North', phone: '0571-1', address: '' };
  await makeStation(station, { id: 'north', card, coordinator: { id: 'chief', name: 'Chief' } });
  await setPassword(station.sql, 'north', 'chief', 'Chief', password);
  await person('walker', ['deliverer']);
});

afterAll(async () => {
  await station.close();
  await database.drop();
});

async function person(id: string, roles: string[], communities: string[] = []): Promise<void> {
  const allCommunities = communities.length === 0;
  const row = { id, name: id, phone: null, roles, allCommunities, communities, active: true };
  const entry = { at: Date.now(), what: 'test', person: null, device: null, about: [], details: {} };
  await inStation(station.sql, 'north', (tx) =>
    changeFrameRecord(tx, station.store, 'north', { kind: 'person', id, become: () => row }, entry),
  );
}

/** A browser: keeps the cookie it was given, asks as the client does. */
class Browser {
  cookie = '';

  async post(path: string, input: unknown, head: Record<string, string> = {}): Promise<Response> {
    const plain = JSON.stringify(input);
    const body = head['content-encoding'] === 'gzip' ? gzipSync(plain) : plain;
    const headers = { 'content-type': 'application/json', 'x-nuanlin': '1', cookie: this.cookie, ...head };
    return this.#ask(new Request(`http://127.0.0.1/api/${path}`, { method: 'POST', body, headers }));
  }

  async get(path: string, signal?: AbortSignal): Promise<Response> {
    return this.#ask(new Request(`http://127.0.0.1/api/${path}`, { headers: { cookie: this.cookie }, signal }));
  }

  async #ask(request: Request): Promise<Response> {
    const response = await answer(station, request, '127.0.0.1');
    const given = response.headers.get('set-cookie');
    if (given) this.cookie = given.slice(0, given.indexOf(';'));
    return response;
  }
}

async function dataOf<T>(response: Response): Promise<T> {
  return ((await response.json()) as { result: { data: T } }).result.data;
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { data: { code: string } } }).error.data.code;
}

async function chief(): Promise<Browser> {
  const browser = new Browser();
  const response = await browser.post('access.signIn', { name: 'chief', password });
  expect(response.status).toBe(200);
  return browser;
}

const nothingSent = { unsent: 0, oldestAt: null, refused: 0 };
const firstExchange = { protocol: 1, epoch: null, cookie: null, mutations: [], queue: nothingSent };

describe('giving somebody a name and password', () => {
  const given = { person: 'clerk', name: 'clerk', password: 'eight signs' };

  it('lets them sign in, and a second time with a new one only', async () => {
    await person('clerk', ['subdistrict']);
    const desk = await chief();
    expect((await desk.post('access.giveSignIn', given)).status).toBe(200);
    expect((await new Browser().post('access.signIn', given)).status).toBe(200);
    expect((await desk.post('access.giveSignIn', { ...given, password: 'another one' })).status).toBe(200);
    expect((await new Browser().post('access.signIn', given)).status).toBe(403);
    const [entry] = await station.sql`select about from audit where what = 'account.set' limit 1`;
    expect(entry).toEqual({ about: ['person:clerk'] });
  });

  it('is refused in a word and changes nothing: name taken, too short, nobody, not a coordinator, beyond reach', async () => {
    await person('clerk', ['subdistrict']);
    const desk = await chief();
    const before = await station.sql`select * from account order by person_id`;
    const refused = async (by: Browser, input: unknown) => codeOf(await by.post('access.giveSignIn', input));
    expect(await refused(desk, { ...given, name: 'CHIEF' })).toBe('name-taken');
    expect(await refused(desk, { ...given, password: 'seven..' })).toBe('bad-request');
    expect(await refused(desk, { ...given, person: 'nobody' })).toBe('no-such-person');
    expect(await refused(new Browser(), given)).toBe('sign-in');
    const clerk = new Browser();
    await desk.post('access.giveSignIn', given);
    await clerk.post('access.signIn', given);
    expect(await refused(clerk, { ...given, person: 'chief' })).toBe('not-allowed');
    await person('local', ['coordinator'], ['c1']);
    const local = new Browser();
    await desk.post('access.giveSignIn', { person: 'local', name: 'local', password });
    await local.post('access.signIn', { name: 'local', password });
    expect(await refused(local, { ...given, person: 'chief', name: 'mine now' })).toBe('beyond-own-reach');
    const after = await station.sql`select * from account where person_id = 'chief'`;
    expect(after).toEqual(before.filter((row) => row['person_id'] === 'chief'));
  });
});

describe('the keys of former devices', () => {
  it('are given to their own person only', async () => {
    await person('visitor', ['visitor']);
    const [chiefs, desk] = [new Browser(), await chief()];
    const first = await dataOf<{ device: string; journalKey: string }>(
      await chiefs.post('access.signIn', { name: 'chief', password }),
    );
    const again = await dataOf<{ formerKeys: unknown[] }>(
      await new Browser().post('access.signIn', { name: 'chief', password, former: [first.device, 'never-heard-of'] }),
    );
    expect(again.formerKeys).toEqual([{ device: first.device, journalKey: first.journalKey }]);
    const { code } = await dataOf<{ code: string }>(await desk.post('access.makeJoinCode', { person: 'visitor' }));
    const other = await dataOf<{ formerKeys: unknown[] }>(
      await new Browser().post('access.join', { token: code, former: [first.device] }),
    );
    expect(other.formerKeys).toEqual([]);
  });
});

describe('an exchange of a device that this browser no longer is', () => {
  it('is not taken in the name of whoever signed in since', async () => {
    const browser = await chief();
    const { device } = await dataOf<{ device: string }>(await browser.get('access.me'));
    const mine = await browser.post('sync.exchange', { ...firstExchange, device });
    expect(mine.status).toBe(200);
    const before = await station.sql`select count(*)::int as n from act`;
    const others = await browser.post('sync.exchange', { ...firstExchange, device: 'somebody-elses' });
    expect([others.status, await codeOf(others)]).toEqual([401, 'sign-in']);
    expect(await station.sql`select count(*)::int as n from act`).toEqual(before);
  });
});

describe('the key of a journal', () => {
  it('is the same whenever the device is asked for, and each device has its own', async () => {
    const [one, other] = [new Browser(), new Browser()];
    const first = await dataOf<{ journalKey: string }>(await one.post('access.signIn', { name: 'chief', password }));
    const second = await dataOf<{ journalKey: string }>(await other.post('access.signIn', { name: 'chief', password }));
    const again = await dataOf<{ journalKey: string }>(await one.get('access.me'));
    expect(again.journalKey).toBe(first.journalKey);
    expect(second.journalKey).not.toBe(first.journalKey);
    expect(Buffer.from(first.journalKey, 'base64')).toHaveLength(32);
  });
});

describe('signing in', () => {
  it('gives staff a device, a cookie no script can read, and keeps the device when they sign in again', async () => {
    const browser = new Browser();
    const response = await browser.post('access.signIn', { name: 'CHIEF', password });
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict$/);
    const first = await dataOf<{ device: string; identity: object }>(response);
    expect(first.identity).toEqual({ station: 'north', person: 'chief', roles: ['coordinator'], communities: 'all' });
    expect(await dataOf(await browser.get('access.me'))).toMatchObject({ device: first.device, name: 'Chief' });
    const again = await dataOf<{ device: string }>(await browser.post('access.signIn', { name: 'chief', password }));
    expect(again.device).toBe(first.device);
    const elsewhere = new Browser();
    const other = await dataOf<{ device: string }>(await elsewhere.post('access.signIn', { name: 'chief', password }));
    expect(other.device).not.toBe(first.device);
  });

  it('says the same of a wrong password and an unknown name, and stops guessing after a while', async () => {
    await setPassword(station.sql, 'north', 'walker', 'guessed', password);
    const browser = new Browser();
    const unknown = await browser.post('access.signIn', { name: 'nobody', password });
    expect([unknown.status, await codeOf(unknown)]).toEqual([403, 'wrong-name-or-password']);
    for (let guess = 0; guess < guessesPerName; guess += 1)
      expect((await browser.post('access.signIn', { name: 'guessed', password: `no ${guess}` })).status).toBe(403);
    const stopped = await browser.post('access.signIn', { name: 'guessed', password });
    expect([stopped.status, await codeOf(stopped)]).toEqual([429, 'too-many-guesses']);
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await chief()).cookie).not.toBe('');
  });

  it('answers 401 without a session, after sign-out and for a person who is not active any more', async () => {
    const stranger = new Browser();
    expect((await stranger.post('sync.exchange', firstExchange)).status).toBe(401);
    stranger.cookie = 'nuanlin_session=made-up';
    expect((await stranger.get('access.me')).status).toBe(401);
    const browser = await chief();
    const { cookie } = browser;
    expect((await browser.post('access.signOut', undefined)).status).toBe(200);
    browser.cookie = cookie;
    expect((await browser.post('sync.exchange', firstExchange)).status).toBe(401);
  });

  it('keeps foreign pages out', async () => {
    const browser = await chief();
    expect((await browser.post('access.signOut', undefined, { 'x-nuanlin': '0' })).status).toBe(403);
    expect((await browser.post('access.signOut', undefined, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await browser.get('access.me')).status).toBe(200);
  });
});

describe('a join code', () => {
  it('lets exactly one of twenty phones in, and only its person', async () => {
    const office = await chief();
    const made = await dataOf<{ code: string; token: string }>(
      await office.post('access.makeJoinCode', { person: 'walker' }),
    );
    expect(made.code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const typed = made.code.toLowerCase().replace('-', ' ');
    const phones = Array.from({ length: 20 }, () => new Browser());
    const answers = await Promise.all(
      phones.map((phone, at) => phone.post('access.join', { token: at % 2 === 0 ? typed : made.token })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 403)]);
    const winner = phones[answers.findIndex(({ status }) => status === 200)] as Browser;
    expect(await dataOf(await winner.get('access.me'))).toMatchObject({ identity: { person: 'walker' } });
    expect(await codeOf(answers.find(({ status }) => status === 403) as Response)).toBe('code-not-valid');
  });

  it('is made by the coordinator only, and the phone is taken away again', async () => {
    const office = await chief();
    const { token } = await dataOf<{ token: string }>(await office.post('access.makeJoinCode', { person: 'walker' }));
    const phone = new Browser();
    const { device } = await dataOf<{ device: string }>(await phone.post('access.join', { token }));
    expect((await phone.post('access.makeJoinCode', { person: 'walker' })).status).toBe(403);
    expect((await phone.post('sync.exchange', firstExchange)).status).toBe(200);
    expect((await office.post('access.revokeDevice', { device })).status).toBe(200);
    expect((await phone.post('sync.exchange', firstExchange)).status).toBe(401);
    expect((await phone.post('access.join', { token })).status).toBe(403);
    const [row] = await station.sql`select revoked_at, unsent from device where id = ${device}`;
    expect(row?.revoked_at).toBeGreaterThan(0);
  });
});

describe('an exchange over the wire', () => {
  it('is packed both ways and bounded', async () => {
    const browser = await chief();
    const request = { ...firstExchange, filler: 'x'.repeat(3_000) };
    const head = { 'content-encoding': 'gzip', 'accept-encoding': 'gzip, br' };
    const response = await browser.post('sync.exchange', request, head);
    expect(response.headers.get('content-encoding')).toBe('br');
    const text = brotliDecompressSync(Buffer.from(await response.arrayBuffer())).toString();
    const { data } = (JSON.parse(text) as { result: { data: ExchangeAnswer } }).result;
    expect(data.patch.kinds.map(({ kind }) => kind)).toContain('stationCard');
    expect(data.you).toMatchObject({ person: 'chief' });

    const bomb = await browser.post('sync.exchange', { filler: 'x'.repeat(20_000_000) }, head);
    expect([bomb.status, await codeOf(bomb)]).toEqual([413, 'too-large']);
    const malformed = await browser.post('sync.exchange', { protocol: 1 });
    expect([malformed.status, await codeOf(malformed)]).toEqual([400, 'malformed-exchange']);
  });

  it('tells a phone that reads columns that they are taken here, and nobody else', async () => {
    const browser = await chief();
    const told = await dataOf<ExchangeAnswer>(await browser.post('sync.exchange', { ...firstExchange, packed: true }));
    expect(told.packed).toBe(true);
    const { epoch, cookie } = told;
    const again = { ...firstExchange, packed: true, epoch, cookie };
    expect(await dataOf<ExchangeAnswer>(await browser.post('sync.exchange', again))).toMatchObject({ packed: true });
    const older = await dataOf<ExchangeAnswer>(await browser.post('sync.exchange', firstExchange));
    expect(older.packed).toBeUndefined();
  });

  it('is one short line when a phone only looks, and has no body when nothing is new', async () => {
    const browser = await chief();
    const { device } = await dataOf<{ device: string }>(await browser.get('access.me'));
    const ask = async (cookie: string, epoch: string, who = device) =>
      browser.get(
        `sync.look?input=${encodeURIComponent(JSON.stringify(`${who.slice(-12)}~${epoch.slice(-12)}~${cookie}`))}`,
      );
    let held = await dataOf<ExchangeAnswer>(await browser.post('sync.exchange', firstExchange));
    // Noting the contact has changed the device's own record, which the office sees.
    held = await dataOf<ExchangeAnswer>(await ask(held.cookie, held.epoch));
    expect(held.patch.kinds.map(({ kind }) => kind)).toEqual(['device']);
    const same = await ask(held.cookie, held.epoch);
    expect([same.status, await same.text()]).toEqual([204, '']);
    const [time, sum] = (same.headers.get('x-nuanlin-same') ?? '').split('.').map((part) => Number.parseInt(part, 36));
    expect(sum).toBe(held.checksum);
    expect(Math.abs((time ?? 0) - Date.now())).toBeLessThan(60_000);

    const restored = await dataOf<ExchangeAnswer>(await ask(held.cookie, 'another-epoch-here'));
    expect(restored).toMatchObject({ epoch: held.epoch, patch: { reset: true } });
    const other = await ask(held.cookie, held.epoch, 'another-device-here');
    expect([other.status, await codeOf(other)]).toEqual([401, 'sign-in']);
    for (const line of ['x', 'a~b~c', '~~', `${device}~${'~'.repeat(12)}`]) {
      const bad = await browser.get(`sync.look?input=${encodeURIComponent(JSON.stringify(line))}`);
      expect([bad.status, await codeOf(bad)]).toEqual([400, 'malformed-exchange']);
    }
  });

  it('tells the office when the phone was last heard of, and stays silent while nothing changes', async () => {
    const browser = await chief();
    const { device } = await dataOf<{ device: string }>(await browser.get('access.me'));
    const queue = { unsent: 3, oldestAt: 5_000, refused: 1 };
    await browser.post('sync.exchange', { ...firstExchange, queue });
    const read = () => station.sql`select version, unsent, refused, oldest_unsent_at, last_contact_at from device
      where id = ${device}`;
    const [before] = await read();
    expect(before).toMatchObject({ unsent: 3, refused: 1, oldest_unsent_at: 5_000 });
    await browser.post('sync.exchange', { ...firstExchange, queue });
    expect((await read())[0]).toEqual(before);
  });

  it('pokes when something changed, and ends when the reader leaves', async () => {
    const browser = await chief();
    const leave = new AbortController();
    const line = await browser.get('sync.pokes', leave.signal);
    expect(line.headers.get('content-type')).toContain('text/event-stream');
    const reader = (line.body as ReadableStream<Uint8Array>).getReader();
    await person('somebody', []);
    let heard = '';
    while (!heard.includes('"version"')) heard += new TextDecoder().decode((await reader.read()).value);
    leave.abort();
    await reader.cancel().catch(() => undefined);
  });
});
