/** Seeds `from` to `to` in bundles, each to be one test: [first, last]. */
export function bundles(from: number, to: number, size = 10): readonly (readonly [number, number])[] {
  const count = Math.ceil((to - from + 1) / size);
  return Array.from({ length: count }, (_none, at) => {
    const first = from + at * size;
    return [first, Math.min(to, first + size - 1)] as const;
  });
}

/** The seed in which something is known to show, then others: what a world draws changes with the code it runs. */
export function seedsFrom(known: string, others: number): readonly string[] {
  return [known, ...Array.from({ length: others }, (_none, at) => `${at + 1}`)];
}
