import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg } from '#engine/photo-bytes.fixture.ts';
import { FolderStore } from '#server/photos/folder-store.ts';
import { openPhotoRoom } from '#server/photos/photo-room.ts';
import type { PhotoStore } from '#server/photos/photo-store.ts';
import { S3Store } from '#server/photos/s3-store.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-stores-'));
const objects = new Map<string, Buffer>();
const signatures: string[] = [];
let failures = 0;

/** As much of S3 as the store asks for: refuses what is not signed, or whose content has another sum than it says. */
const fakeS3 = http.createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const signed = request.headers.authorization ?? '';
    signatures.push(signed);
    const name = request.url ?? '';
    const answer = (status: number, content?: Buffer) => void response.writeHead(status).end(content);
    if (!/^AWS4-HMAC-SHA256 Credential=key\/.*SignedHeaders=.*Signature=[0-9a-f]{64}$/.test(signed)) return answer(403);
    if (failures > 0) return answer(((failures -= 1), 503));
    if (request.method === 'GET') return objects.has(name) ? answer(200, objects.get(name)) : answer(404);
    const sum = createHash('sha256').update(body).digest('hex');
    if (request.headers['x-amz-content-sha256'] !== sum) return answer(400);
    objects.set(name, body);
    return answer(200);
  });
});
let endpoint = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => fakeS3.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(fakeS3.address() as AddressInfo).port}`;
});
afterAll(() => {
  fakeS3.close();
  fs.rmSync(folder, { recursive: true });
});

const s3 = (key = 'key') =>
  new S3Store({ endpoint: `${endpoint}/`, bucket: 'photos', key, secret: 'secret', region: 'us-east-1' });
const stores: [string, () => PhotoStore][] = [
  ['a folder', () => new FolderStore(folder)],
  ['a store that speaks S3', s3],
];
const bytes = jpeg([], 500);
const hash = createHash('sha256').update(bytes).digest('hex');

describe.each(stores)('%s', (_name, open) => {
  it('gives back what was put there, under its own station only, whatever that is called', async () => {
    const store = open();
    for (const station of ['north', '..', '文源/../x', 'a b']) {
      expect(await store.get(station, hash)).toBeNull();
      await store.put(station, hash, bytes);
      await store.put(station, hash, bytes);
      expect(await store.get(station, hash)).toEqual(bytes);
    }
    expect(await store.get('north', 'b'.repeat(64))).toBeNull();
  });
});

it('leaves nothing half written, and nothing beside its folder', () => {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(files.map(({ name }) => name)).toEqual([hash, hash, hash, hash]);
  expect(fs.existsSync(path.join(folder, '..', hash.slice(0, 2)))).toBe(false);
});

it('signs what it sends, tries once more, and says when the store does not take a photo', async () => {
  failures = 1;
  await s3().put('south', hash, bytes);
  expect([...objects.keys()]).toContain(`/photos/south/${hash}`);
  expect(signatures.every((one) => one.startsWith('AWS4-HMAC-SHA256'))).toBe(true);
  await expect(s3('another').put('east', hash, bytes)).rejects.toThrow('403');
  failures = 2;
  await expect(s3().get('south', hash)).rejects.toThrow('503');
  failures = 0;
  const spoilt = s3().put('west', 'c'.repeat(64), bytes);
  await expect(spoilt).rejects.toThrow('400');
});

it('is chosen by the settings, which are refused in words when a part is missing', async () => {
  const settings = { PHOTO_DIR: path.join(folder, 'room'), PHOTO_S3_ENDPOINT: endpoint };
  expect(() => openPhotoRoom(settings)).toThrow('PHOTO_S3_BUCKET');
  const room = openPhotoRoom({ ...settings, PHOTO_S3_BUCKET: 'b', PHOTO_S3_KEY: 'key', PHOTO_S3_SECRET: 's' });
  expect(room.store).toBeInstanceOf(S3Store);
  room.close();
  const plain = openPhotoRoom({ DATA_DIR: folder });
  expect(plain.store).toBeInstanceOf(FolderStore);
  plain.close();
  // The protocol's own store makes its folder too, behind our back.
  await new Promise((resolve) => setTimeout(resolve, 100));
});
