import { put } from '#engine/change.ts';
import type { Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { consequences, delivery, factOf, type Delivery } from './delivery.record.ts';
import { codeFor } from './paper/paper.rules.ts';
import { canDeliver, planner, routeDay, stop } from './route.record.ts';
import { doorOutcomes, standing, type DoorOutcome } from './stop.rules.ts';

interface Typed {
  readonly stopId: string;
  readonly outcome: DoorOutcome;
  readonly boxesBack: number;
  readonly deliveredBy: string;
}

/**
 * What a sheet of paper says of a door, typed in by the office. The fact, its check and its draft are those of whoever
 * stood at the door; who typed it stands beside. What was said from a phone stays what it is.
 */
function enter(tx: Reader, { stopId, outcome, boxesBack, deliveredBy }: Typed, ctx: Context) {
  const here = tx.get(stop, stopId);
  const day = here && tx.get(routeDay, here.routeDayId);
  const facts = standing(tx.where(delivery, { stopId }));
  if (!here) return refuse('unknown-stop', stopId);
  if (day?.volunteerId !== deliveredBy && !canDeliver(tx, deliveredBy)) return refuse('not-a-deliverer');
  // The same again adds nothing: the phone was heard first, or a key went down twice.
  if (facts.some((fact) => fact.outcome === outcome)) return [];
  if (facts.some((fact) => outweighs(fact, outcome, deliveredBy))) return refuse('already-reported');
  const author = { ...ctx, person: deliveredBy };
  const said = { outcome, seen: codeFor(outcome).seen, boxesBack, note: null };
  const fact = { ...factOf(here, said, author, { corrects: null, follows: null }), enteredBy: ctx.person };
  return [put(delivery, fact), ...consequences(here, fact, author)];
}

/** A shut door that another person found is news, whatever was said before: somebody has to look. */
function outweighs(fact: Delivery, outcome: DoorOutcome, deliveredBy: string): boolean {
  return outcome !== 'noAnswer' || fact.by === deliveredBy;
}

/** What the office types in for those who carried a sheet of paper instead of a phone. */
export const deliveryPaperActs = mutationsOf(delivery, {
  fromPaper: mutation({
    label: () => m.routes_act_from_paper(),
    args: {
      stopId: f.reference('stop'),
      outcome: f.oneOf(doorOutcomes),
      boxesBack: f.whole({ min: 0, max: 99 }),
      /** Who stood at the door. */
      deliveredBy: f.person(),
    },
    about: { kind: stop, id: (args: { stopId: string }) => args.stopId },
    urgent: true,
    may: planner,
    refusals: {
      'unknown-stop': () => m.routes_refusal_unknown_stop(),
      'not-a-deliverer': () => m.routes_refusal_not_a_deliverer(),
      'already-reported': () => m.routes_refusal_already_reported(),
    },
    apply: enter,
  }),
});
