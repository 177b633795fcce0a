import 'fake-indexeddb/auto';
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { openDB, unwrap, type DBSchema } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection, ConnectionClosed, databaseExists } from './connection.ts';
import { StationDatabase, storedDevices, unnumbered, type OutboxRow } from './database.ts';

interface Shelf extends DBSchema {
  boxes: { key: string; value: { id: string; n: number } };
}

const shelf = () => new Connection<Shelf>({ name: 'shelf', version: 1, stores: { boxes: { keyPath: 'id' } } });
const put = (connection: Connection<Shelf>, id: string) =>
  connection.write(['boxes'], ({ store }) => store.put({ id, n: 1 }));
const ids = (connection: Connection<Shelf>) => connection.read(['boxes'], ({ store }) => store.getAllKeys());

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => vi.restoreAllMocks());

describe('a store that an app with Dexie has left on a phone', () => {
  it('opens as it is, numbers on, and still opens for that app', async () => {
    // What `version(1).stores({ facts: 'id', pages: '++seq', outbox: '++seq', device: 'id' })` makes.
    const old = await openDB('nuanlin-phone', 10, {
      upgrade(database) {
        for (const name of ['facts', 'device']) database.createObjectStore(name, { keyPath: 'id' });
        for (const name of ['pages', 'outbox'])
          database.createObjectStore(name, { keyPath: 'seq', autoIncrement: true });
      },
    });
    const row = { state: 'unsent', receivedAt: null, bytes: new Uint8Array(3), verdict: null } as const;
    await old.put('outbox', { ...row, seq: 41 });
    old.close();
    expect(await storedDevices(null)).toEqual(['phone']);
    const database = new StationDatabase('phone');
    expect(await database.get('outbox', 41)).toEqual({ ...row, seq: 41 });
    expect(await database.write(['outbox'], ({ store }) => store.add(unnumbered<OutboxRow>(row)))).toBe(42);
    database.close();
    const again = await openDB('nuanlin-phone', 10);
    expect([again.version, [...again.objectStoreNames]]).toEqual([10, ['device', 'facts', 'outbox', 'pages']]);
    expect(await again.count('outbox')).toBe(2);
    again.close();
  });

  it('made anew has the form that such an app knows', async () => {
    const database = await new StationDatabase('phone').open();
    const transaction = database.transaction([...database.objectStoreNames]);
    const form = [...database.objectStoreNames].map((name) => {
      const { keyPath, autoIncrement, indexNames } = transaction.objectStore(name);
      return [name, keyPath, autoIncrement, indexNames.length];
    });
    expect(database.version).toBe(10);
    expect(form).toEqual([
      ['device', 'id', false, 0],
      ['facts', 'id', false, 0],
      ['outbox', 'seq', true, 0],
      ['pages', 'seq', true, 0],
    ]);
    database.close();
  });
});

describe('a connection', () => {
  it('writes with strict durability, whole or not at all', async () => {
    const begun = vi.spyOn(IDBDatabase.prototype, 'transaction');
    const connection = shelf();
    await put(connection, 'a');
    expect(begun).toHaveBeenLastCalledWith(['boxes'], 'readwrite', { durability: 'strict' });
    const failing = connection.write(['boxes'], async ({ store }) => {
      await store.put({ id: 'b', n: 1 });
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    const twice = connection.write(['boxes'], ({ store }) =>
      Promise.all([store.put({ id: 'c', n: 1 }), store.add({ id: 'a', n: 1 })]),
    );
    await expect(twice).rejects.toMatchObject({ name: 'ConstraintError' });
    expect(await ids(connection)).toEqual(['a']);
  });

  it('is opened anew after the browser has closed it under it', async () => {
    const connection = shelf();
    await put(connection, 'a');
    (await connection.open()).close();
    await put(connection, 'b');
    const open = await connection.open();
    // Its types say the class where it takes a connection.
    forceCloseDatabase(unwrap(open) as never);
    await vi.waitFor(async () => expect(await connection.open()).not.toBe(open));
    expect(await ids(connection)).toEqual(['a', 'b']);
  });

  it('lets another tab change or delete the database, and goes on', async () => {
    const connection = shelf();
    await put(connection, 'a');
    const newer = await openDB('shelf', 20, { upgrade: (database) => void database.createObjectStore('more') });
    await put(connection, 'b');
    expect(await newer.count('boxes')).toBe(2);
    newer.close();
    connection.close();
    await connection.open();
    indexedDB.deleteDatabase('shelf');
    await vi.waitFor(async () => expect(await ids(connection)).toEqual([]));
  });

  it('that is waited for in vain ends when it is closed, and holds nobody up later', async () => {
    const old = await openDB('shelf', 5);
    const connection = shelf();
    const waiting = put(connection, 'a');
    connection.close();
    await expect(waiting).rejects.toBeInstanceOf(ConnectionClosed);
    await expect(put(connection, 'b')).rejects.toBeInstanceOf(ConnectionClosed);
    const closed = vi.spyOn(IDBDatabase.prototype, 'close');
    old.close();
    // The one that comes late is closed as well.
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(2));
    const other = await openDB('shelf', 30);
    expect(await other.count('boxes')).toBe(0);
    other.close();
    await connection.open();
    await put(connection, 'c');
    expect(await ids(connection)).toEqual(['c']);
  });

  it('that failed to open is tried again: at once while the browser tidies up, otherwise at the next use', async () => {
    const failsWith = (name: string, times: number) => {
      const open = vi.spyOn(indexedDB, 'open');
      for (let time = 0; time < times; time += 1)
        open.mockImplementationOnce(() => {
          throw new DOMException('Not now.', name);
        });
    };
    const connection = shelf();
    failsWith('UnknownError', 2);
    expect(await ids(connection)).toEqual([]);
    connection.close();
    failsWith('QuotaExceededError', 1);
    await expect(connection.open()).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect(await ids(connection)).toEqual([]);
  });
});

describe('looking for databases', () => {
  it('leaves none behind', async () => {
    expect(await databaseExists('nuanlin-x')).toBe(false);
    expect(await indexedDB.databases()).toEqual([]);
    (await new StationDatabase('x').open()).close();
    expect(await databaseExists('nuanlin-x')).toBe(true);
  });

  it('looks for the noted one where the browser gives no list', async () => {
    (await new StationDatabase('x').open()).close();
    Object.defineProperty(indexedDB, 'databases', { value: undefined });
    expect(await storedDevices('x')).toEqual(['x']);
    expect(await storedDevices('y')).toEqual([]);
    expect(await storedDevices(null)).toEqual([]);
  });
});
