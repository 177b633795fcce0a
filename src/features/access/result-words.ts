import type { AccessResult } from '#engine/client/station.svelte.ts';
import { m } from '#messages';

/** Words for what stood in the way of joining, signing in or signing out; '' when it is done. */
export function resultWords(result: AccessResult, refused: () => string): string {
  if (result === 'done') return '';
  if (result === 'no-answer') return m.access_no_answer();
  if (result === 'busy') return m.access_busy();
  if (result === 'sign-in') return refused();
  if (result.code === 'belongs-to-somebody') return m.access_belongs_to_somebody();
  if (result.code === 'cannot-store') return `${m.access_cannot_store()} ${m.access_cannot_store_text()}`;
  if (result.code === 'others-work') return m.access_others_work();
  return refused();
}
