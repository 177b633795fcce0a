import type { Words } from '#engine/field.ts';
import { m } from '#messages';
import type { Delivery } from './delivery.record.ts';
import { isGiven, type Outcome, type StopState } from './stop.rules.ts';

/** What each outcome is called, on every screen and in every list. */
export const outcomeLabels: Readonly<Record<Outcome, Words>> = {
  handedOver: () => m.routes_outcome_handed_over(),
  handedToOther: () => m.routes_outcome_handed_to_other(),
  noAnswer: () => m.routes_outcome_no_answer(),
  refused: () => m.routes_outcome_refused(),
  moved: () => m.routes_outcome_moved(),
  inHospital: () => m.routes_outcome_in_hospital(),
  died: () => m.routes_outcome_died(),
  cannotReach: () => m.routes_outcome_cannot_reach(),
  wrongMeal: () => m.routes_outcome_wrong_meal(),
  shortMeal: () => m.routes_outcome_short_meal(),
  withdrawn: () => m.routes_outcome_withdrawn(),
};

export const stateLabels: Readonly<Record<StopState, Words>> = {
  waiting: () => m.routes_state_waiting(),
  delivered: () => m.routes_state_delivered(),
  deliveredToOther: () => m.routes_state_delivered_to_other(),
  notDelivered: () => m.routes_state_not_delivered(),
  checking: () => m.routes_state_checking(),
  resolved: () => m.routes_state_resolved(),
};

/**
 * Where a door stands, for a row of a list: 别人代收：邻居, 没送到：住院. Whoever pressed the key beside the right one
 * sees it there, when the day is looked over.
 */
export function doorWords({
  state,
  facts,
}: {
  readonly state: StopState;
  readonly facts: readonly Delivery[];
}): string {
  const title = stateLabels[state]();
  const counting = facts.at(-1);
  if (!counting || (state !== 'deliveredToOther' && state !== 'notDelivered')) return title;
  const what = isGiven(state) ? [] : [outcomeLabels[counting.outcome]()];
  const text = [...what, counting.note].filter(Boolean).join(m.routes_and_then());
  return text === '' ? title : m.routes_told({ title, text });
}

export const dayStateWords = {
  ready: () => m.routes_day_ready(),
  onRoute: () => m.routes_day_on_route(),
  closed: () => m.routes_day_closed(),
} as const;

export const mealWords = {
  breakfast: () => m.routes_breakfast(),
  lunch: () => m.routes_lunch(),
  dinner: () => m.routes_dinner(),
} as const;
