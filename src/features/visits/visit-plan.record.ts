import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

/** 探访计划: how often an elder is to be looked in on, and who usually goes. Id: the elder's. */
export const visitPlan = kind({
  name: 'visitPlan',
  fields: {
    elderId: f.reference('elder'),
    /** Days between visits: 7, 30, 90 by tier. */
    everyDays: f.whole({ min: 1, max: 366 }),
    visitorId: f.optional(f.person()),
    dueOn: f.date(),
    lastVisitOn: f.optional(f.date()),
    active: f.yesNo(),
  },
  index: ['elderId', 'visitorId', 'dueOn'],
  sees: [seesStation({ roles: office }), seesMine('visitorId', { roles: ['visitor'] })],
  urgency: 2,
});
