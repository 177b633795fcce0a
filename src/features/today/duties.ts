import type { Due } from '#features/visits/public.ts';

export type DutyId = 'routes' | 'visits' | 'escorts' | 'canteen' | 'office';

/** Which parts of a start page a person's roles ask for, in the order in which a day runs. */
export function dutiesFor(roles: readonly string[]): readonly DutyId[] {
  const has = (...wanted: string[]): boolean => wanted.some((role) => roles.includes(role));
  const duties: [DutyId, boolean][] = [
    ['routes', has('deliverer')],
    ['escorts', has('escort')],
    ['visits', has('visitor')],
    ['canteen', has('canteen')],
    ['office', has('coordinator', 'subdistrict')],
  ];
  return duties.filter(([, wanted]) => wanted).map(([id]) => id);
}

/** Where a person with a single desk duty goes at once; field people and people with several hats get the list. */
export function deskOf(roles: readonly string[]): '/office' | '/canteen' | null {
  const duties = dutiesFor(roles);
  if (duties.length !== 1) return null;
  return duties[0] === 'office' ? '/office' : duties[0] === 'canteen' ? '/canteen' : null;
}

/** How many look-ins wait today and how many are past their day. */
export function visitCounts(due: readonly Due[]): { readonly now: number; readonly overdue: number } {
  const waiting = due.filter(({ state }: Due) => state === 'due' || state === 'overdue');
  return { now: waiting.length, overdue: waiting.filter(({ state }) => state === 'overdue').length };
}
