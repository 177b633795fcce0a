import { addDays } from './calendar.ts';
import type { Fields } from './field.ts';
import type { AnyKind, Row } from './kind.ts';
import type { Registry } from './registry.ts';
import { rulesFor, type SeeRule, type Viewer } from './scope.ts';

/**
 * Ids of every record a person sees now, by kind: the scope rules carried out over plain rows. PostgreSQL does the
 * same with SQL made from the same rules; a test holds the two against each other.
 */
export function visibleIds(
  registry: Registry,
  viewer: Viewer,
  rowsOf: (kind: string) => readonly Row[],
): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const kind of registry.kinds) {
    const rules = rulesFor(kind.sees, viewer).map((rule) => testOf(rule, viewer, seen, rowsOf));
    const ids = rowsOf(kind.name).filter((row) => rules.some((test) => test(row)));
    seen.set(kind.name, new Set(ids.map((row) => row.id)));
  }
  return seen;
}

function testOf(
  rule: SeeRule,
  viewer: Viewer,
  seen: ReadonlyMap<string, Set<string>>,
  rowsOf: (kind: string) => readonly Row[],
): (row: Row) => boolean {
  const base = baseTest(rule, viewer);
  if (rule.by === 'mine') return (row) => base(row) && row[rule.field] === viewer.person;
  if (rule.by === 'station') {
    const { within } = rule;
    if (within === undefined || viewer.communities === 'all') return base;
    const communities = new Set(viewer.communities);
    return (row) => base(row) && communities.has(row[within] as string);
  }
  const ids = seen.get(rule.kind) ?? new Set();
  const values = new Set<unknown>(
    rowsOf(rule.kind)
      .filter((row) => ids.has(row.id))
      .map((row) => row[rule.other])
      // Two records that both lack a value do not belong together for that.
      .filter((value) => value !== null && value !== undefined),
  );
  return (row) => base(row) && values.has(row[rule.own]);
}

function baseTest(rule: SeeRule, viewer: Viewer): (row: Row) => boolean {
  const { days, having } = rule;
  const first = days && addDays(viewer.today, days.from);
  const last = days && addDays(viewer.today, days.to);
  return (row) => {
    if (days) {
      const day = row[days.field];
      if (typeof day !== 'string' || day < (first as string) || day > (last as string)) return false;
    }
    return having === undefined || having.values.includes(row[having.field] as string | boolean);
  };
}

/** The row as this person may have it: fields kept from their roles are null. */
export function projectRow(kind: AnyKind, row: Row, roles: readonly string[]): Row {
  const hidden = Object.entries(kind.fields as Fields).filter(
    ([, field]) => field.only && !field.only.some((role) => roles.includes(role)),
  );
  if (hidden.length === 0) return row;
  return { ...row, ...Object.fromEntries(hidden.map(([name]) => [name, null])) };
}
