/** What a page knows of the part of its paper that lies under the shelf. */
export interface PaperState {
  /** The paper goes on below. */
  more: boolean;
  /** How many marked things ([data-item]) are not yet in view. */
  items: number;
}

/** Context key: FieldPage sets a PaperState, Shelf reads it. */
export const paperKey = Symbol('paper');

/**
 * How many things end below the visible edge; all lengths in px.
 * A thing counts as seen when at least half of it is.
 */
export function countBelow(visibleBottom: number, things: { top: number; bottom: number }[]): number {
  return things.filter((thing) => (thing.top + thing.bottom) / 2 > visibleBottom).length;
}
