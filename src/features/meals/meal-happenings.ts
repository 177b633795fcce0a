import type { Reader } from '#engine/reader.ts';
import { startOf } from '#engine/calendar.ts';
import { m } from '#messages';
import { dateWords } from '#ui/format.ts';
import type { Happening } from '#ui/happening.ts';
import { mealVariant } from './kitchen.record.ts';
import { absenceWords, mealWords, modeWords } from './meal-words.ts';
import { absence, mealOrder, standingOrder } from './order.record.ts';

/** Those of the kinds that a device holds for some days only. */
export const mealKinds = [mealOrder] as const;

/** What was ordered, changed and reported about an elder's meals, for the history in their file. */
export function mealHappenings(tx: Reader, elderId: string): readonly Happening[] {
  const away = tx.where(absence, { elderId }).map((one): Happening => ({
    id: one.id,
    at: one.recordedAt,
    icon: one.reason === 'hospital' ? 'bed' : 'home',
    title: m.meals_happened_away({ why: absenceWords[one.reason]() }),
    text: [
      m.meals_from({ date: dateWords(one.from) }),
      one.to ? m.meals_to({ date: dateWords(one.to) }) : m.meals_end_unknown(),
      one.toldBy ? m.meals_asked_by({ who: one.toldBy }) : '',
      one.note ?? '',
    ]
      .filter(Boolean)
      .join(m.meals_comma()),
    kind: 'change',
  }));
  const days = tx.where(mealOrder, { elderId }).map((one): Happening => {
    const meal = { date: dateWords(one.date), meal: mealWords[one.meal]() };
    const box = tx.get(mealVariant, one.variantId)?.name ?? '';
    const asked = one.askedBy ? m.meals_asked_by({ who: one.askedBy }) : '';
    return {
      id: one.id,
      at: one.changedAt,
      icon: 'swap',
      title: one.state === 'cancelled' ? m.meals_happened_cancelled(meal) : m.meals_happened_ordered(meal),
      text: [one.state === 'cancelled' ? '' : `${modeWords[one.mode]()} ${box}`, asked, one.note ?? '']
        .filter(Boolean)
        .join(m.meals_comma()),
      kind: 'change',
    };
  });
  const standing = tx.where(standingOrder, { elderId }).map((one): Happening => ({
    id: one.id,
    at: startOf(one.from),
    wholeDay: true,
    icon: 'bowl',
    title: m.meals_happened_standing({ meal: mealWords[one.meal](), how: modeWords[one.mode]() }),
  }));
  return [...away, ...days, ...standing];
}
