import { m } from '#messages';
import type { Due } from './due.rules.ts';

/** Where a visit stands, in a few words: "过了 12 天", "今天", "还有 2 天", "人不在，先停". */
export function dueWords({ state, daysOver }: Due): string {
  if (state === 'overdue') return m.visits_over_days({ n: daysOver });
  if (state === 'due') return m.visits_due_today();
  if (state === 'suspended') return m.visits_suspended();
  if (state === 'ended') return m.visits_ended();
  return m.visits_in_days({ n: -daysOver });
}

export const areaWords: Record<string, () => string> = {
  mood: m.visits_area_mood,
  walking: m.visits_area_walking,
  eating: m.visits_area_eating,
  hygiene: m.visits_area_hygiene,
  safety: m.visits_area_safety,
  family: m.visits_area_family,
};
export const findingWords: Record<string, () => string> = {
  usual: m.visits_finding_usual,
  better: m.visits_finding_better,
  worse: m.visits_finding_worse,
  urgent: m.visits_finding_urgent,
};
export const serviceWords: Record<string, () => string> = {
  talk: m.visits_service_talk,
  clean: m.visits_service_clean,
  cook: m.visits_service_cook,
  shop: m.visits_service_shop,
  medicine: m.visits_service_medicine,
  bills: m.visits_service_bills,
  haircut: m.visits_service_haircut,
  repair: m.visits_service_repair,
};
export const modeWords: Record<string, () => string> = {
  door: m.visits_mode_door,
  phone: m.visits_mode_phone,
  video: m.visits_mode_video,
};
