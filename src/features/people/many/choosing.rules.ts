/**
 * Who is chosen in a list, to do one thing to all of them. A choice is kept while the list is asked something else, so
 * that people can be gathered from several questions; who of them is not listed just now is always told.
 */
export interface Chosen {
  readonly ids: ReadonlySet<string>;
  /** The one that was chosen or let go last by itself: a range begins there. */
  readonly anchor: string | null;
}

export const nobody: Chosen = { ids: new Set(), anchor: null };

/** Chooses one, or lets it go. */
export function toggled({ ids }: Chosen, id: string): Chosen {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Everybody listed from the anchor to this one becomes what the anchor is: chosen, or let go. */
export function reached(chosen: Chosen, listed: readonly string[], id: string): Chosen {
  const from = chosen.anchor === null ? -1 : listed.indexOf(chosen.anchor);
  const to = listed.indexOf(id);
  if (chosen.anchor === null || from === -1 || to === -1) return toggled(chosen, id);
  const next = new Set(chosen.ids);
  const choosing = next.has(chosen.anchor);
  for (const one of listed.slice(Math.min(from, to), Math.max(from, to) + 1))
    if (choosing) next.add(one);
    else next.delete(one);
  return { ids: next, anchor: chosen.anchor };
}

/** All that are listed; when they are chosen already, none of them. Who is chosen and not listed stays chosen. */
export function allOrNone({ ids }: Chosen, listed: readonly string[]): Chosen {
  const next = new Set(ids);
  if (allChosen({ ids }, listed)) for (const id of listed) next.delete(id);
  else for (const id of listed) next.add(id);
  return { ids: next, anchor: null };
}

export function allChosen({ ids }: Pick<Chosen, 'ids'>, listed: readonly string[]): boolean {
  return listed.length > 0 && listed.every((id) => ids.has(id));
}

/** Those of the chosen for whom this holds: who has left the register is not acted upon. */
export function only({ ids, anchor }: Chosen, holds: (id: string) => boolean): Chosen {
  return { ids: new Set([...ids].filter(holds)), anchor };
}

/** How many are chosen and not listed just now. */
export function unlisted({ ids }: Chosen, listed: readonly string[]): number {
  const here = new Set(listed);
  return [...ids].filter((id) => !here.has(id)).length;
}
