import type { NotSeen, PhotoProblem } from '#engine/client/station-photos.svelte.ts';
import { m } from '#messages';

/** Why a photo was not kept: what happened, and what is safe and next. */
export const problemWords: Readonly<Record<PhotoProblem, { title: () => string; text: () => string }>> = {
  full: { title: m.photos_full, text: m.photos_full_text },
  unreadable: { title: m.photos_unreadable, text: m.photos_unreadable_text },
  'too-many': { title: m.photos_too_many, text: m.photos_too_many_text },
};

/** Why a photo is not shown. */
export const notSeenWords: Readonly<Record<NotSeen, () => string>> = {
  offline: m.photos_offline,
  'not-yet-here': m.photos_not_yet_here,
  'not-here': m.photos_not_here,
};
