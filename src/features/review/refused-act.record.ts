import * as f from '#engine/field.ts';
import { kind, type RowOf } from '#engine/kind.ts';
import { seesMine, seesStation } from '#engine/scope.ts';

const roles = ['coordinator'];
const someDays = { field: 'day', from: -14, to: 1 } as const;

/**
 * An act the centre did not take, as a person finds it who decides what becomes of it. The centre makes the record in
 * the same moment in which it refuses; its own book keeps the act for ever, whatever is decided.
 */
export const refusedAct = kind({
  name: 'refusedAct',
  fields: {
    act: f.text({ max: 120 }),
    argsVersion: f.whole({ min: 0 }),
    /** What the act said, as JSON; null when it is too much for a list. */
    said: f.optional(f.text({ max: 24_000, sensitive: true })),
    author: f.person(),
    /** Best known time of the act. */
    at: f.instant(),
    receivedAt: f.instant(),
    day: f.date(),
    code: f.text({ max: 120 }),
    /** The refused act this one stands on. */
    heldWith: f.optional(f.text({ max: 120 })),
    state: f.oneOf(['open', 'applied', 'discarded', 'givenBack']),
    decidedBy: f.optional(f.person()),
    decidedAt: f.optional(f.instant()),
    reason: f.optional(f.note({ max: 500 })),
  },
  index: ['state', 'author'],
  sees: [
    seesStation({ roles, having: { field: 'state', values: ['open'] } }),
    seesStation({ roles, days: someDays }),
    seesMine('author', { having: { field: 'state', values: ['givenBack'] }, days: someDays }),
  ],
  urgency: 2,
});

export type RefusedAct = RowOf<typeof refusedAct>;
