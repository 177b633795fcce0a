import { station } from '#engine/client/station.svelte.ts';
import { elderFileActs } from '#features/people/elder-file.desk.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { actsAbove, formPath, listPath, offeredKinds } from '#features/records/public.ts';
import { savedView } from '#features/views/saved-view.record.ts';
import { viewLists, viewPath, viewsInOrder, type ViewList } from '#features/views/public.ts';
import { m } from '#messages';

/** A page, or an act that somebody may do from a page. */
export interface Command {
  readonly sort: 'page' | 'act';
  readonly href: string;
  readonly label: string;
  /** Whom an act is about; which list a kept question is asked of. */
  readonly note?: string;
}

export interface Section {
  readonly href: string;
  readonly label: string;
}

/** Reactive: what this person may open and do now: first what is about the opened file, then the rest. */
export function commandsHere(sections: readonly Section[], elderId: string | undefined): readonly Command[] {
  return [...(elderId === undefined ? [] : actsInFile(elderId)), ...actsAnywhere(), ...pages(sections)];
}

const formsOfFile = [
  { id: 'diet', label: m.people_act_change_diet },
  { id: 'contacts', label: m.people_act_set_contacts },
  { id: 'access', label: m.people_act_set_access },
  { id: 'correct', label: m.people_act_correct },
  { id: 'move', label: m.people_act_move },
] as const;

function actsInFile(elderId: string): Command[] {
  const who = station.records(elder).get(elderId);
  if (!who || !station.can(elderFileActs.pause, { elderId })) return [];
  const act = (id: string, label: string): Command => ({
    sort: 'act',
    href: `/office/people/${elderId}?do=${id}`,
    label,
    note: who.name,
  });
  const forms = formsOfFile.map(({ id, label }) => act(id, label()));
  return who.status === 'active' ? [...forms, act('end', m.people_act_end_file())] : forms;
}

function actsAnywhere(): Command[] {
  const act = (href: string, label: string): Command => ({ sort: 'act', href, label });
  const ofKinds = offeredKinds().flatMap((kind) => actsAbove(kind).map((one) => act(formPath(one), one.label())));
  if (!station.who.roles.includes('coordinator')) return ofKinds;
  return [
    act('/office/people?do=register', m.people_act_register()),
    act('/office/visits?do=arrange', m.visits_plan_arrange()),
    act('/office/volunteers?do=register', m.people_new_person()),
    act('/office/routes/standing', m.routes_act_create()),
    ...ofKinds,
  ];
}

function pages(sections: readonly Section[]): Command[] {
  const page = (href: string, label: string): Command => ({ sort: 'page', href, label });
  const has = (href: string): boolean => sections.some((one) => one.href === href);
  return [
    ...keptLists().filter(({ href }) => has(href.split('?')[0] ?? '')),
    ...sections.map(({ href, label }) => page(href, label)),
    ...(has('/office/routes') ? [page('/office/routes/standing', m.routes_standing())] : []),
    ...(has('/canteen') ? [page('/canteen/dine-in', m.meals_dine_in_counter())] : []),
    ...(has('/office') ? [page('/office/review', m.review_title())] : []),
    ...offeredKinds().map((kind) => page(listPath(kind.name), kind.label?.() ?? kind.name)),
    page('/me', m.frame_me()),
  ];
}

function keptLists(): Command[] {
  const views = viewsInOrder(station.records(savedView).where({ person: station.who.person }));
  return views.map((view) => ({
    sort: 'page',
    href: viewPath(view),
    label: view.name,
    note: m.find_kept_list({ where: viewLists[view.list as ViewList].label() }),
  }));
}
