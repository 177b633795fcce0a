/** Seeds `from` to `to` in bundles, each to be one test: [first, last]. */
export function bundles(from: number, to: number, size = 10): readonly (readonly [number, number])[] {
  const count = Math.ceil((to - from + 1) / size);
  return Array.from({ length: count }, (_none, at) => {
    const first = from + at * size;
    return [first, Math.min(to, first + size - 1)] as const;
  });
}
