import type { Words } from '#engine/field.ts';
import { m } from '#messages';
import type { DoorOutcome } from '../stop.rules.ts';

/** What an outcome is called where there is little room: beside a box to tick, on a key. */
export const paperWords: Readonly<Record<DoorOutcome, Words>> = {
  handedOver: m.routes_sheet_given,
  handedToOther: m.routes_sheet_other,
  noAnswer: m.routes_sheet_nobody,
  refused: m.routes_sheet_refused,
  cannotReach: m.routes_sheet_reach,
  wrongMeal: m.routes_sheet_wrong,
  shortMeal: m.routes_sheet_short,
  inHospital: m.routes_sheet_hospital,
  moved: m.routes_sheet_moved,
  died: m.routes_sheet_died,
};

/** What is to be done when nobody answers, for whoever has no phone that says it. */
export const paperSteps: readonly Words[] = [
  m.routes_sheet_step_knock,
  m.routes_sheet_step_elder,
  m.routes_sheet_step_family,
  m.routes_sheet_step_centre,
  m.routes_sheet_step_wait,
];
