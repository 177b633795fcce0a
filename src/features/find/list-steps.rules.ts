const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };

/**
 * The place in a list from 0 to `last` to which a key leads; null for a key that leads nowhere. One step beyond an end
 * comes out at the other, five steps stay there.
 */
export function placeAfter(key: string, place: number, last: number): number | null {
  const step = steps[key];
  if (step === undefined) return null;
  const to = Math.min(place, last) + step;
  if (Math.abs(step) > 1) return Math.max(0, Math.min(last, to));
  return to < 0 ? Math.max(last, 0) : to > last ? 0 : to;
}
