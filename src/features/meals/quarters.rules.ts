/** A tally at the counter or its correction. */
export interface Arrival {
  readonly id: string;
  readonly count: number;
  readonly at: number;
  readonly corrects: string | null;
}

const quarterMs = 15 * 60 * 1000;

/**
 * People by the quarter of an hour in which they were counted, oldest first, without holes. A correction belongs to the
 * quarter of what it corrects, however late it was made.
 */
export function quartersOf(
  arrivals: readonly Arrival[],
): readonly { readonly from: number; readonly people: number }[] {
  const timeOf = new Map(arrivals.map(({ id, at }) => [id, at]));
  const people = new Map<number, number>();
  for (const { count, at, corrects } of arrivals) {
    const happened = (corrects !== null && timeOf.get(corrects)) || at;
    const from = Math.floor(happened / quarterMs) * quarterMs;
    people.set(from, (people.get(from) ?? 0) + count);
  }
  const known = [...people.keys()];
  if (known.length === 0) return [];
  const [first, last] = [Math.min(...known), Math.max(...known)];
  return Array.from({ length: (last - first) / quarterMs + 1 }, (_, at) => {
    const from = first + at * quarterMs;
    return { from, people: people.get(from) ?? 0 };
  });
}

/** How many a tally stands for after its corrections. */
export function standsFor(tally: Arrival, all: readonly Arrival[]): number {
  return all.filter(({ corrects }) => corrects === tally.id).reduce((sum, { count }) => sum + count, tally.count);
}
