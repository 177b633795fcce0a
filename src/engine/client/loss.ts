import type { StoredEntry } from '../device-storage.ts';
import { bothFormer, formerAmong, formerNumbersOf } from '../former-numbers.ts';
import { bestTime, type FormerNumbers, type LostActs, type ToldLoss } from '../protocol.ts';
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
  return numbers.length > 0 ? { device, numbers, from, to, ...formerly(note.former, numbers) } : null;
}

/** What these numbers were called before, where it is known of any. */
function formerly(former: readonly FormerNumbers[] = [], numbers: Ranges): Pick<LostActs, 'former'> {
  const among = formerAmong(former, numbers);
  return among.length > 0 ? { former: among } : {};
}

/** What is left of a loss when these are held after all. */
function lossBeside({ former, ...one }: LostActs, held: readonly number[]): LostActs {
  const numbers = without(one.numbers, held);
  return { ...one, numbers, ...formerly(former, numbers) };
}

/**
 * Everything the centre is to be told: the losses of `before`, to which it has not answered, and what is missing now.
 * No number twice, and none that is held after all.
 */
export function lossesOf(
  note: CanaryNote | null,
  held: readonly number[],
  before: readonly LostActs[],
): readonly LostActs[] {
  const device = note?.device;
  const still = before
    .map((one) => (one.device === device ? lossBeside(one, held) : one))
    .filter(({ numbers }) => numbers.length > 0);
  const lost = lossOf(note, [...held, ...numbersIn(still, device)]);
  return lost ? [...still, lost] : still;
}

/** The numbers of one device in them. */
export function numbersIn(losses: readonly LostActs[], device: string | undefined): readonly number[] {
  return losses.flatMap((one) => (one.device === device ? numbersOf(one.numbers) : []));
}

/** Both lists of losses as one; the first says more of what both have. */
export function bothLosses<L extends LostActs>(some: readonly L[], others: readonly L[]): readonly L[] {
  const known = new Set(some.map(lossKey));
  return [...some, ...others.filter((one) => !known.has(lossKey(one)))];
}

const lossKey = ({ device, numbers }: LostActs): string => JSON.stringify([device, numbers]);

interface Known {
  readonly device: string;
  /** The note as it stands. */
  readonly before: CanaryNote | null;
  /** All acts this tab knows, and the unsent ones, in order. */
  readonly entries: readonly StoredEntry[];
  readonly unsent: readonly StoredEntry[];
  /** Numbers that are lost; true when the disk keeps that for the centre. */
  readonly lost: ReadonlyMap<number, boolean>;
  /** Losses the centre has not answered to, as this tab knows them. */
  readonly untold: readonly LostActs[];
  /** Those it has answered to. */
  readonly told: readonly ToldLoss[];
  /** The centre has just been told what is no longer in `untold`. */
  readonly answered: boolean;
}

/** What the note has to say now. Written with every act before that is called saved, so it costs no second pass. */
export function noteOf({ device, before, entries, unsent, lost, untold, told, answered }: Known): CanaryNote {
  const known = entries.at(-1)?.seq ?? 0;
  const noted = before?.device === device ? before : null;
  // Another tab may have saved what this one has not heard of yet.
  const others = numbersBeside(noted?.unsent ?? [], runsOf(entries)).filter((seq) => !lost.has(seq));
  const unkept = [...lost].filter(([, isKept]) => !isKept).map(([seq]) => seq);
  const own = runsOf(unsent);
  const more = [...others, ...unkept];
  const former = bothFormer(formerNumbersOf(unsent), formerAmong(noted?.former ?? [], rangesOf(more)));
  // Or have found a loss that this one has not read of.
  const losses = answered ? untold : bothLosses(untold, noted?.untold ?? []);
  const toldOnes = answered ? told : bothLosses(told, noted?.told ?? []);
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
    ...(former.length > 0 ? { former } : {}),
    ...(losses.length > 0 ? { untold: losses } : {}),
    ...(toldOnes.length > 0 ? { told: toldOnes } : {}),
  };
}

/** Numbers in some runs that are in none of the others, which are in order. */
function numbersBeside(some: Ranges, others: Ranges): number[] {
  const gaps: [number, number][] = [];
  for (const [first, last] of some) {
    let at = first;
    for (const [from, to] of others) {
      if (from > at) gaps.push([at, Math.min(last, from - 1)]);
      at = Math.max(at, to + 1);
      if (at > last) break;
    }
    if (at <= last) gaps.push([at, last]);
  }
  return numbersOf(gaps.filter(([from, to]) => from <= to));
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
