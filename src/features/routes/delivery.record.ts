import { dayOf } from '#engine/calendar.ts';
import { put, remove, type Change } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';
import { absence } from '#features/meals/order.record.ts';
import { isUntouched } from '#features/safety/public.ts';
import { checkRung, closeCheck, openCheck, reopenCheck, safetyCheck } from '#features/safety/safety-check.record.ts';
import { m } from '#messages';
import { outcomeLabels } from './outcome-words.ts';
import { routeDay, stop, type Stop } from './route.record.ts';
import {
  absenceIdOf,
  absenceReasonOf,
  checkIdOf,
  doorOutcomes,
  outcomes,
  repeats,
  standing,
  type DoorOutcome,
} from './stop.rules.ts';

export { outcomes, type Outcome } from './stop.rules.ts';

/** 送达 and the other outcomes: a fact, never overwritten; a correction is a new fact that points to the old one. */
export const delivery = kind({
  name: 'delivery',
  label: () => m.routes_delivery(),
  fields: {
    stopId: f.reference('stop'),
    /** The route on which it happened; the stop itself may have moved since. */
    routeDayId: f.reference('routeDay'),
    date: f.date(),
    elderId: f.reference('elder'),
    outcome: f.oneOf(outcomes, { labels: outcomeLabels }),
    /** The elder was seen in person. */
    seen: f.yesNo(),
    boxesBack: f.whole({ min: 0, max: 99 }),
    /** To whom it was handed, why it could not be reached, what was wrong. */
    note: f.optional(f.note()),
    corrects: f.optional(f.text()),
    /** The same person's fact that stood here before and was true then. */
    follows: f.optional(f.text()),
    at: f.instant(),
    /** Who stood at the door. */
    by: f.person(),
    /** Who typed it in from that person's sheet of paper; null when they said it on a phone themselves. */
    enteredBy: f.optional(f.person()),
  },
  index: ['stopId', 'routeDayId', 'elderId', 'date'],
  sees: [
    seesStation({ roles: [...office, 'canteen'], days: { field: 'date', from: -14, to: 1 } }),
    seesWith('stop', 'stopId', { roles: ['deliverer'] }),
    seesMine('by', { days: { field: 'date', from: 0, to: 1 } }),
  ],
  urgency: 1,
});
export type Delivery = RowOf<typeof delivery>;

/** What somebody says of a door. */
interface Said {
  readonly outcome: DoorOutcome;
  readonly seen: boolean;
  readonly boxesBack: number;
  readonly note: string | null;
}

const stopId = f.reference('stop');
const factId = f.reference('delivery');
const boxesBack = f.whole({ min: 0, max: 99 });
const aboutStop = { kind: stop, id: (args: { stopId: string }) => args.stopId } as const;
const aboutFact = { kind: delivery, id: (args: { factId: string }) => args.factId } as const;

/**
 * Whoever delivers may say what happened at a door of the station: a stop that was moved to another route while its
 * volunteer had no signal is still told by who stood there. The fact carries its author.
 */
const atDoors = (ctx: Context): boolean => hasRole(ctx, 'deliverer', 'coordinator');

const sayRefusals = {
  'already-recorded': () => m.routes_refusal_already_recorded(),
  'unknown-stop': () => m.routes_refusal_unknown_stop(),
} as const;

/** A new fact about a door, with what it brings about: a check, an absence draft, the end of one's own check. */
function say(tx: Reader, atStop: string, said: Said, ctx: Context) {
  const here = tx.get(stop, atStop);
  const facts = tx.where(delivery, { stopId: atStop });
  const checks = tx.where(safetyCheck, { stopId: atStop });
  if (!here) return refuse('unknown-stop', atStop);
  const own = ownBefore(facts, ctx);
  if (own?.enteredBy === null && repeats(own, said.outcome, checks)) return refuse('already-recorded');
  const fact = factOf(here, said, ctx, { corrects: null, follows: own?.id ?? null });
  const ended = own?.outcome === 'noAnswer' && said.seen ? checks.filter(({ id }) => id === checkIdOf(own.id)) : [];
  return [
    put(delivery, fact),
    ...consequences(here, fact, ctx),
    ...ended
      .filter(({ state }) => state === 'open')
      .flatMap((check) => closeCheck(ctx, check, { rungId: `${fact.id}.seen`, finding: 'seen', closedWith: fact.id })),
  ];
}

/**
 * What this person had said of the door before now. What was typed from their paper later than this was done without a
 * signal is none of that: the phone did not know of it, and its word is taken beside it.
 */
