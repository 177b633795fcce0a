import { m } from '#messages';

export type SectionId =
  'board' | 'people' | 'routes' | 'visits' | 'escorts' | 'canteen' | 'volunteers' | 'import' | 'more';

interface Section {
  readonly id: SectionId;
  readonly href: string;
  readonly label: () => string;
  readonly roles: readonly string[];
}

const all: readonly Section[] = [
  { id: 'board', href: '/office', label: m.frame_board, roles: ['coordinator', 'subdistrict'] },
  { id: 'people', href: '/office/people', label: m.frame_people, roles: ['coordinator', 'subdistrict'] },
  { id: 'routes', href: '/office/routes', label: m.frame_routes, roles: ['coordinator', 'subdistrict'] },
  { id: 'canteen', href: '/canteen', label: m.frame_canteen, roles: ['coordinator', 'subdistrict', 'canteen'] },
  { id: 'visits', href: '/office/visits', label: m.frame_visits, roles: ['coordinator', 'subdistrict'] },
  { id: 'escorts', href: '/office/escorts', label: m.frame_escorts, roles: ['coordinator', 'subdistrict'] },
  { id: 'volunteers', href: '/office/volunteers', label: m.frame_volunteers, roles: ['coordinator', 'subdistrict'] },
  { id: 'import', href: '/office/import', label: m.frame_import, roles: ['coordinator'] },
  { id: 'more', href: '/more', label: m.frame_more, roles: ['coordinator', 'subdistrict'] },
];

/** The sections a person with these roles works in, in the order of the day. */
export function sectionsFor(roles: readonly string[]): readonly Section[] {
  return all.filter((section) => section.roles.some((role) => roles.includes(role)));
}
