import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { put } from '../../change.ts';
import * as f from '../../field.ts';
import { kind, mutation, mutationsOf } from '../../kind.ts';
import { jpeg } from '../../photo-bytes.fixture.ts';
import { registryOf } from '../../registry.ts';
import { seesStation } from '../../scope.ts';
import { Tables } from '../../tables.ts';
import { Sealer } from '../sealer.ts';
import { settle, StoodTime, until } from '../testing.ts';
import { newKeptKey } from '../unlock.ts';
import { PhotoDatabase, type PhotoRow } from './photo-database.ts';
import { PhotoDesk, type DeskParts } from './photo-desk.ts';
import type { Sent } from './photo-queue.ts';

const note = kind({
  name: 'note',
  fields: { photo: f.optional(f.photo()), more: f.optional(f.photos()) },
  sees: [seesStation()],
});
const noteActs = mutationsOf(note, {
  write: mutation({ label: () => 'write', args: { ...note.fields }, may: () => true, apply: () => [] }),
});
const registry = registryOf([{ note, noteActs }]);
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const day = 24 * 60 * 60_000;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

let devices = 0;
async function phone(over: Partial<DeskParts> = {}) {
  const device = `photo-desk-${(devices += 1)}`;
  const time = new StoodTime();
  const shown = new Tables(registry);
  const entries: { name: string; args: unknown }[] = [];
  const sent: string[] = [];
  let rows: readonly PhotoRow[] = [];
  let size = 0;
  const state = { full: false, may: true, answer: { kind: 'received' } as Sent };
  const parts: DeskParts = {
    device,
    sealer: new Sealer((await newKeptKey()).key, device),
    registry,
    replica: { entries, shown } as never,
    timers: time,
    now: () => time.now,
    darkroom: {
      hasRoom: async () => !state.full,
      shrink: async (file) => (file.type === 'text/plain' ? null : jpeg([], (size += 50), size)),
    },
    transfer: async ({ hash }) => (sent.push(hash), state.answer),
    mayGo: () => state.may,
    fetch: () => Promise.reject(new Error('no line')),
    onRows: (now) => (rows = now),
    ...over,
  };
  const desk = new PhotoDesk(parts);
  const looked = async () => {
    desk.look();
    await desk.looked();
    for (let round = 0; round < 5; round += 1) await settle();
    await desk.looked();
  };
  const take = async () => {
    const taken = await desk.take(new Blob(['x'], { type: 'image/png' }));
    return 'hash' in taken ? taken.hash : taken.problem;
  };
  return { parts, desk, time, shown, entries, sent, state, looked, take, rows: () => rows, device };
}

describe('a photo on the phone', () => {
  it('lies sealed, as bytes', async () => {
    const { desk, take, device } = await phone();
    const hash = await take();
    const database = new PhotoDatabase(device);
    const [row] = await (await database.open()).getAll('bytes');
    database.close();
    expect(row!.hash).toBe(hash);
    expect(row!.bytes).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(row!.bytes).includes('JFIF')).toBe(false);
    const seen = await desk.see(hash);
    expect('bytes' in seen && hashOf(seen.bytes)).toBe(hash);
  });

  it('goes to the centre once an act carries it, and is kept as long as a record shows it', async () => {
    const { take, looked, sent, entries, shown, rows, desk } = await phone();
    const [one, two, unused] = [await take(), await take(), await take()];
    await looked();
    expect(sent).toEqual([]);
    entries.push({ name: 'note.write', args: { photo: one, more: [two] } });
    shown.apply([put(note, { id: 'n1', photo: one, more: [two] })]);
    await looked();
    await until(() => expect(rows().map(({ state }) => state)).toEqual(['received', 'received', 'draft']));
    expect(sent).toEqual([one, two]);
    shown.apply([put(note, { id: 'n1', photo: one, more: null })]);
    await looked();
    await until(() => expect(rows().map(({ hash }) => hash)).toEqual([one, unused]));
    expect(await desk.see(two)).toEqual({ problem: 'offline' });
  });

  it('that nobody used is gone after a day, one that waits is not', async () => {
    const { take, looked, entries, rows, time, state } = await phone();
    state.may = false;
    const waits = await take();
    await take();
    entries.push({ name: 'note.write', args: { photo: waits, more: null } });
    await looked();
    entries.length = 0;
    time.now += 2 * day;
    await looked();
    expect(rows().map(({ hash, state: is }) => [hash, is])).toEqual([[waits, 'waiting']]);
  });

  it('is refused in a word when there is no room, or it does not open, and nothing stays behind', async () => {
    const { take, state, looked, rows, desk } = await phone();
    state.full = true;
    expect(await take()).toBe('full');
    state.full = false;
    expect(await desk.take(new Blob(['x'], { type: 'text/plain' }))).toEqual({ problem: 'unreadable' });
    await looked();
    expect(rows()).toEqual([]);
    desk.store.keep = () => Promise.reject(new Error('QuotaExceededError'));
    expect(await take()).toBe('full');
  });

  it('that the centre does not take stays until the person has read it', async () => {
    const { take, looked, entries, rows, state, desk } = await phone();
    state.answer = { kind: 'refused', code: 'carries-metadata' };
    const hash = await take();
    entries.push({ name: 'note.write', args: { photo: hash, more: null } });
    await looked();
    await until(() => expect(rows()).toMatchObject([{ hash, state: 'refused', code: 'carries-metadata' }]));
    await desk.letGo(hash);
    await looked();
    expect(rows()).toEqual([]);
  });
});

describe('a photo that is not on this phone', () => {
  const there = jpeg([], 80, 7);
  const answer = (status: number, body: BodyInit) => () => Promise.resolve(new Response(body, { status }));

  it('comes from the centre, and only it', async () => {
    const { desk } = await phone({ fetch: answer(200, there) });
    expect(await desk.see(hashOf(there))).toEqual({ bytes: there });
    expect(await desk.see('a'.repeat(64))).toEqual({ problem: 'offline' });
    expect(await desk.see('../secret')).toEqual({ problem: 'not-here' });
  });

  it('is told in words otherwise, also when a welcome page answers', async () => {
    const code = (word: string) => JSON.stringify({ error: { data: { code: word } } });
    const told = async (fetch: DeskParts['fetch']) => (await phone({ fetch })).desk.see(hashOf(there));
    expect(await told(answer(404, code('not-yet-here')))).toEqual({ problem: 'not-yet-here' });
    expect(await told(answer(404, code('not-found')))).toEqual({ problem: 'not-here' });
    expect(await told(answer(200, '<html>Welcome</html>'))).toEqual({ problem: 'offline' });
    expect(await told(answer(503, ''))).toEqual({ problem: 'offline' });
  });
});

describe('what was entered before the camera was opened', () => {
  it('comes back within the day, sealed meanwhile', async () => {
    const { desk, device, time } = await phone();
    await desk.store.keepDraft('form', { note: '膝盖疼' }, time.now);
    const database = new PhotoDatabase(device);
    const [row] = await (await database.open()).getAll('drafts');
    database.close();
    expect(Buffer.from(row!.bytes).includes('膝盖')).toBe(false);
    expect(await desk.store.draft('form', time.now + 1_000)).toEqual({ note: '膝盖疼' });
    expect(await desk.store.draft('form', time.now + 2 * day)).toBeNull();
    await desk.store.dropDraft('form');
    expect(await desk.store.draft('form', time.now)).toBeNull();
  });
});
