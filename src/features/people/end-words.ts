import { m } from '#messages';
import type { endReasons } from './elder.record.ts';

/** Why a file ended, in words. */
export const endWords: Readonly<Record<(typeof endReasons)[number], () => string>> = {
  died: m.people_end_died,
  moved: m.people_end_moved,
  institution: m.people_end_institution,
  declined: m.people_end_declined,
};
