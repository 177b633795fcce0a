/**
 * Twenty photos over a line that dies every ten seconds: the phone's queue and its protocol, Kit's own way of handing a
 * request on, the server's door, and real PostgreSQL behind it.
 */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { getRequest, setResponse } from '@sveltejs/kit/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PhotoRow } from '#engine/client/photos/photo-database.ts';
import { PhotoQueue } from '#engine/client/photos/photo-queue.ts';
import { tusTransfer } from '#engine/client/photos/tus-transfer.ts';
import type { Timers } from '#engine/client/timers.ts';
import { jpeg } from '#engine/photo-bytes.fixture.ts';
import { startSession } from '#server/access/sessions.ts';
import { answerPhotos } from '#server/photos/photo-door.ts';
import { openPhotoRoom, type PhotoRoom } from '#server/photos/photo-room.ts';
import { DoorStation, stationId } from './door-station.ts';
import { DyingLink } from '../support/dying-link.ts';
import { hashOf, type Bytes } from './photo-caller.ts';

let door: DoorStation;
let room: PhotoRoom;
let folder: string;
let server: http.Server;
let link: DyingLink;
let endpoint: string;
let cookie: string;

beforeAll(async () => {
  door = await DoorStation.open();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-link-'));
  room = openPhotoRoom({ PHOTO_DIR: folder });
  server = http.createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  link = new DyingLink(port, 50_000);
  endpoint = `http://127.0.0.1:${await link.open()}/api/photos`;
  const session = { station: stationId, person: 'chief', device: 'phone' };
  cookie = `nuanlin_session=${await startSession(door.station.sql, session, 'join', Date.now())}`;
});
afterAll(async () => {
  link.close();
  server.closeAllConnections();
  server.close();
  room.close();
  await door.close();
  fs.rmSync(folder, { recursive: true });
});

async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const asked = await getRequest({ request, base: 'http://127.0.0.1', bodySizeLimit: 512_000 });
  const id = new URL(asked.url).pathname.split('/')[3] ?? null;
  await setResponse(response, await answerPhotos(door.station, room, asked, id));
}

/** A wait of a minute is half a second here; patience with a silent line stays seconds, the machine may be busy. */
const quick: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms < 40_000 ? ms / 120 : ms / 10);
    return () => clearTimeout(timer);
  },
  random: () => 0.5,
};

const photos: readonly Bytes[] = Array.from({ length: 20 }, (_, number) => jpeg([], 199_000 - number, number + 1));
const total = photos.reduce((sum, bytes) => sum + bytes.length, 0);

it('finish with at most a twentieth sent twice, and stand back while an act waits', async () => {
  const byHash = new Map(photos.map((bytes) => [hashOf(bytes), bytes]));
  let rows: PhotoRow[] = [...byHash].map(([hash, { length: size }], keptAt) => ({
    ...{ hash, state: 'waiting', size, keptAt, url: null, code: null },
  }));
  const state = { actWaits: true };
  const queue = new PhotoQueue({
    store: {
      rows: async () => rows,
      bytesOf: async (hash) => byHash.get(hash) ?? null,
      change: async (hash, change) => {
        rows = rows.map((row) => (row.hash === hash ? { ...row, ...change } : row));
      },
    },
    transfer: tusTransfer({ timers: quick, endpoint, fileOf: (bytes) => Buffer.from(bytes), headers: { cookie } }),
    timers: quick,
    mayGo: () => !state.actWaits,
    onChange: () => undefined,
  });
  const received = () => rows.filter((row) => row.state === 'received').length;
  const until = async (check: () => boolean) => {
    for (let tries = 0; tries < 4_000 && !check(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(check()).toBe(true);
  };

  queue.look();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(link.requests).toEqual([]);
  state.actWaits = false;
  queue.look();
  await until(() => received() >= 5);
  await until(() => link.bodyBytes % 199_000 > 20_000);
  // Somebody presses 送达 in the middle of a photo.
  state.actWaits = true;
  queue.look();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = link.bodyBytes;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(link.bodyBytes).toBe(before);
  state.actWaits = false;
  queue.look();
  await until(() => received() === photos.length);
  queue.stop();

  for (const hash of byHash.keys())
    expect(hashOf((await room.store.get(stationId, hash)) ?? new Uint8Array())).toBe(hash);
  const twice = (link.bodyBytes - total) / total;
  expect(link.deaths).toBeGreaterThan(60);
  expect(twice, `${link.deaths} deaths`).toBeLessThanOrEqual(0.05);
  expect(twice).toBeGreaterThanOrEqual(0);
}, 120_000);
