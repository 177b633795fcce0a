import { m } from '#messages';
import { portionsBehind, type Counted, type Figure, type Portion } from './headcount.rules.ts';
import type { Behind } from './names-sheet.svelte';

/** The people behind a figure of the sheet: who asked for a change, and who came after the cut-off. */
export function namesBehind(
  portions: readonly Portion[],
  counted: readonly Counted[],
  figure: Figure,
): readonly Behind[] {
  const byElder = new Map(counted.map((one) => [one.elderId, one]));
  return portionsBehind(portions, figure).map(({ elderId }): Behind => {
    const one = byElder.get(elderId);
    if (!one?.late) return one?.askedBy ? { elderId, note: one.askedBy } : { elderId };
    return { elderId, heed: true, note: m.meals_late() };
  });
}
