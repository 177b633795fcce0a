import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '#engine/calendar.ts';
import type { Fields } from '#engine/field.ts';
import type { AnyKind } from '#engine/kind.ts';
import { exif, jpeg, jpegSegment, webp, webpChunk } from '#engine/photo-bytes.fixture.ts';
import { registry } from '#kinds';
import { startSession } from '#server/access/sessions.ts';
import { photoPartsKeptMs } from '#server/limits.ts';
import { makeStation } from '#server/new-station.ts';
import { openPhotoRoom, type PhotoRoom } from '#server/photos/photo-room.ts';
import { codeOf, hashOf, PhotoCaller, type Bytes } from './photo-caller.ts';
import { DoorStation, stationId } from './door-station.ts';

let door: DoorStation;
let folder: string;
let room: PhotoRoom;
let now = Date.now();
const today = dayOf(now);

beforeAll(async () => {
  door = await DoorStation.open();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-photos-'));
  room = openPhotoRoom({ PHOTO_DIR: folder }, () => now);
  const south = { id: 'southern', name: 'Southern' };
  await makeStation(door.station, {
    id: 'south',
    card: { name: 'South', phone: '0571-2', address: '' },
    coordinator: south,
  });
  for (const id of ['he', 'wen']) await door.person(id, ['visitor']);
  await door.person('wu', ['deliverer']);
  await put('community', { id: 'c1', name: 'Community' });
  await put('elder', { id: 'e1', name: 'Elder', communityId: 'c1' });
});
afterAll(async () => {
  room.close();
  await door.close();
  fs.rmSync(folder, { recursive: true });
});

async function caller(person: string, device = `device-of-${person}`, station = stationId): Promise<PhotoCaller> {
  const token = await startSession(door.station.sql, { station, person, device }, 'join', Date.now());
  return new PhotoCaller(door.station, room, `nuanlin_session=${token}`);
}

/** A record with the given fields, everything else empty. */
async function put(name: string, given: { id: string } & Record<string, unknown>): Promise<void> {
  const fields = Object.entries(registry.kind(name).fields as Fields);
  const empty = {
    'text[]': [],
    boolean: true,
    integer: 0,
    date: today,
    timestamptz: now,
    jsonb: {},
    time: '08:00',
  } as const;
  const blank = fields.map(([field, { optional, column, values }]) => {
    const value = optional ? null : (empty[column as keyof typeof empty] ?? values?.[0] ?? 'x');
    return [field, value] as const;
  });
  const row = { ...Object.fromEntries(blank), ...given };
  await door.station.store.transaction(stationId, 'push', async (tx) => {
    const { version } = await tx.lockClock();
    await tx.write({ version: version + 1, rows: [{ kind: name, id: row.id, row }], acts: [], clashes: [] });
  });
}

let seeds = 0;
/** A photo nobody has sent before. */
const photo = (size = 3_000): Bytes => jpeg([], size, (seeds += 1));

function storedFiles(): string[] {
  return fs
    .readdirSync(path.join(folder, 'stored'), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ name }) => name);
}

