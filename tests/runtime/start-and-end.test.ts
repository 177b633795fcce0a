/**
 * A station starts, ends and comes back, whatever ended it. Each case runs the real start script with a real
 * PostgreSQL and looks at what is left: processes, and what the database remembers. All cases use one data folder one
 * after the other, as a station in use does.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { databaseIdentity } from '../../scripts/station/binaries.mjs';
import {
  type Place,
  type Station,
  endWell,
  killAll,
  makePlace,
  postgresId,
  processesOf,
  startReady,
  starts,
  until,
} from './station.ts';

let place: Place;
let cluster: string;
/** Starts that the database must remember. */
let count = 0;

beforeAll(async () => {
  place = await makePlace();
  cluster = path.join(place.dataFolder, 'postgresql');
});

afterEach(() => killAll(place.folder));
afterAll(() => place.remove());

/** Starts once more and checks that the database remembers every start before. */
async function startAgain(): Promise<Station> {
  const station = await startReady(place);
  count += 1;
  expect(await starts(station)).toBe(count);
  return station;
}

test('a making of the data folder that was cut short is begun anew', async () => {
  fs.mkdirSync(path.join(place.dataFolder, 'postgresql.unfinished-1/base'), { recursive: true });
  fs.chmodSync(place.dataFolder, 0o755);
  await startAgain();
  expect(fs.readdirSync(place.dataFolder).filter((name) => name.includes('unfinished'))).toEqual([]);
});

test('Ctrl-C ends the station and its database, with a stream still open', async () => {
  const station = await startAgain();
  const stream = await fetch(`${station.url}/stream`);
  const cut = stream.text().catch(() => 'cut');
  await endWell(station);
  expect(processesOf(place.folder)).toEqual([]);
  expect(await cut).toBe('cut');
  expect(fs.existsSync(path.join(place.dataFolder, 'station.lock'))).toBe(false);
  expect(fs.existsSync(path.join(cluster, 'postmaster.pid'))).toBe(false);
});

test('after kill -9 of the station its database ends by itself', async () => {
  const station = await startAgain();
  station.child.kill('SIGKILL');
  await station.ended();
  await until(() => postgresId(cluster) === undefined, 'the database to end without its station');
  await startAgain();
});

test('a database that outlived both station and guard is ended before the next one starts', async () => {
  const station = await startAgain();
  const orphan = postgresId(cluster) ?? 0;
  for (const pid of processesOf(`nuanlin-guard ${orphan}`)) process.kill(pid, 'SIGKILL');
  station.child.kill('SIGKILL');
  await station.ended();
  expect(postgresId(cluster)).toBe(orphan);
  await startAgain();
  expect(postgresId(cluster)).not.toBe(orphan);
  expect(processesOf(place.folder)).not.toContain(orphan);
});

test('after kill -9 of the database it is back under the same running station', async () => {
  const station = await startAgain();
  const before = postgresId(cluster) ?? 0;
  process.kill(before, 'SIGKILL');
  await until(() => ![undefined, before].includes(postgresId(cluster)), 'a new server');
  await until(async () => (await starts(station)) === count, 'the database to answer again');
  await endWell(station);
  expect(processesOf(place.folder)).toEqual([]);
});

test('Ctrl-C while the database is being started again leaves nothing behind', async () => {
  const station = await startAgain();
  process.kill(postgresId(cluster) ?? 0, 'SIGKILL');
  await until(() => station.said().includes('is being started again'), 'the restart');
  await endWell(station);
  await until(() => processesOf(place.folder).length === 0, 'the new server to end');
  await startAgain();
});

test('after kill -9 of both at once the next start recovers', async () => {
  const station = await startAgain();
  process.kill(postgresId(cluster) ?? 0, 'SIGKILL');
  station.child.kill('SIGKILL');
  await station.ended();
  await startAgain();
});

test('a number in postmaster.pid that now belongs to another process stops neither that process nor the start', async () => {
  await endWell(await startAgain());
  // Of the same user as the database: of another one's process PostgreSQL knows by itself that it is no server.
  const stranger = spawn('sleep', ['600'], { ...databaseIdentity(), stdio: 'ignore' });
  fs.writeFileSync(
    path.join(cluster, 'postmaster.pid'),
    `${stranger.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`,
  );
  await startAgain();
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill('SIGKILL');
});

test('a lock left by a process whose number went to another one does not stop the start', async () => {
  fs.writeFileSync(path.join(place.dataFolder, 'station.lock'), `{"pid":${process.pid},"started":"another boot/1"}\n`);
  await startAgain();
});

test('a lost password is replaced', async () => {
  fs.rmSync(path.join(place.dataFolder, 'postgresql.password'));
  await endWell(await startAgain());
});
