/**
 * Whatever keeps a station from starting is said in one sentence, in Chinese and English, with exit code 1, and leaves
 * everything as it was.
 */
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { type Place, type Station, endWell, killAll, makePlace, start, startReady, starts, until } from './station.ts';

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});

afterEach(async () => {
  await killAll(place.folder);
  place.remove();
});

/** One paragraph in each language, no stack, code 1; returns the English one. */
async function refusal(station: Station): Promise<string> {
  expect(await station.ended()).toBe(1);
  const lines = station.said().trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/数据.*(没有动过|原样没动)/);
  expect(lines[1]).toMatch(/data.*(not touched|No data was touched|left as it is)|No data was touched/);
  return lines[1] ?? '';
}

test('a second start on the same data folder names the first one, which goes on', async () => {
  const first = await startReady(place);
  const second = await makePlace();
  const said = await refusal(start({ ...second, dataFolder: place.dataFolder }));
  second.remove();
  expect(said).toContain(`process ${first.pid} ${first.url}/`);
  expect(await starts(first)).toBe(1);
});

test('of four starts at the same moment exactly one runs', async () => {
  const places = await Promise.all(
    [place, place, place, place].map(async (one) => ({ ...(await makePlace()), dataFolder: one.dataFolder })),
  );
  const stations = places.map((one) => start({ ...one, build: place.build }));
  const isSettled = (station: Station) => station.child.exitCode !== null || station.said().includes('Ctrl-C');
  await until(() => stations.every(isSettled), 'all four to run or end');
  expect(stations.filter((station) => station.child.exitCode === null)).toHaveLength(1);
  for (const one of places) one.remove();
});

test('a taken port', async () => {
  const other = http.createServer();
  await new Promise<void>((resolve) => other.listen(place.port, '127.0.0.1', resolve));
  expect(await refusal(start(place))).toContain(`Port ${place.port} is taken`);
  expect(fs.existsSync(path.join(place.dataFolder, 'postgresql'))).toBe(false);
  other.close();
});

test('a port that is no port', async () => {
  expect(await refusal(start(place, { PORT: 'web' }))).toContain('PORT');
});

test('a data folder that is closed, and one that is a file', async () => {
  fs.mkdirSync(place.dataFolder, { mode: 0o000 });
  expect(await refusal(start(place))).toContain('cannot be read or written (EACCES)');
  expect(fs.statSync(place.dataFolder).mode & 0o777).toBe(0);
  fs.rmdirSync(place.dataFolder);
  fs.writeFileSync(place.dataFolder, 'a file');
  expect(await refusal(start(place))).toContain('cannot be read or written (ENOTDIR)');
  expect(fs.readFileSync(place.dataFolder, 'utf8')).toBe('a file');
  expect(await refusal(start({ ...place, dataFolder: path.join(place.dataFolder, 'inside') }))).toContain(
    'cannot be read or written',
  );
});

test('data of another PostgreSQL major', async () => {
  const first = await startReady(place);
  await endWell(first);
  const version = path.join(place.dataFolder, 'postgresql/PG_VERSION');
  fs.writeFileSync(version, '17\n');
  expect(await refusal(start(place))).toContain('was made by PostgreSQL 17');
  fs.writeFileSync(version, '18\n');
  expect(await starts(await startReady(place))).toBe(2);
});

test('a database folder that is none is left alone', async () => {
  const cluster = path.join(place.dataFolder, 'postgresql');
  fs.mkdirSync(cluster, { recursive: true });
  fs.writeFileSync(path.join(cluster, 'letter.txt'), 'mine');
  expect(await refusal(start(place))).toContain('is not a database folder');
  expect(fs.readdirSync(cluster)).toEqual(['letter.txt']);
});

test('DATABASE_URL: used when it answers, and no PostgreSQL of our own beside it', async () => {
  const { url, drop } = await freshDatabase();
  const station = await startReady(place, { DATABASE_URL: url });
  expect(await starts(station)).toBe(1);
  expect(fs.existsSync(path.join(place.dataFolder, 'postgresql'))).toBe(false);
  expect(station.said()).not.toContain(new URL(url).password);
  await endWell(station);
  await drop();
});

test('DATABASE_URL: nobody there, a wrong password, not a database url', async () => {
  const away = `postgres://me:secret@127.0.0.1:${place.port}/station`;
  const said = await refusal(start(place, { DATABASE_URL: away, PORT: String(place.port + 1) }));
  expect(said).toContain(`127.0.0.1:${place.port}/station named in DATABASE_URL cannot be reached (ECONNREFUSED)`);
  expect(said).not.toContain('secret');
  const { url, drop } = await freshDatabase();
  const wrong = new URL(url);
  wrong.password = 'wrong';
  expect(await refusal(start(place, { DATABASE_URL: wrong.href }))).toContain('(28P01)');
  await drop();
  expect(await refusal(start(place, { DATABASE_URL: 'mysql://somewhere/else' }))).toContain(
    'DATABASE_URL is not of the form',
  );
});

test('DATABASE_URL: a PostgreSQL that is too old', async () => {
  const old = await oldPostgres('140012');
  const { port } = old.address() as net.AddressInfo;
  const said = await refusal(start(place, { DATABASE_URL: `postgres://me@127.0.0.1:${port}/station` }));
  expect(said).toContain('is PostgreSQL 14, which is too old');
  old.close();
});

/** Answers like a PostgreSQL of that version, to the one question a station asks before it trusts a database. */
async function oldPostgres(version: string): Promise<net.Server> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.from([type.charCodeAt(0), 0, 0, 0, 0]);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const ready = message('Z', Buffer.from('I'));
  const welcome = Buffer.concat([message('R', Buffer.alloc(4)), ready]);
  const column = Buffer.concat([Buffer.from([0, 1]), Buffer.from('server_version_num\0'), Buffer.alloc(18)]);
  column.writeInt32BE(25, column.length - 12);
  const size = Buffer.alloc(4);
  size.writeInt32BE(version.length);
  const row = Buffer.concat([Buffer.from([0, 1]), size, Buffer.from(version)]);
  const answer = Buffer.concat([message('T', column), message('D', row), message('C', Buffer.from('SHOW\0')), ready]);
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => socket.write(data[0] === 'Q'.charCodeAt(0) ? answer : welcome));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
