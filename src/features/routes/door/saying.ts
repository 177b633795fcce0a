import { station } from '#engine/client/station.svelte.ts';
import type { ActOutcome } from '#engine/client/station.svelte.ts';
import { safetyCheckActs } from '#features/safety/safety-check.record.ts';
import { deliveryActs, otherOutcomeActs } from '../delivery.record.ts';
import type { StopView } from '../stop-view.ts';
import type { DoorOutcome } from '../stop.rules.ts';

/** What a key of the sheet says about a door. */
export interface Saying {
  readonly outcome: DoorOutcome;
  readonly seen: boolean;
  readonly note: string | null;
}

/** What was said and stands now, with the door as it was before: with its outcome it may have left the page. */
export interface Noted extends Saying {
  readonly factId: string;
  readonly view: StopView;
}

/** Notes an outcome, with the act that belongs to it; old boxes are taken back where a meal stays. */
export async function sayOutcome(view: StopView, { outcome, seen, note }: Saying): Promise<ActOutcome> {
  const { id: stopId, boxesDue } = view.stop;
  if (outcome === 'handedOver') return station.mutate(deliveryActs.handOver, { stopId, boxesBack: boxesDue });
  if (outcome === 'handedToOther')
    return station.mutate(deliveryActs.handToOther, { stopId, boxesBack: boxesDue, toWhom: note ?? '' });
  if (outcome === 'noAnswer') return station.mutate(deliveryActs.noAnswer, { stopId });
  return station.mutate(otherOutcomeActs[outcome], { stopId, seen, note });
}

/** Replaces a fact that was wrong. */
export async function correctFact(view: StopView, factId: string, said: Saying): Promise<ActOutcome> {
  const given = said.outcome === 'handedOver' || said.outcome === 'handedToOther';
  const boxesBack = given ? view.stop.boxesDue : 0;
  return station.mutate(deliveryActs.correct, { factId, ...said, boxesBack });
}

/** Somebody is unwell at this door: opens a check, whose id is the one of the outcome. */
export async function sayUnwell(view: StopView): Promise<ActOutcome> {
  const { id: stopId, elderId } = view.stop;
  return station.mutate(safetyCheckActs.open, { elderId, stopId, visitId: null, cause: 'unwell', note: null });
}

/** Plain words for an outcome that was refused. */
export function refusedWords(outcome: ActOutcome, actName: string): string {
  return 'refusal' in outcome ? station.refusalWords(outcome.refusal.code, actName) : '';
}