function ownBefore(facts: readonly Delivery[], ctx: Context): Delivery | undefined {
  const own = standing(facts.filter(({ by }) => by === ctx.person));
  return own.findLast(({ enteredBy, at }) => enteredBy === null || at <= ctx.at);
}

/** A fact of this person about a door, as it is first written. */
export function factOf(here: Stop, said: Said, ctx: Context, links: Pick<Delivery, 'corrects' | 'follows'>): Delivery {
  const { routeDayId, date, elderId } = here;
  const who = { at: ctx.at, by: ctx.person, enteredBy: null };
  return { id: ctx.newId(), stopId: here.id, routeDayId, date, elderId, ...said, ...links, ...who };
}

/** No answer opens a check; moved, hospital and died open an absence draft that waits for the coordinator. */
export function consequences(here: Stop, fact: Delivery, ctx: Context): readonly Change[] {
  const { elderId, date, id: stopId } = here;
  if (fact.outcome === 'noAnswer') return openCheck(ctx, { id: checkIdOf(fact.id), elderId, date, stopId });
  const reason = absenceReasonOf[fact.outcome];
  if (reason === undefined) return [];
  const draft = { elderId, reason, from: date, to: null, toldBy: null, note: fact.note, confirmed: false };
  return [put(absence, { id: absenceIdOf(fact.id), ...draft, recordedAt: ctx.at, recordedBy: ctx.person })];
}

/**
 * Sets back what a fact brought about, because it was wrong: opens again the check it had closed, takes away an
 * absence draft nobody confirmed, ends the check of a no answer. undefined when others already act on that check.
 */
function undone(tx: Reader, fact: Delivery, by: { id: string; seen: boolean }, ctx: Context) {
  const checks = tx.where(safetyCheck, { stopId: fact.stopId });
  const draft = tx.get(absence, absenceIdOf(fact.id));
  const reopened = checks.filter(({ closedWith }) => closedWith === fact.id);
  const changes: Change[] = reopened.flatMap((check) =>
    by.seen
      ? [put(safetyCheck, { ...check, closedWith: by.id })]
      : [...reopenCheck(ctx, check, `${by.id}.again`, null)],
  );
  if (draft && !draft.confirmed) changes.push(remove(absence, draft.id));
  const opened = checks.find(({ id }) => id === checkIdOf(fact.id));
  const rungs = tx.where(checkRung, { checkId: checkIdOf(fact.id) });
  if (fact.outcome !== 'noAnswer' || !opened) return changes;
  if (!by.seen && !isUntouched(opened, rungs)) return undefined;
  const finding = by.seen ? 'seen' : 'openedInError';
  return [...changes, ...closeCheck(ctx, opened, { rungId: `${by.id}.end`, finding, closedWith: by.id })];
}

/** Takes back or replaces a fact: its author on the same day, or the coordinator. */
function mayAmend(ctx: Context, fact: Delivery): boolean {
  return hasRole(ctx, 'coordinator') || (fact.by === ctx.person && dayOf(fact.at) === ctx.today);
}

/** A slip in typing from paper is put right by whoever types, and stays the word of whoever stood at the door. */
function creditOf(fact: Delivery, ctx: Context): Pick<Delivery, 'by' | 'enteredBy'> {
  const typed = fact.enteredBy !== null && fact.by !== ctx.person;
  return typed ? { by: fact.by, enteredBy: ctx.person } : { by: ctx.person, enteredBy: null };
}

function isStanding(tx: Reader, fact: Delivery): boolean {
  return standing(tx.where(delivery, { stopId: fact.stopId })).some(({ id }) => id === fact.id);
}

const amendRefusals = {
  'already-changed': () => m.routes_refusal_already_changed(),
  'check-running': () => m.routes_refusal_check_running(),
} as const;

/** 不要了, 搬走了, … : everything that is said with a note and without a meal. */
function otherOutcome(outcome: DoorOutcome) {
  return mutation({
    label: outcomeLabels[outcome],
    args: { stopId, seen: f.yesNo(), note: f.optional(f.note()) },
    about: aboutStop,
    may: atDoors,
    refusals: sayRefusals,
    apply: (tx, { stopId, seen, note }, ctx) => say(tx, stopId, { outcome, seen, boxesBack: 0, note }, ctx),
  });
}

