import { StartProblem, type MissingDevice, type ProblemCode } from './device.ts';
import { SealBroken } from './sealer.ts';

/** Where the start of the app stands. Screens of features are shown only in `ready`. */
export type Phase =
  | { readonly name: 'starting' }
  /** This browser is nobody's: join or sign in. */
  | { readonly name: 'nobody' }
  /** An enrolled phone whose store was emptied; of `unsent` records `gone` are nowhere on this phone any more. */
  | { readonly name: 'lost'; readonly unsent: number; readonly gone: number }
  | { readonly name: 'ready' }
  | { readonly name: 'problem'; readonly code: ProblemCode };

/** What to show when no device was found. */
export function phaseOf(found: MissingDevice): Phase {
  return found.kind === 'lost' ? { name: 'lost', unsent: found.unsent, gone: found.gone } : { name: 'nobody' };
}

/** What went wrong at a start. */
export function problemOf(error: unknown): ProblemCode {
  if (error instanceof StartProblem) return error.code;
  return error instanceof SealBroken ? 'damaged' : 'no-storage';
}
