import { differencesBetween, differs, type Difference, type ToldCount } from './count-differences.rules.ts';
import type { Figure, Portion } from './headcount.rules.ts';
import { portionsBehind } from './headcount.rules.ts';

/** One issue as it was told. */
export interface Issue extends ToldCount {
  readonly issue: number;
}

/** What stands on the sheet: the count of now, or what the kitchen was told, and what it is compared with. */
export interface ShownCount {
  /** 'open': nothing told yet. 'changed': told, and different since. 'told': as told. */
  readonly state: 'open' | 'changed' | 'told';
  /** Number of the sheet: of the one that was told, or of the one that would be told next. */
  readonly issue: number;
  /** The issue it is compared with; null for the first. */
  readonly against: number | null;
  readonly before: ToldCount | null;
  readonly shown: ToldCount;
  readonly differences: readonly Difference[];
}

/** Decides what stands on the sheet, out of the count of now and what was told, first issue first. */
export function shownCount(now: ToldCount, issues: readonly Issue[]): ShownCount {
  const last = issues.at(-1);
  if (!last) return { state: 'open', issue: 1, against: null, before: null, shown: now, differences: [] };
  if (differs(last, now)) {
    const differences = differencesBetween(last, now);
    return { state: 'changed', issue: last.issue + 1, against: last.issue, before: last, shown: now, differences };
  }
  const before = issues.at(-2) ?? null;
  return {
    state: 'told',
    issue: last.issue,
    against: before?.issue ?? null,
    before,
    shown: last,
    differences: before ? differencesBetween(before, last) : [],
  };
}

/** A column of the sheet: one route, what is on no route yet, or the tables. */
export interface Column {
  readonly id: string;
  readonly label: string;
  readonly figure: Figure;
  /** The box, where the column is one. */
  readonly variant?: Box;
}

interface Box {
  readonly id: string;
  readonly name: string;
  readonly sign: string;
  readonly place: number;
}

interface ColumnWords {
  readonly noRoute: string;
  readonly dineIn: string;
}

/** Columns for everything that stands in one of the counts: routes by name, then what nobody carries yet, then the tables. */
export function columnsOf(
  portions: readonly Portion[],
  routes: readonly { readonly id: string; readonly name: string }[],
  words: ColumnWords,
): readonly Column[] {
  const carried = new Set(portions.filter(({ mode }) => mode === 'delivery').map(({ routeId }) => routeId));
  const named = routes
    .filter(({ id }) => carried.has(id))
    .map(({ id, name }): Column => ({ id, label: name, figure: { mode: 'delivery', routeId: id } }))
    .sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  // A route that is known no more must not make its meals vanish from the sheet.
  const lost = [...carried]
    .filter((id): id is string => id !== null && !routes.some((route) => route.id === id))
    .sort()
    .map((id): Column => ({ id, label: id, figure: { mode: 'delivery', routeId: id } }));
  const homeless: Column = { id: 'none', label: words.noRoute, figure: { mode: 'delivery', routeId: null } };
  const seated: Column = { id: 'dineIn', label: words.dineIn, figure: { mode: 'dineIn' } };
  return [...named, ...lost, ...(carried.has(null) ? [homeless] : []), seated];
}

/** More routes than this stand below each other instead of side by side. */
const sideBySideMax = 6;

/** The table turned so that it fits: boxes by places, or places by boxes. The sums are the same either way. */
export function tableOf(
  variants: readonly Box[],
  places: readonly Column[],
): { readonly rows: readonly Column[]; readonly columns: readonly Column[]; readonly turned: boolean } {
  const boxes = variants.map((variant): Column => {
    const { id, name } = variant;
    return { id, label: name, figure: { variantId: id }, variant };
  });
  const turned = places.length > sideBySideMax;
  return turned ? { rows: places, columns: boxes, turned } : { rows: boxes, columns: places, turned };
}

/** A figure now and as it was told before; `was` is null where there is nothing to compare with. */
export function figureOf(
  figure: Figure,
  now: readonly Portion[],
  before: readonly Portion[] | null,
): { readonly now: number; readonly was: number | null } {
  return {
    now: portionsBehind(now, figure).length,
    was: before === null ? null : portionsBehind(before, figure).length,
  };
}