describe('a photo on its way in', () => {
  it('is in the store when its last byte is answered, as it was sent', async () => {
    const he = await caller('he');
    for (const bytes of [photo(), webp()]) {
      expect((await he.send(bytes)).status).toBe(204);
      expect(await room.store.get(stationId, hashOf(bytes))).toEqual(bytes);
      expect(await room.store.get('south', hashOf(bytes))).toBeNull();
    }
  });

  it('goes on where it stopped, and is heard of once more when the last answer was lost', async () => {
    const he = await caller('he');
    const bytes = photo(50_000);
    const id = await he.begun(hashOf(bytes), bytes.length);
    expect((await he.part(id, 0, bytes.slice(0, 20_000))).headers.get('upload-offset')).toBe('20000');
    expect(await he.offset(id)).toBe(20_000);
    expect(await codeOf(await he.part(id, 10_000, bytes.slice(10_000)))).toBe('other-offset');
    expect((await he.part(id, 20_000, bytes.slice(20_000))).status).toBe(204);
    expect(await he.offset(id)).toBe(bytes.length);
    expect(await codeOf(await he.part(id, bytes.length, new Uint8Array([1])))).toMatch(/gone|too-large/);
    expect(await room.store.get(stationId, hashOf(bytes))).toEqual(bytes);
  });

  it('keeps what came before the line broke', async () => {
    const he = await caller('he');
    const bytes = photo(60_000);
    const id = await he.begun(hashOf(bytes), bytes.length);
    const broken = new ReadableStream({
      async start(controller) {
        controller.enqueue(bytes.slice(0, 7_000));
        controller.enqueue(bytes.slice(7_000, 14_321));
        await new Promise((resolve) => setTimeout(resolve, 50));
        controller.error(new Error('the line is gone'));
      },
    });
    await he.part(id, 0, broken);
    expect(await he.offset(id)).toBe(14_321);
    expect((await he.part(id, 14_321, bytes.slice(14_321))).status).toBe(204);
    expect(await room.store.get(stationId, hashOf(bytes))).toEqual(bytes);
  });

  it('that is whole but could not be stored is stored before anybody hears that it is whole', async () => {
    const he = await caller('he');
    const bytes = photo();
    const id = await he.begun(hashOf(bytes), bytes.length);
    const put = room.store.put;
    room.store.put = () => Promise.reject(new Error('no room'));
    expect(await codeOf(await he.part(id, 0, bytes))).toBe('unavailable');
    expect((await he.ask('HEAD', id)).status).toBe(503);
    room.store.put = put;
    expect(await room.store.get(stationId, hashOf(bytes))).toBeNull();
    expect(await he.offset(id)).toBe(bytes.length);
    expect(await room.store.get(stationId, hashOf(bytes))).toEqual(bytes);
  });

  it('of the same content from two phones is one file', async () => {
    const bytes = photo();
    const before = storedFiles().length;
    for (const one of [await caller('he'), await caller('wen')]) expect((await one.send(bytes)).status).toBe(204);
    expect(storedFiles().length).toBe(before + 1);
  });

  it('belongs to the device that began it', async () => {
    const bytes = photo();
    const id = await (await caller('he')).begun(hashOf(bytes), bytes.length);
    const others = [await caller('wen'), await caller('he', 'another-phone'), await caller('southern', 'd', 'south')];
    for (const other of others) {
      expect((await other.ask('HEAD', id)).status).toBe(404);
      expect(await codeOf(await other.part(id, 0, bytes))).toBe('not-found');
    }
    expect(await (await caller('he')).offset(id)).toBe(0);
  });

  it('is refused in words when it is not what it should be, and nothing of it stays', async () => {
    const he = await caller('he');
    const before = storedFiles();
    const text = new TextEncoder().encode('a text that somebody has called .jpg');
    const wrong: [Bytes, string, string][] = [
      [photo(), hashOf(photo()), 'other-content'],
      [text, hashOf(text), 'not-a-photo'],
    ];
    for (const order of ['II', 'MM'] as const) {
      const told = jpeg([jpegSegment(0xe1, exif(order))], 100, (seeds += 1));
      const toldWebp = webp({ extended: 8, after: [webpChunk('EXIF', exif(order))] });
      wrong.push([told, hashOf(told), 'carries-metadata'], [toldWebp, hashOf(toldWebp), 'carries-metadata']);
    }
    for (const [bytes, hash, code] of wrong) {
      const id = await he.begun(hash, bytes.length);
      expect(await codeOf(await he.part(id, 0, bytes))).toBe(code);
      expect((await he.ask('HEAD', id)).status).toBe(404);
    }
    expect(storedFiles()).toEqual(before);
  });

  it('of more than 200,000 bytes is refused before and while it comes', async () => {
    const he = await caller('he');
    const large = photo(201_000);
    expect(await codeOf(await he.begin(hashOf(large), large.length))).toBe('too-large');
    const small = photo();
    const id = await he.begun(hashOf(small), small.length);
    expect(await codeOf(await he.part(id, 0, large, { 'content-length': String(large.length) }))).toBe('too-large');
    expect(await codeOf(await he.part(id, 0, new Uint8Array(10), { 'content-length': '300000' }))).toBe('too-large');
    expect((await he.send(photo(199_000))).status).toBe(204);
  });

  it('of nobody, from a foreign page, or without saying what it is, is refused', async () => {
    const he = await caller('he');
    const stranger = new PhotoCaller(door.station, room, 'nuanlin_session=guessed');
    const none = new PhotoCaller(door.station, room, '');
    for (const one of [stranger, none]) {
      expect(await codeOf(await one.begin('a'.repeat(64), 10))).toBe('sign-in');
      expect(await codeOf(await one.read('a'.repeat(64)))).toBe('sign-in');
    }
    expect(await codeOf(await he.ask('POST', null, { 'x-nuanlin': '' }))).toBe('foreign-page');
    expect(await codeOf(await he.begin('not a hash', 10))).toBe('invalid');
    expect(await codeOf(await he.begin('a'.repeat(64), 0))).toBe('invalid');
    expect(await codeOf(await he.ask('POST', null, { 'upload-length': '-1' }))).toBe('invalid');
    expect(await codeOf(await he.ask('POST', null, { 'upload-defer-length': '1' }))).toBe('invalid');
    expect(await codeOf(await he.ask('DELETE', 'a'))).toBe('method-not-allowed');
    for (const id of ['..', '../stored', 'x.json', '%2e%2e', '0123456789abcdef-0123456789abcdef0123456789abcdef'])
      expect(await codeOf(await he.part(id, 0, photo()))).toBe('not-found');
  });

  it('begun long ago and forgotten is cleaned away', async () => {
    const he = await caller('he');
    const bytes = photo();
    const id = await he.begun(hashOf(bytes), bytes.length);
    await he.part(id, 0, bytes.slice(0, 100));
    expect(await room.uploads.sweep()).toBe(0);
    now += photoPartsKeptMs + 60_000;
    expect(await room.uploads.sweep()).toBeGreaterThanOrEqual(2);
    now -= photoPartsKeptMs + 60_000;
    expect((await he.ask('HEAD', id)).status).toBe(404);
    expect(fs.readdirSync(path.join(folder, 'begun'))).toEqual([]);
  });
});

