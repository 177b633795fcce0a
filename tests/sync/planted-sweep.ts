import type { StationStore, WriteBatch } from '#server/exchange/store.ts';
import type { Flaws, Planted } from './planted.ts';

/** Writes the effects in one transaction and the verdicts in a second one behind it. */
function twoTransactions(): Flaws {
  const store = (inner: StationStore): StationStore => ({
    glance: (station, device) => inner.glance(station, device),
    async transaction(station, mode, work) {
      let later: WriteBatch | null = null;
      const result = await inner.transaction(station, mode, (tx) =>
        work({
          ...tx,
          write: async (batch) => {
            await tx.write({ ...batch, acts: [], clashes: [] });
            later = { ...batch, rows: [] };
          },
        }),
      );
      if (later !== null) {
        const verdicts: WriteBatch = later;
        await inner.transaction(station, mode, async (tx) => {
          await tx.lockClock();
          await tx.write(verdicts);
        });
      }
      return result;
    },
  });
  return { station: { store } };
}

interface PlantedForCalls extends Planted {
  readonly seed: string;
  /** Where it shows. */
  readonly only: 'disk' | 'server';
}

/** Mistakes that do no harm as long as every storage call succeeds. */
export const whenACallFails: readonly PlantedForCalls[] = [
  {
    mistake: 'the phone takes an answer for written whatever the disk said',
    breaks: 'holds what it may',
    seed: '3',
    only: 'disk',
    flaws: () => ({ disk: { deaf: true } }),
  },
  {
    mistake: 'the centre writes verdicts in a transaction behind that of the effects',
    breaks: 'nothing applied twice',
    seed: '4',
    only: 'server',
    flaws: twoTransactions,
  },
];
