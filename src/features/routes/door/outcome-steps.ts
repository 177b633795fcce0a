import type { Words } from '#engine/field.ts';
import { m } from '#messages';
import type { IconName } from '#ui/icon-names.ts';
import { outcomeLabels } from '../outcome-words.ts';
import type { DoorOutcome } from '../stop.rules.ts';

/** One key of the sheet 其他情况: it says something, or leads to the keys that do. Never more than three taps in all. */
export interface Step {
  readonly id: string;
  readonly label: Words;
  readonly icon: IconName;
  /** Short words at the right edge. */
  readonly note?: Words;
  readonly bad?: boolean;
  readonly says?: { readonly outcome: DoorOutcome; readonly seen: boolean; readonly note: Words | null };
  readonly then?: readonly Step[];
}

function say(id: string, outcome: DoorOutcome, label: Words, icon: IconName, noted: boolean, seen = false): Step {
  return { id, label, icon, says: { outcome, seen, note: noted ? label : null } };
}

const toWhom: readonly Step[] = [
  say('child', 'handedToOther', m.routes_to_child, 'pair', true),
  say('spouse', 'handedToOther', m.routes_to_spouse, 'person', true),
  say('neighbour', 'handedToOther', m.routes_to_neighbour, 'home', true),
  say('carer', 'handedToOther', m.routes_to_carer, 'hand', true),
  say('guard', 'handedToOther', m.routes_to_guard, 'door', true),
];

const whatMeal: readonly Step[] = [
  say('wrongMeal', 'wrongMeal', outcomeLabels.wrongMeal, 'swap', false, true),
  say('shortMeal', 'shortMeal', outcomeLabels.shortMeal, 'minus', false, true),
];

const whoRefused: readonly Step[] = [
  say('self', 'refused', m.routes_refused_self, 'person', true, true),
  say('family', 'refused', m.routes_refused_family, 'pair', true),
];

const whyNotReached: readonly Step[] = [
  say('code', 'cannotReach', m.routes_reach_code, 'key', true),
  say('locked', 'cannotReach', m.routes_reach_locked, 'lock', true),
  say('lift', 'cannotReach', m.routes_reach_lift, 'stairs', true),
  say('road', 'cannotReach', m.routes_reach_road, 'block', true),
  say('dog', 'cannotReach', m.routes_reach_dog, 'dog', true),
];

const whereGone: readonly Step[] = [
  say('inHospital', 'inHospital', outcomeLabels.inHospital, 'bed', false),
  say('moved', 'moved', outcomeLabels.moved, 'home', false),
  say('died', 'died', outcomeLabels.died, 'heart', false),
];

/** The closed list of the sheet, the two urgent ones first. */
export const steps: readonly Step[] = [
  {
    ...say('noAnswer', 'noAnswer', outcomeLabels.noAnswer, 'nobody', false),
    note: m.routes_step_by_step,
  },
  { id: 'unwell', label: m.routes_unwell, icon: 'sos', bad: true },
  { id: 'other', label: outcomeLabels.handedToOther, icon: 'pair', note: m.routes_other_note, then: toWhom },
  { id: 'meal', label: m.routes_meal_wrong, icon: 'swap', then: whatMeal },
  { id: 'refused', label: outcomeLabels.refused, icon: 'block', then: whoRefused },
  { id: 'reach', label: outcomeLabels.cannotReach, icon: 'stairs', note: m.routes_reach_note, then: whyNotReached },
  { id: 'gone', label: m.routes_gone, icon: 'bed', then: whereGone },
];

/** The same for 改一改: what is right instead; 人不好 is no correction but news. */
export const corrections: readonly Step[] = [
  say('handedOver', 'handedOver', outcomeLabels.handedOver, 'check', false, true),
  ...steps.filter(({ id }) => id !== 'unwell'),
];
