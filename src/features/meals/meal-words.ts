import type { Words } from '#engine/field.ts';
import { m } from '#messages';
import type { ExclusionReason } from './count.record.ts';
import type { Meal } from './kitchen.record.ts';
import type { AbsenceReason } from './absence.rules.ts';
import type { MealMode } from './order.record.ts';

export const mealWords: Readonly<Record<Meal, Words>> = {
  breakfast: () => m.meals_breakfast(),
  lunch: () => m.meals_lunch(),
  dinner: () => m.meals_dinner(),
};

export const modeWords: Readonly<Record<MealMode, Words>> = {
  delivery: () => m.meals_delivery(),
  dineIn: () => m.meals_dine_in(),
};

export const absenceWords: Readonly<Record<AbsenceReason, Words>> = {
  hospital: () => m.meals_reason_hospital(),
  family: () => m.meals_reason_family(),
  travel: () => m.meals_reason_travel(),
  moved: () => m.meals_reason_moved(),
  died: () => m.meals_reason_died(),
  other: () => m.meals_reason_other(),
};

export const exclusionWords: Readonly<Record<ExclusionReason | 'noOrder', Words>> = {
  ...absenceWords,
  fileEnded: () => m.meals_reason_file_ended(),
  paused: () => m.meals_reason_paused(),
  cancelled: () => m.meals_reason_cancelled(),
  noOrder: () => m.meals_reason_no_order(),
};

const weekdayNames: Readonly<Record<string, Words>> = {
  1: () => m.meals_monday(),
  2: () => m.meals_tuesday(),
  3: () => m.meals_wednesday(),
  4: () => m.meals_thursday(),
  5: () => m.meals_friday(),
  6: () => m.meals_saturday(),
  7: () => m.meals_sunday(),
};

export const weekdayOptions = (['1', '2', '3', '4', '5', '6', '7'] as const).map((id) => ({
  id,
  label: () => weekdayNames[id]?.() ?? id,
}));

/** "每天", "周一至周五", "周一、周三". */
export function weekdaysWords(weekdays: readonly string[]): string {
  const days = [...weekdays].sort();
  if (days.length === 7) return m.meals_every_day();
  const name = (day: string | undefined) => weekdayNames[day ?? '']?.() ?? '';
  const unbroken = days.every((day, at) => at === 0 || Number(day) === Number(days[at - 1]) + 1);
  if (days.length > 2 && unbroken) return m.meals_day_to_day({ from: name(days[0]), to: name(days.at(-1)) });
  return days.map(name).join(m.meals_day_separator());
}
