import type { AnyKind } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { rulesFor, type SeeRule, type Viewer } from '#engine/scope.ts';
import type { StationClock } from './store.ts';
import { isWhole } from './whole.ts';

/**
 * Which records a person may see otherwise than at a version of the station, on the same day and in the same roles.
 * 'written': records written or taken away since, and those that belong to such a record by its id. 'all': nothing
 * narrower is known. Kinds that are not named stand as they stood.
 */
export interface Suspects {
  readonly since: number;
  readonly kinds: ReadonlyMap<string, 'all' | 'written'>;
}

/**
 * What can have come to a device or left it since `since`. An id never changes, so that what belongs to a record by its
 * id follows from that record; what leans on any other value may have lost it, and nothing tells the value of before.
 */
export function suspectsSince(registry: Registry, viewer: Viewer, clock: StationClock, since: number): Suspects {
  const kinds = new Map<string, 'all' | 'written'>();
  for (const kind of registry.kinds) {
    const how = suspectsOf(kind, viewer, kinds, (clock.kinds[kind.name] ?? 0) > since);
    if (how) kinds.set(kind.name, how);
  }
  return { since, kinds };
}

function suspectsOf(
  kind: AnyKind,
  viewer: Viewer,
  known: Suspects['kinds'],
  moved: boolean,
): 'all' | 'written' | undefined {
  // Whatever else gives records of such a kind: all are seen for as long as they exist.
  const rules = isWhole(kind, viewer) ? [] : rulesFor(kind.sees, viewer);
  const leant = rules.filter((rule) => rule.by === 'joined' && known.has(rule.kind));
  const isLoose = leant.some((rule) => !followsId(rule) || known.get(rule.kind) === 'all');
  if (isLoose) return 'all';
  return moved || leant.length > 0 ? 'written' : undefined;
}

type JoinedRule = Extract<SeeRule, { by: 'joined' }>;

/** Whether the rule ties a record to another one by that one's id. */
export function followsId(rule: SeeRule): rule is JoinedRule {
  return rule.by === 'joined' && rule.other === 'id';
}

/** Of these kinds those that have to be looked at, in their order; all when nothing is known. */
export function lookedAt(kinds: readonly AnyKind[], suspects: Suspects | null): readonly AnyKind[] {
  return suspects ? kinds.filter(({ name }) => suspects.kinds.has(name)) : kinds;
}
