import { expect, it } from 'vitest';
import { play } from './world.ts';

/**
 * Seeds that once failed, each with what was wrong. A seed tells its story only as long as the world draws the same
 * things in the same order; whoever changes that puts the old mistake back for a moment and finds a new seed for it.
 * The world has drawn other things since these were found, and no new seeds were sought: for now they are runs like any
 * other, and the mistakes themselves are held by those planted in planted-phone.ts and planted-centre.ts.
 */
const found = [
  { seed: '1', wrong: 'a clock set ahead made the phone forget what the centre had just received' },
  { seed: '2', wrong: 'between two parts of an answer an act was missing from the screen or counted twice' },
  { seed: '142', wrong: 'two copies of a request with only refused acts were both taken' },
  { seed: '57', wrong: 'a restored centre judged a phone’s newest acts before the older ones it had lost' },
  { seed: '20', wrong: 'acts sent again to a restored centre were counted twice until they were judged' },
] as const;

it.each(found)('seed $seed: $wrong', async ({ seed }) => {
  expect((await play({ seed })).anomalies).toEqual([]);
});
