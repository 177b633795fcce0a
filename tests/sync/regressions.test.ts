import { describe, expect, it } from 'vitest';
import { atTheCentre } from './planted-centre.ts';
import { onThePhone } from './planted-phone.ts';
import { rough, type Planted } from './planted.ts';
import { seedsFrom } from './ranges.ts';
import { play, type WorldOptions } from './world.ts';

/**
 * What once went wrong and was mended. Beside each bug stand the mistake that brings it back, and the smallest seed and
 * the shortest run found in which it shows: without the mistake the same run is clean. A change of what the world draws
 * takes a seed its story; then others are tried, and the one that tells it should be put in its place.
 */
const mended = [
  {
    bug: 'a clock set ahead made the phone forget what the centre had just received',
    mistake: 'the phone measures the age of what it keeps by a clock that jumps',
    seed: '1',
    steps: 20,
  },
  {
    bug: 'between two parts of an answer an act was missing from the screen or counted twice',
    mistake: 'the phone writes verdicts before the rows that belong to them',
    seed: '30',
    steps: 80,
  },
  {
    bug: 'two copies of one request were both taken',
    mistake: 'the server knows no act again',
    seed: '10',
    steps: 20,
  },
  {
    bug: 'a restored centre judged a phone’s newest acts before the older ones it had lost',
    mistake: 'the restored server judges what phones send it before they know that it was restored',
    seed: '87',
    steps: 40,
  },
  {
    bug: 'acts sent again to a restored centre were counted twice until they were judged',
    mistake: 'the phone keeps what it held when it is filled anew',
    seed: '1',
    steps: 80,
  },
  {
    bug: 'a sensitive value that was replaced stayed on the disk',
    mistake: 'the phone does not rewrite its pages after a removal',
    seed: '5',
    steps: 20,
  },
  {
    bug: 'work that a new device handed in again was called refused',
    mistake: 'the server takes what a new device hands in again for somebody else’s act',
    seed: '8',
    steps: 40,
  },
  {
    bug: 'acts were shown twice while their verdict was in another request',
    mistake: 'the server says nothing of acts that stayed behind and whose answer was lost',
    seed: '37',
    steps: 80,
  },
  {
    bug: 'an alarm overtook the note it stands on',
    mistake: 'the phone sends an urgent act without those it stands on',
    seed: '1',
    steps: 20,
  },
  {
    bug: 'fields were missing after an update of the app',
    mistake: 'a new version of the app takes the pages of the old one for its own',
    seed: '16',
    steps: 40,
  },
  {
    bug: 'a loss that was not told yet was forgotten when the store was emptied once more',
    mistake: 'the phone forgets a loss that is not told when its store is emptied once more',
    seed: '18',
    steps: 40,
  },
  {
    bug: 'an act that the centre had from a former device, and that moved along unsent, was told as lost',
    mistake: 'the phone forgets what its acts were called before it became a new device',
    seed: '5',
    steps: 40,
  },
  {
    bug: 'who signed in again as a new device left unsent work behind',
    mistake: 'the phone leaves its unsent acts behind when its person signs in anew',
    seed: '4',
    steps: 20,
  },
] as const;

function plantOf(mistake: string): Planted {
  const found = [...onThePhone, ...atTheCentre].find((one) => one.mistake === mistake);
  if (!found) throw new Error(`Nobody plants "${mistake}".`);
  return found;
}

/** The first seed in which the mistake is caught. */
async function caughtIn(story: Omit<WorldOptions, 'seed'>, { breaks, flaws }: Planted, known: string): Promise<string> {
  for (const seed of seedsFrom(known, 40)) {
    const { anomalies } = await play({ ...story, seed, flaws: flaws() });
    if (anomalies.some(({ rule }) => rule === breaks)) return seed;
  }
  throw new Error(`Nothing breaks "${breaks}" any more.`);
}

describe('mended, and found again when the mistake comes back', () => {
  it.each(mended)(
    '$bug',
    async ({ mistake, seed: known, steps }) => {
      const plant = plantOf(mistake);
      const profile = { ...rough, ...plant.profile };
      const story = { steps, entered: 12, profile, rot: plant.rot ?? false };
      const seed = await caughtIn(story, plant, known);
      expect({ seed, anomalies: (await play({ ...story, seed })).anomalies }).toEqual({ seed, anomalies: [] });
    },
    60_000,
  );
});
