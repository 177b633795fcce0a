import * as v from 'valibot';
import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesStation } from '#engine/scope.ts';
import { meals } from './kitchen.record.ts';
import { absenceReasons } from './order.record.ts';

const kitchenStaff = ['coordinator', 'subdistrict', 'canteen'] as const;

export const countLine = v.object({
  variantId: v.string(),
  mode: v.picklist(['delivery', 'dineIn']),
  /** Null for dine-in and for deliveries that are on no route yet. */
  routeId: v.nullable(v.string()),
  elderIds: v.pipe(v.array(v.string()), v.readonly()),
});
/** Why somebody with an order is not cooked for. The reasons of an absence stand for themselves. */
export const exclusionReasons = ['fileEnded', 'paused', 'cancelled', ...absenceReasons] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];
export const exclusion = v.object({
  elderId: v.string(),
  reason: v.picklist(exclusionReasons),
  /** Last day of an absence, null when nobody knows it or the reason has no end. */
  until: v.nullable(v.string()),
});

/** 备餐数: what the cook was told for a day and meal. A later issue replaces an earlier one and keeps it. Id: date:meal:issue. */
export const kitchenCount = kind({
  name: 'kitchenCount',
  fields: {
    date: f.date(),
    meal: f.oneOf(meals),
    issue: f.whole({ min: 1, max: 99 }),
    lines: f.structure(v.pipe(v.array(countLine), v.readonly())),
    excluded: f.structure(v.pipe(v.array(exclusion), v.readonly())),
    /** People expected to come without an order, as forecast when the count was closed. */
    walkIns: f.whole({ min: 0, max: 10_000 }),
    closedAt: f.instant(),
    closedBy: f.person(),
    /** 厨房知道了. */
    kitchenKnowsAt: f.optional(f.instant()),
  },
  index: ['date'],
  sees: [seesStation({ roles: kitchenStaff, days: { field: 'date', from: -14, to: 14 } })],
  urgency: 1,
});

/** 堂食人数: how many ate in the canteen. Each tally is a fact; a correction points to what it corrects. */
export const dineInTally = kind({
  name: 'dineInTally',
  fields: {
    kitchenId: f.reference('kitchen'),
    date: f.date(),
    meal: f.oneOf(meals),
    /** People; negative only in a correction. */
    count: f.whole({ min: -10_000, max: 10_000 }),
    corrects: f.optional(f.text()),
    /** tap at the counter, or total of a ledger. */
    source: f.oneOf(['counter', 'ledger']),
    at: f.instant(),
    by: f.person(),
  },
  index: ['date', 'kitchenId', 'corrects'],
  sees: [seesStation({ roles: kitchenStaff, days: { field: 'date', from: -70, to: 1 } })],
});