describe('a photo is read', () => {
  let hash: string;
  const bytes = photo();
  beforeAll(async () => {
    hash = hashOf(bytes);
    await (await caller('he')).send(bytes);
    await put('visit', { id: 'v1', elderId: 'e1', visitorId: 'he', date: today, photos: [hash] });
  });

  it('by its author and the office, uncached', async () => {
    for (const person of ['he', 'chief']) {
      const response = await (await caller(person)).read(hash);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('image/jpeg');
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    }
  });

  it('by nobody else, as if it were not there', async () => {
    for (const [person, station] of [
      ['wen', stationId],
      ['wu', stationId],
      ['southern', 'south'],
    ] as const)
      expect(await codeOf(await (await caller(person, `d-${person}`, station)).read(hash))).toBe('not-found');
    const he = await caller('he');
    for (const name of ['a'.repeat(64), '..', `${hash}/`, hash.toUpperCase(), `${hash} or true`])
      expect(await codeOf(await he.read(name))).toBe('not-found');
  });

  it('only while the record is in the person’s scope, and only once it is here', async () => {
    const late = photo();
    await put('visit', { id: 'v2', elderId: 'e1', visitorId: 'he', date: today, photos: [hashOf(late)] });
    const he = await caller('he');
    expect(await codeOf(await he.read(hashOf(late)))).toBe('not-yet-here');
    await he.send(late);
    expect((await he.read(hashOf(late))).status).toBe(200);
    await put('visit', { id: 'v2', elderId: 'e1', visitorId: 'he', date: addDays(today, -9), photos: [hashOf(late)] });
    expect(await codeOf(await he.read(hashOf(late)))).toBe('not-found');
    expect((await (await caller('chief')).read(hashOf(late))).status).toBe(200);
  });

  it('by a single photo of a record as well', async () => {
    const one = photo();
    await (await caller('wu')).send(one);
    const kind = registry.kind('doorPhoto') as AnyKind;
    expect(kind.fields['photo'].input).toBe('photo');
    await put('kitchen', { id: 'k1' });
    await put('route', { id: 'r' });
    await put('routeDay', { id: 'r1', routeId: 'r' });
    await put('mealVariant', { id: 'm1' });
    await put('stop', { id: 's1', routeDayId: 'r1', elderId: 'e1', variantId: 'm1' });
    await put('delivery', { id: 'f1', stopId: 's1', routeDayId: 'r1', elderId: 'e1', by: 'wu' });
    await put('doorPhoto', { id: 'p1', factId: 'f1', elderId: 'e1', photo: hashOf(one), by: 'wu' });
    for (const person of ['wu', 'chief']) expect((await (await caller(person)).read(hashOf(one))).status).toBe(200);
    expect(await codeOf(await (await caller('wen')).read(hashOf(one)))).toBe('not-found');
  });
});
