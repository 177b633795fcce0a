import { expect, it } from 'vitest';
import { rough } from '../sync/planted.ts';
import type { Profile } from '../sync/profile.ts';
import { play } from '../sync/world.ts';

/** Few and short enough to be run for every mutant, and between them every kind of trouble. */
const stories: readonly (readonly [seed: string, steps: number, profile: Partial<Profile>])[] = [
  ['1', 80, { restore: 0, revoke: 0, wipe: 0, actsPerRequest: 500, pageSize: 2000 }],
  ['2', 100, { pageSize: 2, actsPerRequest: 2, upgrade: true }],
  ['3', 100, { restore: 0.03, revoke: 0, longPause: 0.01, pageSize: 5 }],
  ['4', 100, { wipe: 0.02, revoke: 0.02, restore: 0, roleChange: 0.03 }],
  ['5', 100, { secondTab: 0.2, crash: 0.05, diskLies: 0.01, tabsKnowEachOther: true }],
  ['6', 100, { pokes: true, busy: 0.1, serverFails: 0.02, pageSize: 2000, roleChange: 0.03 }],
  ['7', 100, { wipe: 0.03, loseActs: 0.05, noteGoes: 0, exchange: 0.3, revoke: 0, secondTab: 0.1 }],
  ['8', 100, { restore: 0.05, exchange: 0.25, actsPerRequest: 2, loseAnswer: 0.5, longPause: 0, revoke: 0 }],
];

it.each(stories)('seed %s', async (seed, steps, profile) => {
  const { anomalies } = await play({ seed, steps, entered: 16, profile: { ...rough, ...profile } });
  expect(anomalies).toEqual([]);
});
