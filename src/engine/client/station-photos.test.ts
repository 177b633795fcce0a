import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { put } from '../change.ts';
import * as f from '../field.ts';
import { kind, mutation, mutationsOf } from '../kind.ts';
import { jpeg } from '../photo-bytes.fixture.ts';
import { registryOf } from '../registry.ts';
import { seesStation } from '../scope.ts';
import { Tables } from '../tables.ts';
import { takePhotosAlong } from './photos/move-along.ts';
import { hasPhotos } from './photos/photo-database.ts';
import { PhotoStore } from './photos/photo-store.ts';
import { Sealer } from './sealer.ts';
import type { Session } from './session.ts';
import { StationPhotos, type PhotoTools } from './station-photos.svelte.ts';
import { journalKey, settle, StoodTime, until } from './testing.ts';
import { journalKeyFrom } from './unlock.ts';

const note = kind({ name: 'note', fields: { photo: f.optional(f.photo()) }, sees: [seesStation()] });
const noteActs = mutationsOf(note, {
  write: mutation({ label: () => 'write', args: { ...note.fields }, may: () => true, apply: () => [] }),
});
const registry = registryOf([{ note, noteActs }]);

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

let count = 0;
/** One tab of a phone; what of the session matters here is to be set as the test likes. */
async function tab() {
  const name = `photos-${(count += 1)}`;
  const time = new StoodTime();
  const key = await journalKeyFrom(journalKey);
  const device = { device: name, database: { get: async () => ({ journalKey: key }) } };
  const act = { name: 'note.write', args: { photo: null as string | null } };
  const shown = new Tables(registry);
  const replica = { entries: [act], unsent: [] as (typeof act)[], shown, facts: { contactAt: 1 }, now: () => time.now };
  const session = { device, replica, leading: true, loopState: { misses: 0, needsSignIn: false, sending: 0 } };
  const sent: string[] = [];
  const tools: PhotoTools = {
    darkroom: { hasRoom: async () => true, shrink: async () => jpeg([], 60, (count += 1)) },
    transfer: async ({ hash }) => (sent.push(hash), { kind: 'received' }),
    fetch: () => Promise.reject(new Error('no line')),
  };
  const photos = new StationPhotos(tools);
  const open = () => photos.open(session as unknown as Session, registry, time);
  const looked = async () => {
    photos.look();
    for (let round = 0; round < 12; round += 1) await settle();
  };
  const take = async () => {
    const taken = await photos.take(new Blob(['x']));
    if (!('hash' in taken)) throw new Error(taken.problem);
    act.args.photo = taken.hash;
    shown.apply([put(note, { id: 'n', photo: taken.hash })]);
    return taken.hash;
  };
  open();
  return { photos, session, replica, act, sent, open, looked, take, name, device, key };
}

describe('photos of a tab', () => {
  it('make and load nothing while there are none', async () => {
    const { photos, looked, name } = await tab();
    await looked();
    expect(await photos.countWaiting()).toBe(0);
    expect(await photos.draft('form')).toBeNull();
    expect(await hasPhotos(name)).toBe(false);
  });

  it('wait for the acts, for the lead, for an answer and for a sign-in', async () => {
    const { photos, session, replica, act, sent, looked, take } = await tab();
    replica.unsent = [act];
    const hash = await take();
    await looked();
    await until(() => expect([sent, photos.waiting]).toEqual([[], 1]));
    replica.unsent = [];
    for (const over of [{ misses: 1 }, { needsSignIn: true }, { sending: 1 }]) {
      session.loopState = { misses: 0, needsSignIn: false, sending: 0, ...over };
      await looked();
    }
    session.loopState = { misses: 0, needsSignIn: false, sending: 0 };
    session.leading = false;
    await looked();
    expect([sent, photos.waiting]).toEqual([[], 1]);
    session.leading = true;
    await looked();
    await until(() => expect([sent, photos.waiting]).toEqual([[hash], 0]));
  });

  it('go on after the tab was closed, and are counted before somebody leaves', async () => {
    const { photos, session, sent, open, looked, take, name } = await tab();
    session.leading = false;
    const hash = await take();
    photos.close();
    open();
    expect(await photos.countWaiting()).toBe(1);
    session.leading = true;
    await looked();
    await until(() => expect([sent, photos.waiting]).toEqual([[hash], 0]));
    expect(await photos.countWaiting()).toBe(0);
    await photos.forget();
    expect(await hasPhotos(name)).toBe(false);
  });

  it('move along to the person’s next device on this phone', async () => {
    const old = await tab();
    old.session.leading = false;
    const hash = await old.take();
    await old.looked();
    const next = await tab();
    await old.photos.moveTo(next.device as never);
    expect(await hasPhotos(old.name)).toBe(false);
    const store = new PhotoStore(next.name, new Sealer(next.key, next.name));
    const bytes = await store.bytesOf(hash);
    expect(createHash('sha256').update(bytes!).digest('hex')).toBe(hash);
    expect((await store.rows()).map(({ state }) => state)).toEqual(['waiting']);
    store.close();
    // What a cut-off move has left behind is found with the key that the centre gives again.
    const last = await tab();
    last.session.leading = false;
    await takePhotosAlong({ device: next.name, journalKey }, last.device as never);
    expect([await hasPhotos(next.name), await last.photos.countWaiting()]).toEqual([false, 1]);
  });
});
