import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { databaseExists } from './connection.ts';
import { StationDatabase } from './database.ts';
import type { MemoryJournals } from './testing-journal.ts';
import { enrolled, freshDisks, healed, onTheirWay, phone, reached } from './testing-station.ts';
import { lamp, lampActs, until } from './testing.ts';

freshDisks();

describe('a phone', () => {
  it('is nobody’s first, and fills itself after joining', async () => {
    const parts = phone();
    const station = await parts.open();
    expect(station.phase.name).toBe('nobody');
    // The centre is out of reach at first, so that what stands before the filling can be looked at in peace.
    parts.centre.failing = { kind: 'no-answer' };
    expect(await station.join('token')).toBe('done');
    expect(station.phase.name).toBe('ready');
    expect(station.filling).toEqual({ rows: 0 });
    expect(station.status.word).toBe('onPhone');
    parts.centre.failing = null;
    await reached(parts, station);
    expect(station.who.person).toBe('p1');
    expect(station.records(lamp).where({ room: 'hall' })).toHaveLength(1);
  });

  it('says 中心已收到 only when the centre’s verdict covers the act', async () => {
    const { station, time, centre } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    expect(station.can(lampActs.light, { lampId: 'l1' })).toBe(true);
    expect(await station.mutate(lampActs.light, { lampId: 'l1' })).toHaveProperty('saved');
    expect(station.records(lamp).get('l1')?.lit).toBe(true);
    expect(station.status).toMatchObject({ word: 'onPhone', unsent: 1 });
    await time.pass(1_000);
    await until(() => expect(station.status).toMatchObject({ word: 'onPhone', unsent: 1, misses: 1 }));
    centre.failing = null;
    centre.rows = [{ row: { id: 'l1', room: 'hall', lit: true }, version: 2 }];
    await reached({ time }, station);
    expect(station.status.unsent).toBe(0);
    expect(centre.taken.size).toBe(1);
  });

  it('says 发送中 while the act is on its way', async () => {
    const { station, time, centre } = await enrolled();
    const exchange = centre.exchange;
    let answer = () => {};
    centre.exchange = async (request) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return exchange(request);
    };
    await station.mutate(lampActs.hang, { room: 'attic' });
    await time.pass(1_000);
    await until(() => expect(station.status).toMatchObject({ word: 'sending', sending: 1 }));
    answer();
    await until(() => expect(station.status.word).toBe('received'));
  });

  it('keeps a copy of what a screen hands in', async () => {
    const { station } = await enrolled();
    const args = { room: 'attic' };
    await station.mutate(lampActs.hang, args);
    args.room = 'cellar';
    expect(station.open[0]?.args).toEqual({ room: 'attic' });
  });

  it('has words for every refusal and keeps a refused act until it is read', async () => {
    const { station, time, centre } = await enrolled();
    centre.refusing = 'already-lit';
    await station.mutate(lampActs.light, { lampId: 'l1' });
    await reached({ time }, station);
    expect(station.status.refusedUnread).toBe(1);
    const [entry] = station.open;
    if (entry?.state !== 'refused') throw new Error('It should stand there as refused.');
    expect(station.refusalWords(entry.code, entry.name)).toBe('It is lit.');
    for (const code of ['not-allowed', 'held', 'not-saved', 'never-heard-of'])
      expect(station.refusalWords(code, entry.name)).toMatch(/。$/);
    await station.acknowledgeRefusal(entry.seq);
    expect(station.status.refusedUnread).toBe(0);
  });

  it('does not show as saved what the disk did not take', async () => {
    const { station, browser } = await enrolled();
    browser.journals = Object.assign(browser.journals as MemoryJournals, { failing: true });
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('Connection is closing.', 'UnknownError');
    });
    const outcome = await station.mutate(lampActs.light, { lampId: 'l1' });
    vi.restoreAllMocks();
    expect(outcome).toMatchObject({ refusal: { code: 'not-saved' } });
    expect(station.records(lamp).get('l1')?.lit).toBe(false);
    expect(station.status.unsent).toBe(0);
  });

  it('opens again without the centre, with everything it had', async () => {
    const parts = await enrolled();
    parts.centre.failing = { kind: 'no-answer' };
    await parts.station.mutate(lampActs.light, { lampId: 'l1' });
    const again = await parts.open();
    expect(again.phase.name).toBe('ready');
    expect(again.filling).toBeNull();
    expect(again.records(lamp).get('l1')?.lit).toBe(true);
    expect(again.status).toMatchObject({ unsent: 1, word: 'onPhone' });
  });

  it('pauses when it is not known any more, deletes nothing, and goes on after signing in', async () => {
    const { station, time, centre } = await enrolled();
    centre.failing = { kind: 'sign-in' };
    await station.mutate(lampActs.light, { lampId: 'l1' });
    await time.pass(1_000);
    await until(() => expect(station.status).toMatchObject({ needsSignIn: true, unsent: 1 }));
    const asked = centre.requests.length;
    await time.pass(600_000);
    expect(centre.requests).toHaveLength(asked);
    centre.failing = null;
    expect(await station.join('another')).toBe('done');
    await time.pass(0);
    await until(() => expect(station.status).toMatchObject({ needsSignIn: false, unsent: 0 }));
    expect(centre.taken.size).toBe(1);
  });

  it('takes its person’s unsent work along when it comes back as a new device, and nobody else’s', async () => {
    const { station, time, centre, browser } = await enrolled();
    centre.failing = { kind: 'sign-in' };
    await station.mutate(lampActs.light, { lampId: 'l1' });
    await time.pass(1_000);
    await until(() => expect(station.status.needsSignIn).toBe(true));
    const { join } = centre;
    const device = `${centre.device}-again`;
    centre.join = async () => {
      const { answer } = await join();
      return { kind: 'answer', answer: { ...answer, device, identity: { ...answer.identity, person: 'p2' } } };
    };
    expect(await station.join('stranger')).toEqual({ code: 'others-work' });
    expect(station.status.unsent).toBe(1);
    centre.join = join;
    centre.device = device;
    centre.failing = null;
    expect(await station.join('own')).toBe('done');
    await reached({ time }, station);
    expect([...centre.taken.values()]).toEqual([{ name: 'lamp.light', args: { lampId: 'l1' } }]);
    // What has moved must not be found in the old place after the next loss.
    expect([...(browser.journals?.files.keys() ?? [])]).toEqual([device]);
  });

  it('is not taken over while it belongs to somebody', async () => {
    const { station } = await enrolled();
    expect(await station.join('other')).toEqual({ code: 'belongs-to-somebody' });
  });
});