/** Acts at the door. None overwrites a fact. */
export const deliveryActs = mutationsOf(delivery, {
  handOver: mutation({
    label: outcomeLabels.handedOver,
    args: { stopId, boxesBack },
    about: aboutStop,
    may: atDoors,
    refusals: sayRefusals,
    apply: (tx, { stopId, boxesBack }, ctx) =>
      say(tx, stopId, { outcome: 'handedOver', seen: true, boxesBack, note: null }, ctx),
  }),
  handToOther: mutation({
    label: outcomeLabels.handedToOther,
    args: { stopId, boxesBack, toWhom: f.text({ max: 60 }) },
    about: aboutStop,
    may: atDoors,
    refusals: sayRefusals,
    apply: (tx, { stopId, boxesBack, toWhom }, ctx) =>
      say(tx, stopId, { outcome: 'handedToOther', seen: false, boxesBack, note: toWhom }, ctx),
  }),
  noAnswer: mutation({
    label: outcomeLabels.noAnswer,
    args: { stopId },
    about: aboutStop,
    urgent: true,
    may: atDoors,
    refusals: sayRefusals,
    apply: (tx, { stopId }, ctx) =>
      say(tx, stopId, { outcome: 'noAnswer', seen: false, boxesBack: 0, note: null }, ctx),
  }),
  refused: otherOutcome('refused'),
  moved: otherOutcome('moved'),
  inHospital: otherOutcome('inHospital'),
  died: otherOutcome('died'),
  cannotReach: otherOutcome('cannotReach'),
  wrongMeal: otherOutcome('wrongMeal'),
  shortMeal: otherOutcome('shortMeal'),
  withdraw: mutation({
    label: () => m.routes_act_withdraw(),
    args: { factId },
    about: aboutFact,
    may: (ctx, fact) => mayAmend(ctx, fact),
    refusals: { ...amendRefusals, 'route-closed': () => m.routes_refusal_route_closed() },
    apply: (tx, args, ctx) => {
      const fact = tx.get(delivery, args.factId);
      const here = fact && tx.get(stop, fact.stopId);
      const day = here && tx.get(routeDay, here.routeDayId);
      if (!fact || !isStanding(tx, fact)) return refuse('already-changed', args.factId);
      // A closed route has no waiting stops; taking a fact back would make one that nobody walks to.
      if (day?.state === 'closed') return refuse('route-closed');
      const id = ctx.newId();
      const changes = undone(tx, fact, { id, seen: false }, ctx);
      if (changes === undefined) return refuse('check-running');
      const taken = { outcome: 'withdrawn', seen: false, boxesBack: 0, note: null } as const;
      const links = { corrects: fact.id, follows: null };
      const who = { at: ctx.at, by: ctx.person, enteredBy: null };
      return [put(delivery, { ...fact, ...taken, ...links, ...who, id }), ...changes];
    },
  }),
  correct: mutation({
    label: () => m.routes_act_correct(),
    args: { factId, outcome: f.oneOf(doorOutcomes), seen: f.yesNo(), boxesBack, note: f.optional(f.note()) },
    about: aboutFact,
    urgent: true,
    may: (ctx, fact) => mayAmend(ctx, fact),
    refusals: { ...amendRefusals, 'unknown-stop': () => m.routes_refusal_unknown_stop() },
    apply: (tx, args, ctx) => {
      const fact = tx.get(delivery, args.factId);
      const here = fact && tx.get(stop, fact.stopId);
      if (!fact || !isStanding(tx, fact)) return refuse('already-changed', args.factId);
      if (!here) return refuse('unknown-stop', fact.stopId);
      const { outcome, boxesBack, note } = args;
      const said = {
        outcome,
        boxesBack,
        note,
        seen: outcome === 'handedOver' || (args.seen && outcome !== 'noAnswer'),
      };
      // What the wrong fact followed is followed by the right one.
      const next = { ...factOf(here, said, ctx, { corrects: fact.id, follows: fact.follows }), ...creditOf(fact, ctx) };
      // Whoever types has seen nobody: a slip in typing ends no search that others are at.
      const changes = undone(tx, fact, { id: next.id, seen: next.seen && next.enteredBy === null }, ctx);
      if (changes === undefined) return refuse('check-running');
      return [put(delivery, next), ...changes, ...consequences(here, next, { ...ctx, person: next.by })];
    },
  }),
});

/** The act for each outcome that is said with a note and without a meal. */
export const otherOutcomeActs = {
  refused: deliveryActs.refused,
  moved: deliveryActs.moved,
  inHospital: deliveryActs.inHospital,
  died: deliveryActs.died,
  cannotReach: deliveryActs.cannotReach,
  wrongMeal: deliveryActs.wrongMeal,
  shortMeal: deliveryActs.shortMeal,
} as const;
