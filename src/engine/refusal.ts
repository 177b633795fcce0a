/** A refusal is a value, not an error: the code says why, the words for it stand in the mutation's declaration. */
export interface Refusal<C extends string = string> {
  readonly type: 'refusal';
  readonly code: C;
  /** Id of the record that was looked for and not there; lets the server hold what depends on a refused act. */
  readonly missing?: string;
}

/** Codes the engine itself refuses with; every one has words in the catalogue of the client. */
export type EngineCode = 'not-allowed' | 'invalid' | 'unknown-act' | 'held' | 'server-check';

export function refuse<const C extends string>(code: C, missing?: string): Refusal<C> {
  return missing === undefined ? { type: 'refusal', code } : { type: 'refusal', code, missing };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as Refusal).type === 'refusal';
}
