import type { Words } from '#engine/field.ts';
import { m } from '#messages';
import type { SavedView } from './saved-view.record.ts';

/** The lists that keep questions, and where they are. */
export const viewLists = {
  people: { path: '/office/people', label: (() => m.frame_people()) as Words },
  volunteers: { path: '/office/volunteers', label: (() => m.frame_volunteers()) as Words },
  visits: { path: '/office/visits', label: (() => m.frame_visits()) as Words },
} as const;
export type ViewList = keyof typeof viewLists;

/** The address of a kept question: it stays the same when it is named or asked anew. */
export function viewPath({ id, list }: Pick<SavedView, 'id' | 'list'>): string {
  const path = viewLists[list as ViewList]?.path ?? viewLists.people.path;
  return `${path}?view=${encodeURIComponent(id)}`;
}

/** Those of one list, or of all, in their order. */
export function inOrder(views: readonly SavedView[], list?: ViewList): readonly SavedView[] {
  return views
    .filter((view) => (list === undefined ? view.list in viewLists : view.list === list))
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}
