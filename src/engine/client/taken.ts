import type { StorageCommit } from '../device-storage.ts';
import { numbersOf, rangesOf } from '../ranges.ts';

/**
 * Acts that the centre has taken: when (its time, ms), and the first and the last number of a run. They stand beside the
 * facts, so that a day's verdicts are one small value and not a row for each act. Whoever does not know them (an older
 * app) finds the acts unsent and sends them once more; the centre takes each once.
 */
export type Taken = readonly (readonly [receivedAt: number, from: number, to: number])[];

/** What is taken after this commit. */
export function takenAfter(before: Taken, { judged, unsentAgain, forget }: StorageCommit): Taken {
  const gone = new Set([...unsentAgain, ...forget]);
  const kept = gone.size === 0 ? before : before.flatMap((run) => withoutGone(run, gone));
  const byTime = new Map<number, number[]>();
  for (const { seq, state } of judged) {
    if (state.state !== 'received') continue;
    const known = byTime.get(state.receivedAt);
    if (known) known.push(seq);
    else byTime.set(state.receivedAt, [seq]);
  }
  const added = [...byTime].flatMap(([at, seqs]) => rangesOf(seqs).map(([from, to]) => [at, from, to] as const));
  return [...kept, ...added];
}

/** When each act was taken, by its number. */
export function takenTimes(taken: Taken): ReadonlyMap<number, number> {
  return new Map(taken.flatMap(([at, from, to]) => numbersOf([[from, to]]).map((seq) => [seq, at] as const)));
}

function withoutGone([at, from, to]: Taken[number], gone: ReadonlySet<number>): Taken {
  const left = numbersOf([[from, to]]).filter((seq) => !gone.has(seq));
  return rangesOf(left).map(([first, last]) => [at, first, last] as const);
}
