import type { StoredEntry } from '../device-storage.ts';
import { bestTime, type LostActs } from '../protocol.ts';
import { numbersOf, rangesOf, without, type Ranges } from '../ranges.ts';
import type { CanaryNote } from './canary.ts';

/**
 * Unsent acts that the note knows of and no home on this phone holds any more; null when there is none. The note must
 * have been read before the homes were: what another tab saves in between is in a home and not yet in the note.
 * Some of them may be with the centre already, which knows its own.
 */
export function lossOf(note: CanaryNote | null, held: Iterable<number>): LostActs | null {
  if (!note) return null;
  const { device, from, to } = note;
  const numbers = without(note.unsent, held);
  return numbers.length > 0 ? { device, numbers, from, to } : null;
}

interface Known {
  readonly device: string;
  /** The note as it stands. */
  readonly before: CanaryNote | null;
  /** All acts this tab knows, and the unsent ones, in order. */
  readonly entries: readonly StoredEntry[];
  readonly unsent: readonly StoredEntry[];
  /** Numbers that are lost; true when the disk keeps that for the centre. */
  readonly lost: ReadonlyMap<number, boolean>;
}

/** What the note has to say now. Written with every act before that is called saved, so it costs no second pass. */
export function noteOf({ device, before, entries, unsent, lost }: Known): CanaryNote {
  const known = entries.at(-1)?.seq ?? 0;
  const noted = before?.device === device ? before.unsent : [];
  // Another tab may have saved what this one has not heard of yet.
  const others = numbersOf(noted.filter(([, last]) => last > known)).filter((seq) => seq > known && !lost.has(seq));
  const untold = [...lost].filter(([, isKept]) => !isKept).map(([seq]) => seq);
  const own = runsOf(unsent);
  const more = [...others, ...untold];
  let [from, to] = [Infinity, -Infinity];
  for (const act of unsent) {
    const at = bestTime(act);
    if (at < from) from = at;
    if (at > to) to = at;
  }
  return {
    device,
    highestSeq: Math.max(before?.highestSeq ?? 0, known),
    unsent: more.length > 0 ? rangesOf([...numbersOf(own), ...more]) : own,
    from: unsent.length > 0 ? from : null,
    to: unsent.length > 0 ? to : null,
  };
}

/** The numbers of acts that are in order. */
function runsOf(acts: readonly StoredEntry[]): Ranges {
  const runs: [number, number][] = [];
  for (const { seq } of acts) {
    const last = runs.at(-1);
    if (last && last[1] === seq - 1) last[1] = seq;
    else runs.push([seq, seq]);
  }
  return runs;
}
