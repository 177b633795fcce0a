import { station, type ActOutcome } from '#engine/client/station.svelte.ts';
import { deliveryActs } from '#features/routes/delivery.record.ts';
import { factIdOf } from '#features/routes/public.ts';
import { isUntouched, type RungFacts } from './ladder.rules.ts';
import { safetyCheckActs, type SafetyCheck } from './safety-check.record.ts';

/** Pressed by a slip, and nobody has acted on it: it can still be taken back by whoever pressed. */
export function mayBeSlip(check: SafetyCheck, rungs: readonly RungFacts[]): boolean {
  return isUntouched(check, rungs) && check.openedBy === station.who.person;
}

/** Takes it back, a no answer with its fact; `tell` hears what came of it. Whether it was taken back. */
export async function takeBackSlip(
  { id, cause }: SafetyCheck,
  tell: (outcome: ActOutcome, actName: string) => void,
): Promise<boolean> {
  const outcome =
    cause === 'unwell'
      ? await station.mutate(safetyCheckActs.takeBack, { checkId: id })
      : await station.mutate(deliveryActs.withdraw, { factId: factIdOf(id) });
  tell(outcome, cause === 'unwell' ? safetyCheckActs.takeBack.name : deliveryActs.withdraw.name);
  return 'saved' in outcome;
}
