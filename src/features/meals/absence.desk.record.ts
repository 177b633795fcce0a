import * as v from 'valibot';
import { addDays } from '#engine/calendar.ts';
import { put, type Change } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import { meet, type Absence } from './absence.rules.ts';
import { aboutElder, elderId, takesOrders, takesOrdersFor } from './order-permission.ts';
import { absence, absenceReasons } from './order.record.ts';

const absenceId = f.reference('absence');
const aboutAbsence = { kind: absence, id: (args: { readonly absenceId: string }) => args.absenceId };
const span = {
  reason: f.oneOf(absenceReasons),
  from: f.date(),
  /** Last day away; null until somebody says they are back. */
  to: f.optional(f.date()),
  toldBy: f.optional(f.text({ max: 60 })),
  note: f.optional(f.note()),
};
const refusals = {
  'ends-before-start': m.meals_refused_ends_before_start,
  'already-away': m.meals_refused_already_away,
};

export const absenceLine = v.object({
  elderId: f.idSchema,
  reason: v.picklist(absenceReasons),
  from: f.date().schema,
  to: v.nullable(f.date().schema),
  /** False for what somebody has to ask about first. */
  confirmed: v.boolean(),
});
export type AbsenceLine = v.InferOutput<typeof absenceLine>;

export const absenceActs = mutationsOf(absence, {
  record: mutation({
    label: m.meals_act_record_absence,
    args: { elderId, ...span },
    about: aboutElder,
    may: takesOrders,
    refusals,
    apply(tx, args, ctx) {
      if (args.to !== null && args.to < args.from) return refuse('ends-before-start');
      const known = tx.where(absence, { elderId: args.elderId });
      if (known.some((one) => one.confirmed && meet(one, args))) return refuse('already-away');
      return [put(absence, { id: ctx.newId(), ...args, confirmed: true, recordedAt: ctx.at, recordedBy: ctx.person })];
    },
  }),
  /** The office has asked and it is so; with what was learnt, which may differ from what the door said. */
  confirm: mutation({
    label: m.meals_act_confirm_absence,
    args: { absenceId, ...span },
    about: aboutAbsence,
    may: takesOrdersFor,
    refusals: { 'ends-before-start': m.meals_refused_ends_before_start },
    apply(tx, { absenceId: id, ...args }) {
      const before = tx.get(absence, id);
      if (!before || (args.to !== null && args.to < args.from)) return refuse('ends-before-start');
      return [put(absence, { ...before, ...args, confirmed: true })];
    },
  }),
  extend: mutation({
    label: m.meals_act_extend_absence,
    args: { absenceId, to: f.optional(f.date()), toldBy: f.optional(f.text({ max: 60 })) },
    about: aboutAbsence,
    may: takesOrdersFor,
    refusals: { 'ends-before-start': m.meals_refused_ends_before_start },
    apply(tx, { absenceId: id, to, toldBy }) {
      const before = tx.get(absence, id);
      if (!before || (to !== null && to < before.from)) return refuse('ends-before-start');
      return [put(absence, { ...before, to, toldBy: toldBy ?? before.toldBy })];
    },
  }),
  /** Back home: from this day on there is a meal again. On or before the first day it says that nobody was away. */
  endReturn: mutation({
    label: m.meals_act_end_return,
    args: { absenceId, backOn: f.date() },
    about: aboutAbsence,
    may: takesOrdersFor,
    apply(tx, { absenceId: id, backOn }) {
      const before = tx.get(absence, id);
      return before ? [put(absence, { ...before, to: addDays(backOn, -1), confirmed: true })] : [];
    },
  }),
  /** Out of a ledger: what is known about these days already stays as it is. */
  recordMany: mutation({
    label: m.meals_act_record_absences,
    args: { rows: f.structure(v.pipe(v.array(absenceLine), v.minLength(1), v.maxLength(100))) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    apply(tx, { rows }, ctx) {
      const added: Absence[] = [];
      for (const line of rows) {
        const id = ['ledger', line.elderId, line.from].join(':');
        if (!tx.get(elder, line.elderId) || tx.get(absence, id) || (line.to !== null && line.to < line.from)) continue;
        const known = [...tx.where(absence, { elderId: line.elderId }), ...added];
        if (known.some((one) => one.elderId === line.elderId && meet(one, line))) continue;
        const told = { toldBy: null, note: null, recordedAt: ctx.at, recordedBy: ctx.person };
        added.push({ id, ...line, ...told });
      }
      return added.map((row): Change => put(absence, row));
    },
  }),
});
