import type { LostActs } from '../protocol.ts';
import { without } from '../ranges.ts';
import type { CanaryNote } from './canary.ts';

/**
 * Unsent acts that the note knows of and no home on this phone holds any more; null when there is none. The note must
 * have been read before the homes were: what another tab saves in between is in a home and not yet in the note.
 * Some of them may be with the centre already, which knows its own.
 */
export function lossOf(note: CanaryNote | null, held: Iterable<number>): LostActs | null {
  if (!note) return null;
  const { device, from, to } = note;
  const numbers = without(note.unsent, held);
  return numbers.length > 0 ? { device, numbers, from, to } : null;
}
