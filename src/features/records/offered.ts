import { registry } from '#kinds-on-phone';
import { station } from '#engine/client/station.svelte.ts';
import type { AnyKind, AnyMutation, Row } from '#engine/kind.ts';
import { office } from '#features/access/public.ts';
import { hasOwnScreen } from './own-screens.ts';
import { actsOn, actsThatMake, parentOf, type RecordAct } from './record-acts.rules.ts';
import type { Look } from './record-words.ts';

/** The listed kind of this name; undefined for a name that no screen is made for. */
export function listedKind(name: string): AnyKind | undefined {
  return registry.kinds.find((kind) => kind.listed && kind.name === name);
}

/** Reactive: kinds that this person can see something of or begin something with. Those reached through another are left out. */
export function offeredKinds(): readonly AnyKind[] {
  return registry.kinds.filter(
    (kind) =>
      kind.listed &&
      (hasOwnScreen(kind) || !parentOf(registry, kind)) &&
      (station.records(kind).all().length > 0 || actsAbove(kind).length > 0),
  );
}

/** Reactive: the acts offered above the list of a kind. */
export function actsAbove(kind: AnyKind): readonly AnyMutation[] {
  return actsThatMake(registry, kind).filter((act) => allows(act, {}));
}

/** Reactive: what this person may do on the page of this record, now. */
export function actsHere(kind: AnyKind, row: Row): readonly RecordAct[] {
  return actsOn(registry, kind).filter(({ act, argument }) => allows(act, { [argument]: row.id }));
}

function allows(act: AnyMutation, given: Readonly<Record<string, unknown>>): boolean {
  const empty = Object.fromEntries(Object.keys(act.args as object).map((name) => [name, null]));
  try {
    return station.can(act, { ...empty, ...given });
  } catch {
    // A rule that looks into an argument nobody has given yet cannot say no; the act itself asks again.
    return true;
  }
}

/** Reactive: what titles and values are put into words from. */
export function look(): Look {
  return { registry, tables: station.reader, now: station.now() };
}

/** Whether this person works in the office's frame. */
export function isOffice(): boolean {
  return office.some((role) => station.who.roles.includes(role));
}
