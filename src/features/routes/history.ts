import { m } from '#messages';
import { timeOfDay } from '#ui/format.ts';
import type { IconName } from '#ui/icon-names.ts';
import type { Delivery } from './delivery.record.ts';
import { outcomeLabels } from './outcome-words.ts';
import { factsInForce, type Outcome } from './stop.rules.ts';

const icons: Partial<Record<Outcome, IconName>> = {
  handedOver: 'check',
  handedToOther: 'pair',
  noAnswer: 'nobody',
  withdrawn: 'undo',
  inHospital: 'bed',
  refused: 'block',
  cannotReach: 'stairs',
  wrongMeal: 'swap',
};

export interface HistoryEntry {
  readonly id: string;
  readonly time: string;
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

/** Everything that was said of a door, newest first, also what was taken back or replaced later. */
export function entriesOf(facts: readonly Delivery[], me: string): readonly HistoryEntry[] {
  const inForce = new Set(factsInForce(facts).map(({ id }) => id));
  return [...facts]
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .map(({ id, outcome, note, at, by, enteredBy, boxesBack }) => {
      const words = [
        note,
        boxesBack > 0 ? m.routes_boxes_taken({ n: boxesBack }) : null,
        enteredBy === null ? null : m.routes_from_paper(),
        by === me ? null : m.routes_by_another(),
        inForce.has(id) ? null : m.routes_no_longer_counts(),
      ];
      const text = words.filter(Boolean).join(m.routes_and_then());
      return { id, time: timeOfDay(at), icon: icons[outcome] ?? 'note', title: outcomeLabels[outcome](), text };
    });
}
