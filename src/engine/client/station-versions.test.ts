import 'fake-indexeddb/auto';
import { openDB, type IDBPDatabase } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { StationDatabase } from './database.ts';
import { enrolled, freshDisks, healed, onTheirWay, reached } from './testing-station.ts';
import { lampActs } from './testing.ts';

freshDisks();

/** The store as a later version of the app opens it. */
function newerStore(device: string): Promise<IDBPDatabase> {
  return openDB(new StationDatabase(device).name, 20, {
    upgrade: (store) => void store.createObjectStore('more', { keyPath: 'id' }),
  });
}

describe('two versions of the app on one phone', () => {
  it('an older one opens a store that a newer one has made, and hands in what lies in it', async () => {
    const { station, centre, open, time } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    await station.mutate(lampActs.light, { lampId: 'l1' });
    station.close();
    (await newerStore(centre.device)).close();
    const older = await open();
    expect(older.phase.name).toBe('ready');
    expect(older.status.unsent).toBe(1);
    expect(await older.mutate(lampActs.hang, { room: 'attic' })).toHaveProperty('saved');
    centre.failing = null;
    await reached({ time }, older);
    expect([...centre.taken.values()].map(({ name }) => name)).toEqual(['lamp.light', 'lamp.hang']);
  });

  it('an older tab that is open does not hold the newer one up, and goes on in the newer store', async () => {
    const { station, centre, time } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    const newer = await newerStore(centre.device);
    expect(await station.mutate(lampActs.hang, { room: 'attic' })).toHaveProperty('saved');
    await onTheirWay(time);
    await vi.waitFor(async () => expect(await newer.count('outbox')).toBe(1));
    await healed(station, time);
    expect(station.status).toMatchObject({ keeping: 'twice', unsent: 1 });
    newer.close();
  });
});
