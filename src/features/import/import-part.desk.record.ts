import * as v from 'valibot';
import { put } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf, type AnyMutation } from '#engine/kind.ts';
import { isRefusal, refuse } from '#engine/refusal.ts';
import { parseFields } from '#engine/run-mutation.ts';
import { absenceActs } from '#features/meals/absence.desk.record.ts';
import { kitchenActs, mealPointActs } from '#features/meals/kitchen.desk.record.ts';
import { standingOrderActs } from '#features/meals/standing-order.desk.record.ts';
import { dineInTallyActs } from '#features/meals/tally.desk.record.ts';
import { elderRegistration } from '#features/people/elder.desk.record.ts';
import { elderCompletion } from '#features/people/elder-completion.desk.record.ts';
import { placeActs } from '#features/people/place.desk.record.ts';
import { volunteerActs } from '#features/people/volunteer.desk.record.ts';
import { m } from '#messages';
import { importPart } from './import-part.record.ts';
import { madeBy } from './made.rules.ts';
import { takeBack } from './take-back.rules.ts';

const registering: readonly AnyMutation[] = [
  placeActs.registerPlaces,
  elderRegistration.registerMany,
  elderCompletion.completeMany,
  volunteerActs.registerMany,
  kitchenActs.setUp,
  mealPointActs.setUp,
  absenceActs.recordMany,
  standingOrderActs.arrangeMany,
  dineInTallyActs.recordLedgerDays,
];
const actNamed = new Map(registering.map((act) => [act.name, act]));
const refusalsOfAll = Object.assign({}, ...registering.map(({ refusals }) => refusals)) as Record<string, () => string>;

/** An import as a whole can be taken back, because each part of it says what it made (decision 0034). */
export const importPartActs = mutationsOf(importPart, {
  /** Does one of the registering acts and writes down what it made. What changes nothing leaves no part. */
  bringIn: mutation({
    label: m.import_act_bring_in,
    args: {
      run: f.text({ max: 60 }),
      file: f.text({ max: 200 }),
      act: f.oneOf(registering.map(({ name }) => name)),
      given: f.structure(v.record(v.string(), v.unknown())),
    },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { ...refusalsOfAll, 'not-this-way': m.import_refused_not_this_way },
    apply(tx, { run, file, act, given }, ctx) {
      const own = actNamed.get(act);
      const args = own && parseFields(own.args, given);
      if (!own || !args || !own.may(ctx, undefined, tx, args)) return refuse('not-this-way');
      // Its id comes first: ids of what is made begin with it.
      const id = ctx.newId();
      const changes = own.apply(tx, args, ctx);
      if (isRefusal(changes)) return changes as never;
      if (!Array.isArray(changes)) return refuse('not-this-way');
      const made = madeBy(tx, id, changes);
      if (made.length === 0) return [];
      const part = { id, run, file, by: ctx.person, at: ctx.at, day: ctx.today, made };
      return [...changes, put(importPart, { ...part, takenBackAt: null, takenBackBy: null })];
    },
  }),
  takeBack: mutation({
    label: m.import_act_take_back,
    args: { partId: f.reference('importPart') },
    about: { kind: importPart, id: ({ partId }) => partId },
    may: (ctx, part) => hasRole(ctx, 'coordinator') && (ctx.communities === 'all' || part.by === ctx.person),
    refusals: { 'taken-back-before': m.import_refused_taken_back_before },
    apply(tx, { partId }, ctx) {
      const part = tx.get(importPart, partId);
      if (!part || part.takenBackAt !== null) return refuse('taken-back-before');
      return [...takeBack(tx, part), put(importPart, { ...part, takenBackAt: ctx.at, takenBackBy: ctx.person })];
    },
  }),
});
