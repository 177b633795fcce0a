import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFacts, type StorageCommit } from '../device-storage.ts';
import { takenAfter, takenTimes, type Taken } from './taken.ts';

const seqs = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 10 });
const step = fc.record({ received: seqs, refused: seqs, unsentAgain: seqs, forget: seqs });

describe('acts that the centre has taken', () => {
  it('are those it has said so of, and not those that are unsent again or forgotten', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let taken: Taken = [];
        const known = new Map<number, number>();
        for (const [at, { received, refused, unsentAgain, forget }] of steps.entries()) {
          // What is judged was unsent; nothing is judged and taken back at once.
          const fresh = received.filter((seq) => !known.has(seq) && ![...unsentAgain, ...forget].includes(seq));
          const judged: StorageCommit['judged'] = [
            ...fresh.map((seq) => ({ seq, state: { state: 'received', receivedAt: at } as const })),
            ...refused.map((seq) => ({
              seq,
              state: { state: 'refused', code: 'x', receivedAt: at, read: false } as const,
            })),
          ];
          taken = takenAfter(taken, { facts: noFacts, reset: false, page: null, judged, unsentAgain, forget });
          for (const seq of [...unsentAgain, ...forget]) known.delete(seq);
          for (const seq of fresh) known.set(seq, at);
          expect(new Map([...takenTimes(taken)].sort())).toEqual(new Map([...known].sort()));
        }
      }),
    );
  });

  it('stand as one run where their numbers follow each other', () => {
    const received = { state: 'received', receivedAt: 7 } as const;
    const judged = [4, 2, 3, 9].map((seq) => ({ seq, state: received }));
    const commit = { facts: noFacts, reset: false, page: null, judged, unsentAgain: [], forget: [] };
    expect(takenAfter([], commit)).toEqual([
      [7, 2, 4],
      [7, 9, 9],
    ]);
  });
});
