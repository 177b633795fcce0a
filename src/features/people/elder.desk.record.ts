import * as v from 'valibot';
import { put, remove } from '#engine/change.ts';
import { hasRole, worksIn, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { contactLine, dietLine, elderLine } from './elder-line.ts';
import { elder } from './elder.record.ts';
import { ElderRegistration } from './elder-registration.rules.ts';
import { followDiet } from './follow-diet.rules.ts';
import { rowsPerAct } from './place.desk.record.ts';
import { building, contact } from './place.record.ts';

const aboutElder = { kind: elder, id: (args: { readonly elderId: string }) => args.elderId };
const elderId = f.reference('elder');

/** Files are kept by the coordinator of the community; everybody else reads. */
function keepsFile(ctx: Context, subject: RowOf<typeof elder>): boolean {
  return hasRole(ctx, 'coordinator') && worksIn(ctx, subject.communityId);
}

export const elderRegistration = mutationsOf(elder, {
  registerMany: mutation({
    label: m.people_act_register_many,
    args: { rows: f.structure(v.pipe(v.array(elderLine), v.minLength(1), v.maxLength(rowsPerAct))) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'other-community': m.people_refused_other_community },
    apply(tx, { rows }, ctx) {
      const registration = new ElderRegistration(tx, ctx);
      for (const line of rows) if (registration.take(line) === 'other-community') return refuse('other-community');
      return registration.changes;
    },
  }),
  register: mutation({
    label: m.people_act_register,
    args: { row: f.structure(elderLine) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'already-here': m.people_refused_already_here, 'other-community': m.people_refused_other_community },
    apply(tx, { row }, ctx) {
      const registration = new ElderRegistration(tx, ctx);
      const came = registration.take(row);
      if (came === 'known') return refuse('already-here');
      return came === 'added' ? registration.changes : refuse('other-community');
    },
  }),
});

export const elderActs = mutationsOf(elder, {
  correct: mutation({
    label: m.people_act_correct,
    args: {
      elderId,
      name: f.text({ max: 60 }),
      callName: f.optional(f.text({ max: 60 })),
      pinyin: f.optional(f.text({ max: 120 })),
      sex: f.optional(f.oneOf(['F', 'M'])),
      birthDate: f.optional(f.date()),
      phones: f.structure(v.pipe(v.array(f.phone().schema), v.maxLength(10))),
      living: f.optional(f.text({ max: 60 })),
      categories: f.list(),
      health: f.optional(f.note()),
      note: f.optional(f.note()),
      mayLeaveAtDoor: f.yesNo(),
    },
    about: aboutElder,
    may: keepsFile,
    apply(tx, { elderId: id, ...facts }) {
      const before = tx.get(elder, id);
      return before ? [put(elder, { ...before, ...facts })] : [];
    },
  }),
  /** One category put on or taken off, whatever else is being changed of the facts elsewhere. */
  setCategory: mutation({
    label: m.people_act_set_category,
    args: { elderId, category: f.text({ max: 60 }), has: f.yesNo() },
    about: aboutElder,
    may: keepsFile,
    apply(tx, { elderId: id, category, has }) {
      const before = tx.get(elder, id);
      const others = (before?.categories ?? []).filter((one) => one !== category);
      if (!before || category.trim() === '') return [];
      return [put(elder, { ...before, categories: has ? [...others, category] : others })];
    },
  }),
  move: mutation({
    label: m.people_act_move,
    args: {
      elderId,
      communityId: f.reference('community'),
      buildingId: f.optional(f.reference('building')),
      address: f.text({ max: 200 }),
      entrance: f.optional(f.text({ max: 20 })),
      floor: f.optional(f.whole({ min: -5, max: 199 })),
      door: f.optional(f.text({ max: 20 })),
    },
    about: aboutElder,
    may: keepsFile,
    refusals: { 'other-community': m.people_refused_other_community },
    apply(tx, { elderId: id, ...to }, ctx) {
      const before = tx.get(elder, id);
      if (!before) return [];
      const place = to.buildingId === null ? undefined : tx.get(building, to.buildingId);
      const elsewhere = place !== undefined && place.communityId !== to.communityId;
      if (elsewhere || !worksIn(ctx, to.communityId)) return refuse('other-community');
      // The code opens the old house, not the new one.
      const accessCode = to.buildingId === before.buildingId ? before.accessCode : null;
      return [put(elder, { ...before, ...to, gridId: place?.gridId ?? null, accessCode })];
    },
  }),
  changeDiet: mutation({
    label: m.people_act_change_diet,
    args: { elderId, diet: f.structure(dietLine) },
    about: aboutElder,
    may: keepsFile,
    apply: (tx, { elderId: id, diet }, ctx) => followDiet(tx, id, diet, ctx),
  }),
  setAccess: mutation({
    label: m.people_act_set_access,
    args: { elderId, accessNote: f.optional(f.note()), accessCode: f.optional(f.text({ max: 40 })) },
    about: aboutElder,
    may: keepsFile,
    apply(tx, { elderId: id, ...access }) {
      const before = tx.get(elder, id);
      return before ? [put(elder, { ...before, ...access })] : [];
    },
  }),
  setContacts: mutation({
    label: m.people_act_set_contacts,
    args: {
      elderId,
      /** In the order in which they are called; `id` for somebody who is on the list already. */
      contacts: f.structure(
        v.pipe(v.array(v.object({ id: v.nullable(f.idSchema), ...contactLine.entries })), v.maxLength(10)),
      ),
    },
    about: aboutElder,
    may: keepsFile,
    apply(tx, { elderId: id, contacts }, ctx) {
      const before = new Map(tx.where(contact, { elderId: id }).map((row) => [row.id, row]));
      const after = contacts.map((line, at) => {
        // An id that is not on this elder's list would let one file write into another.
        const own = line.id !== null && before.has(line.id) ? line.id : ctx.newId();
        return { ...line, id: own, elderId: id, order: at + 1 };
      });
      const kept = new Set(after.map((row) => row.id));
      const gone = [...before.keys()].filter((one) => !kept.has(one));
      return [...after.map((row) => put(contact, row)), ...gone.map((one) => remove(contact, one))];
    },
  }),
});
