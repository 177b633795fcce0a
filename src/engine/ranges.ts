/** Whole numbers as ascending runs, the first and the last of each included. */
export type Ranges = readonly (readonly [number, number])[];

export function rangesOf(numbers: Iterable<number>): Ranges {
  const runs: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

export function countOf(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

export function numbersOf(ranges: Ranges): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
}

/** Those of the numbers that are not among `others`. */
export function without(ranges: Ranges, others: Iterable<number>): Ranges {
  const taken = new Set(others);
  return rangesOf(numbersOf(ranges).filter((number) => !taken.has(number)));
}

/** "3, 7–9", for people. */
export function rangesText(ranges: Ranges): string {
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