describe('leaving', () => {
  it('stays when another tab has saved something in the last moment', async () => {
    const { station: first, centre, open, time } = await enrolled();
    const second = await open();
    const { signOut } = centre;
    let late: unknown;
    centre.signOut = async () => {
      late = await second.mutate(lampActs.hang, { room: 'late' });
      return signOut();
    };
    const left = await first.signOut();
    // Either the other tab was told in time and took nothing, or nothing is deleted.
    if (late && typeof late === 'object' && 'saved' in late) {
      expect(left).toEqual({ code: 'unsent' });
      await reached({ time }, first);
      expect(centre.taken.size).toBe(1);
    } else expect(left).toBe('done');
  });

  it('is not undone by a store that was being healed', async () => {
    const { station, time, centre, open } = await enrolled();
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('Full.', 'UnknownError');
    });
    await station.mutate(lampActs.light, { lampId: 'l1' });
    void onTheirWay(time);
    await until(() => expect(station.status.keeping).toBe('troubled'));
    vi.restoreAllMocks();
    await healed(station, time);
    await reached({ time }, station);
    expect(await station.signOut()).toBe('done');
    for (let wait = 0; wait < 20; wait += 1) await time.pass(1_000);
    expect(await databaseExists(new StationDatabase(centre.device).name)).toBe(false);
    expect((await open()).phase.name).toBe('nobody');
  });

  it('waits for unsent work, then wipes the phone', async () => {
    const { station, time, centre, open, browser } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    await station.mutate(lampActs.light, { lampId: 'l1' });
    expect(await station.signOut()).toEqual({ code: 'unsent' });
    centre.failing = null;
    await reached({ time }, station);
    expect(await station.signOut()).toBe('done');
    expect(station.phase.name).toBe('nobody');
    expect(browser.canary.read()).toBeNull();
    expect(await databaseExists(new StationDatabase(centre.device).name)).toBe(false);
    expect((await open()).phase.name).toBe('nobody');
  });
});

describe('two tabs of one phone', () => {
  it('have one that talks to the centre, and show the same', async () => {
    const parts = await enrolled();
    const { station: first, time, centre } = parts;
    const second = await parts.open();
    centre.rows = [{ row: { id: 'l1', room: 'hall', lit: true }, version: 2 }];
    const asked = centre.requests.length;
    await second.mutate(lampActs.light, { lampId: 'l1' });
    await until(() => expect(first.records(lamp).get('l1')?.lit).toBe(true));
    expect(first.status.unsent).toBe(1);
    await time.pass(1_000);
    await until(() => expect(second.status).toMatchObject({ word: 'received', unsent: 0 }));
    expect(centre.requests).toHaveLength(asked + 1);
    expect(centre.taken.size).toBe(1);
  });

  it('go on when the leading one is closed', async () => {
    const parts = await enrolled();
    const { station: first, time, centre } = parts;
    const second = await parts.open();
    first.close();
    await time.pass(2_000);
    await second.mutate(lampActs.hang, { room: 'attic' });
    await reached({ time }, second);
    expect(centre.taken.size).toBe(1);
  });

  it('both end when one of them leaves', async () => {
    const parts = await enrolled();
    const second = await parts.open();
    await parts.station.signOut();
    await until(() => expect(second.phase.name).toBe('nobody'));
  });
});
