import type { FormerName, NewEntry, Origin } from './device-storage.ts';
import { formerDevicesMax } from './limits.ts';
import type { FormerNumbers } from './protocol.ts';
import { numbersOf, type Ranges } from './ranges.ts';

/** An act as a new device of the same person takes it over from `device`: what it was called there goes along. */
export function movedFrom(device: string, act: NewEntry & { readonly seq: number }): NewEntry {
  const { id, name, version, args, claimedAt, serverTime, sinceServer, offset } = act;
  const former: readonly FormerName[] = [...(act.former ?? []), { device, seq: act.seq }];
  const wire = { id, name, version, args, claimedAt, serverTime, sinceServer, offset };
  return { ...wire, former: former.slice(-formerDevicesMax) };
}

export type FormerRun = FormerNumbers['runs'][number];

/** Whether a value is one run whose numbers can all be counted. */
export function isFormerRun(value: unknown): value is FormerRun {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [now, then, count] = value as readonly number[] as FormerRun;
  return [now, then, count, now + count, then + count].every((number) => Number.isSafeInteger(number) && number > 0);
}

/** How many names there are in runs. */
export const namesIn = (runs: readonly FormerRun[]): number => runs.reduce((sum, [, , count]) => sum + count, 0);

/** What those of the acts that moved were called before, each device once. */
export function formerNumbersOf(acts: Iterable<Origin & { readonly seq: number }>): readonly FormerNumbers[] {
  const names = new Names();
  for (const { seq, former } of acts)
    if (former) for (const { device, seq: then } of former) names.add(device, seq, then);
  return names.inRuns();
}

/** The same for some of the numbers only; also brings runs into order that were noted in none. */
export function formerAmong(former: readonly FormerNumbers[], numbers: Ranges): readonly FormerNumbers[] {
  if (former.length === 0) return former;
  const wanted = new Set(numbersOf(numbers));
  const names = new Names();
  for (const [device, now, then] of formerNames(former)) if (wanted.has(now)) names.add(device, now, then);
  return names.inRuns();
}

/** What is known from two sides. */
export function bothFormer(some: readonly FormerNumbers[], others: readonly FormerNumbers[]): readonly FormerNumbers[] {
  if (others.length === 0) return some;
  const names = new Names();
  for (const [device, now, then] of formerNames([...some, ...others])) names.add(device, now, then);
  return names.inRuns();
}

/** One by one: on `device` the act that has the number `now` had the number `then`. */
export function* formerNames(
  former: readonly FormerNumbers[],
): Iterable<readonly [device: string, now: number, then: number]> {
  for (const { device, runs } of former)
    for (const [now, then, count] of runs) for (let at = 0; at < count; at += 1) yield [device, now + at, then + at];
}

class Names {
  readonly #thenByNow = new Map<string, Map<number, number>>();

  add(device: string, now: number, then: number): void {
    const known = this.#thenByNow.get(device) ?? new Map<number, number>();
    this.#thenByNow.set(device, known.set(now, then));
  }

  inRuns(): readonly FormerNumbers[] {
    return [...this.#thenByNow].slice(0, formerDevicesMax).map(([device, names]) => ({ device, runs: runsOf(names) }));
  }
}

function runsOf(names: ReadonlyMap<number, number>): FormerNumbers['runs'] {
  const runs: [now: number, then: number, count: number][] = [];
  for (const [now, then] of [...names].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && now === last[0] + last[2] && then === last[1] + last[2]) last[2] += 1;
    else runs.push([now, then, 1]);
  }
  return runs;
}
