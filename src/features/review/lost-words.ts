import { m } from '#messages';
import { momentWords } from '#ui/format.ts';
import type { LostWork } from './lost-work.record.ts';

/** Between which times the lost acts were done, as far as the phone knew. */
export function lostWhen({ from, to }: LostWork, now: number): string {
  if (from === null || to === null) return m.review_lost_when_unknown();
  const [first, last] = [momentWords(from, now), momentWords(to, now)];
  return first === last ? m.review_lost_about({ time: first }) : m.review_lost_between({ from: first, to: last });
}
