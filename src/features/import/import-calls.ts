import type { AnyMutation, ArgumentsOf } from '#engine/kind.ts';
import { rowsPerAct } from '#features/people/place.desk.record.ts';

/** One act of an import: the mutation's name with its arguments, ready for the engine on a phone or on the server. */
export interface ImportCall {
  readonly name: string;
  readonly args: unknown;
}

export function importCall<M extends AnyMutation>(act: M, args: ArgumentsOf<M>): ImportCall {
  return { name: act.name, args };
}

/** `rows` in pieces that one act takes. */
export function inPieces<T>(rows: readonly T[]): T[][] {
  const pieces: T[][] = [];
  for (let from = 0; from < rows.length; from += rowsPerAct) pieces.push(rows.slice(from, from + rowsPerAct));
  return pieces;
}
