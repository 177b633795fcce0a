/** What a key does in a list of rows. */
export type RowKey =
  /** To another row; `choosing` both rows. */
  | { readonly does: 'go'; readonly to: number; readonly choosing: boolean }
  | { readonly does: 'toggle' }
  | { readonly does: 'all' }
  /** Up from the first row: back to the field that asks. */
  | { readonly does: 'leave' };

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 10, PageUp: -10 };

/**
 * What this key does at the row of this place; null for keys that keep their own meaning. Steps go on beyond what is
 * `listed` so far, up to the `last` that was found; End stays with what is listed, or thousands of rows would be drawn.
 */
export function rowKey(
  { key, shiftKey, ctrlKey, metaKey, altKey }: Pressed,
  place: number,
  { last, listed }: { readonly last: number; readonly listed: number },
): RowKey | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'a' ? { does: 'all' } : null;
  if (key === 'x' || key === ' ') return { does: 'toggle' };
  if (key === 'Home') return { does: 'go', to: 0, choosing: false };
  if (key === 'End') return { does: 'go', to: listed, choosing: false };
  const step = steps[key];
  if (step === undefined) return null;
  if (place === 0 && step < 0) return { does: 'leave' };
  const choosing = shiftKey && Math.abs(step) === 1;
  return { does: 'go', to: Math.max(0, Math.min(last, place + step)), choosing };
}
