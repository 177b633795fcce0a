import type { Reader } from '#engine/reader.ts';
import { foodWord } from '#features/people/public.ts';
import { m } from '#messages';
import { joinList } from '#ui/format.ts';
import { allergensOf } from '../stop-view.ts';

/** What this elder must not eat, as it is said at the door: "过敏：鸡蛋、牛奶"; '' when nothing is known. */
export function allergyWords(reader: Reader, elderId: string): string {
  const foods = allergensOf(reader, elderId).map(foodWord);
  return foods.length === 0 ? '' : m.routes_allergy({ what: joinList(foods) });
}
