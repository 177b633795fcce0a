import type { Change } from './change.ts';

/**
 * What an act may answer instead of changes: do that other act first, as the fact of whoever did it then, with the
 * authority of whoever decides now. Ids of new records are those the act would have made, so that what was built on
 * them fits. Both happen, or neither.
 */
export interface Again {
  readonly type: 'again';
  readonly call: { readonly name: string; readonly version: number; readonly args: unknown };
  readonly as: { readonly person: string; readonly id: string; readonly at: number };
  /** What the deciding act changes besides. */
  readonly then: readonly Change[];
}

export function again(call: Again['call'], as: Again['as'], then: Again['then']): Again {
  return { type: 'again', call, as, then };
}

export function isAgain(value: unknown): value is Again {
  return typeof value === 'object' && value !== null && (value as Again).type === 'again';
}
