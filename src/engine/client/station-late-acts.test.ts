import { describe, expect, it } from 'vitest';
import { registryOf } from '../registry.ts';
import type { LateDeclarations } from './late-acts.ts';
import { Station } from './station.svelte.ts';
import { freshDisks, phone, reached } from './testing-station.ts';
import { lamp, lampActs, surroundings, until } from './testing.ts';

freshDisks();

/** A phone whose tabs know `hang` at once and `light` late; every tab has declarations of its own. */
function lateOn(role: string) {
  const { centre, time, browser } = phone();
  const seen = { loads: 0, failing: false };
  const late: LateDeclarations = {
    roles: [role],
    load: async () => {
      seen.loads += 1;
      if (seen.failing) throw new TypeError('Failed to fetch dynamically imported module');
      return [{ late: { light: lampActs.light } }];
    },
  };
  const open = async () => {
    const station = new Station();
    const registry = registryOf([{ lamp, acts: { hang: lampActs.hang } }]);
    await station.start({ registry, server: centre, around: surroundings(time, browser), late });
    return station;
  };
  const joined = async () => {
    const station = await open();
    await station.join('token');
    await reached({ time }, station);
    // From here on everything stays on the phone.
    centre.failing = { kind: 'no-answer' };
    return station;
  };
  return { seen, open, joined };
}

const light = (station: Station) => station.mutate(lampActs.light, { lampId: 'l1' });
const isLit = (station: Station) => station.records(lamp).get('l1')?.lit;

describe('acts that are declared late', () => {
  it('are there before the first page of whoever may do them', async () => {
    const { seen, joined, open } = lateOn('keeper');
    (await joined()).close();
    const station = await open();
    expect([station.phase.name, station.atDesk, seen.loads]).toEqual(['ready', true, 2]);
    expect(station.labelOf({ name: lampActs.light.name })).toBe(lampActs.light.label());
  });

  it('are not fetched by anybody else, until one is met', async () => {
    const { seen, joined, open } = lateOn('chief');
    const station = await joined();
    expect([station.atDesk, seen.loads]).toEqual([false, 0]);
    expect(await light(station)).toHaveProperty('saved');
    expect([isLit(station), seen.loads]).toEqual([true, 1]);
    station.close();
    // It lies unsent on this phone, so the next start brings it before anything is shown.
    const again = await open();
    expect([again.phase.name, isLit(again), again.atDesk]).toEqual(['ready', true, true]);
  });

  it('are shown in a tab that hears of one from another tab', async () => {
    const { joined, open } = lateOn('chief');
    const station = await joined();
    const other = await open();
    expect(isLit(other)).toBe(false);
    await light(station);
    await until(() => expect(isLit(other)).toBe(true));
  });

  it('that cannot be fetched are refused, or kept without effect until they can', async () => {
    const { seen, joined, open } = lateOn('chief');
    const station = await joined();
    seen.failing = true;
    expect(await light(station)).toMatchObject({ refusal: { code: 'unknown-act' } });
    seen.failing = false;
    await light(station);
    station.close();
    seen.failing = true;
    const again = await open();
    expect([again.phase.name, isLit(again), again.status.unsent]).toEqual(['ready', false, 1]);
    seen.failing = false;
    await again.mutate(lampActs.hang, { room: 'attic' });
    await until(() => expect(isLit(again)).toBe(true));
    expect(again.status.unsent).toBe(2);
  });
});
