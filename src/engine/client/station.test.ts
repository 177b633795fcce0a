import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { Station } from './station.svelte.ts';
import { lamp, lampActs, lamps, MemoryCentre, settle, SharedBrowser, StoodTime, surroundings } from './testing.ts';

let phones = 0;

async function phone() {
  const centre = new MemoryCentre();
  centre.device = `station-test-${(phones += 1)}`;
  centre.rows = [{ row: { id: 'l1', room: 'hall', lit: false }, version: 1 }];
  const time = new StoodTime();
  const browser = new SharedBrowser();
  const open = async () => {
    const station = new Station();
    await station.start({ registry: lamps, server: centre, around: surroundings(time, browser) });
    return station;
  };
  return { centre, time, browser, open };
}

async function enrolled() {
  const parts = await phone();
  const station = await parts.open();
  await station.join('token');
  await settle();
  await parts.time.pass(0);
  return { ...parts, station };
}

describe('a phone', () => {
  it('is nobody’s first, and fills itself after joining', async () => {
    const { open, time } = await phone();
    const station = await open();
    expect(station.phase.name).toBe('nobody');
    expect(await station.join('token')).toBe('done');
    expect(station.phase.name).toBe('ready');
    expect(station.filling).toEqual({ rows: 0 });
    await settle();
    await time.pass(0);
    expect(station.filling).toBeNull();
    expect(station.who.person).toBe('p1');
    expect(station.records(lamp).where({ room: 'hall' })).toHaveLength(1);
    expect(station.status.word).toBe('received');
  });

  it('says 在本机 until the centre’s verdict covers the act', async () => {
    const { station, time, centre } = await enrolled();
    centre.failing = { kind: 'no-answer' };
    expect(station.can(lampActs.light, { lampId: 'l1' })).toBe(true);
    expect(await station.mutate(lampActs.light, { lampId: 'l1' })).toHaveProperty('saved');
    expect(station.records(lamp).get('l1')?.lit).toBe(true);
    await time.pass(1_000);
    expect(station.status).toMatchObject({ word: 'onPhone', unsent: 1 });
    centre.failing = null;
    centre.rows = [{ row: { id: 'l1', room: 'hall', lit: true }, version: 2 }];
    station.lookNow();
    await time.pass(0);
    expect(station.status).toMatchObject({ word: 'received', unsent: 0 });
    expect(centre.taken.size).toBe(1);
  });
});
