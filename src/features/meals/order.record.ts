import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesStation, seesWith } from '#engine/scope.ts';
import { meals } from './kitchen.record.ts';

const kitchenStaff = ['coordinator', 'subdistrict', 'canteen'] as const;
export const mealModes = ['delivery', 'dineIn'] as const;
export type MealMode = (typeof mealModes)[number];
export const absenceReasons = ['hospital', 'family', 'travel', 'moved', 'died', 'other'] as const;

/** 长期订餐: what an elder eats on which weekdays until further notice. */
export const standingOrder = kind({
  name: 'standingOrder',
  fields: {
    elderId: f.reference('elder'),
    meal: f.oneOf(meals),
    /** ISO weekdays '1' Monday … '7' Sunday. */
    weekdays: f.someOf(['1', '2', '3', '4', '5', '6', '7']),
    mode: f.oneOf(mealModes),
    variantId: f.reference('mealVariant'),
    from: f.date(),
    to: f.optional(f.date()),
  },
  index: ['elderId', 'meal'],
  sees: [seesStation({ roles: kitchenStaff })],
});

/** 当日订餐: one elder's meal of one day when it differs from the standing order, or stands alone. Id: date:meal:elder. */
export const mealOrder = kind({
  name: 'mealOrder',
  fields: {
    elderId: f.reference('elder'),
    date: f.date(),
    meal: f.oneOf(meals),
    mode: f.oneOf(mealModes),
    variantId: f.reference('mealVariant'),
    /** Cancelled orders stay, so that nothing makes them again. */
    state: f.oneOf(['ordered', 'cancelled']),
    /** Who asked for it: the elder by phone, the family, the volunteer. */
    askedBy: f.optional(f.text({ max: 60 })),
    note: f.optional(f.note()),
    /** Came after the cut-off: the kitchen has to be told in a new issue of the count. */
    late: f.yesNo(),
    changedAt: f.instant(),
  },
  index: ['elderId', 'date'],
  sees: [seesStation({ roles: kitchenStaff, days: { field: 'date', from: -2, to: 14 } })],
});

/** 不在: from when to when nobody needs to be fed or visited here, and who said so. */
export const absence = kind({
  name: 'absence',
  fields: {
    elderId: f.reference('elder'),
    reason: f.oneOf(absenceReasons),
    from: f.date(),
    /** Last day away; null until somebody says they are back. */
    to: f.optional(f.date()),
    toldBy: f.optional(f.text({ max: 60 })),
    note: f.optional(f.note()),
    /** A draft was opened at a door and waits for the coordinator. */
    confirmed: f.yesNo(),
    recordedAt: f.instant(),
    recordedBy: f.person(),
  },
  index: ['elderId'],
  sees: [seesStation({ roles: kitchenStaff }), seesWith('elder', 'elderId', { roles: ['visitor'] })],
});
