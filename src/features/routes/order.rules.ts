/** Places on a route are numbers with gaps, so that moving one stop changes one record. */
const gap = 100;

export interface Placed {
  readonly id: string;
  readonly order: number;
}

/** The places in their order; equal numbers, which two coordinators may have made, are told apart by id. */
export function inOrder<P extends Placed>(placed: readonly P[]): readonly P[] {
  return [...placed].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * The new order numbers when `id` comes to stand at `place` (0 = first) among `others`: usually its own only, all of
 * them when no gap is left.
 */
export function placeAt(others: readonly Placed[], id: string, place: number): ReadonlyMap<string, number> {
  const sorted = inOrder(others.filter((other) => other.id !== id));
  const at = Math.max(0, Math.min(place, sorted.length));
  const before = sorted[at - 1]?.order;
  const after = sorted[at]?.order;
  const low = before ?? -1;
  const between = after === undefined ? Math.max(low, 0) + gap : Math.floor((low + after) / 2);
  if (between > low && (after === undefined || between < after)) return new Map([[id, between]]);
  return numbered([...sorted.slice(0, at).map((one) => one.id), id, ...sorted.slice(at).map((one) => one.id)]);
}

/** Fresh numbers for ids in this order. */
export function numbered(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, place) => [id, (place + 1) * gap]));
}

/**
 * Puts the missing ones of `wanted` into `present`, each right after its nearest earlier neighbour of `wanted`, so
 * that a late addition stands where the route usually passes.
 */
export function mergeOrder(present: readonly string[], wanted: readonly string[]): readonly string[] {
  const merged = [...present];
  wanted.forEach((id, place) => {
    if (merged.includes(id)) return;
    const neighbour = wanted.slice(0, place).findLast((earlier) => merged.includes(earlier));
    merged.splice(neighbour === undefined ? 0 : merged.indexOf(neighbour) + 1, 0, id);
  });
  return merged;
}

export interface Box {
  readonly variantId: string;
  readonly boxNumber: number;
}

/**
 * The next free number of each variant. Numbers run over the whole kitchen and meal, not over one route, so that a box
 * keeps its sign and number when its stop moves to another route.
 */
export function boxCounter(boxes: readonly Box[]): (variantId: string) => number {
  const last = new Map<string, number>();
  for (const { variantId, boxNumber } of boxes) last.set(variantId, Math.max(last.get(variantId) ?? 0, boxNumber));
  return (variantId) => {
    const next = (last.get(variantId) ?? 0) + 1;
    last.set(variantId, next);
    return next;
  };
}

/** Boxes to carry, by variant in the order given; variants without a box are left out. */
export function loadList<V extends { readonly id: string; readonly place: number }>(
  stops: readonly { readonly variantId: string }[],
  variants: readonly V[],
): readonly { readonly variant: V; readonly count: number }[] {
  return [...variants]
    .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1))
    .map((variant) => ({ variant, count: stops.filter(({ variantId }) => variantId === variant.id).length }))
    .filter(({ count }) => count > 0);
}
