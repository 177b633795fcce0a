import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesStation } from '#engine/scope.ts';

export const meals = ['breakfast', 'lunch', 'dinner'] as const;
export type Meal = (typeof meals)[number];

/** 食堂: cooks, seats people and packs what is carried out. */
export const kitchen = kind({
  name: 'kitchen',
  fields: {
    name: f.text({ max: 80 }),
    seats: f.whole({ min: 0, max: 10_000 }),
    /** Until when a meal can be changed, on the day before: 截单. */
    cutOff: f.localTime(),
    latitude: f.optional(f.measure({ min: -90, max: 90 })),
    longitude: f.optional(f.measure({ min: -180, max: 180 })),
    /** Cooks now. Closed kitchens stay, because old counts point to them. */
    active: f.yesNo(),
  },
  index: ['active'],
  sees: [seesStation()],
});

/** 助餐点: where people eat or volunteers fetch the boxes. */
export const mealPoint = kind({
  name: 'mealPoint',
  fields: {
    name: f.text({ max: 80 }),
    kitchenId: f.reference('kitchen'),
    communityId: f.optional(f.reference('community')),
    latitude: f.optional(f.measure({ min: -90, max: 90 })),
    longitude: f.optional(f.measure({ min: -180, max: 180 })),
  },
  index: ['kitchenId', 'communityId'],
  sees: [seesStation()],
});

/** 餐型: the few kinds of box a kitchen packs. The sign and its shape go with the place in the list. */
export const mealVariant = kind({
  name: 'mealVariant',
  fields: {
    name: f.text({ max: 40 }),
    /** 甲 乙 丙 丁 戊 on box, list and paper. */
    sign: f.text({ max: 4 }),
    place: f.whole({ min: 0, max: 20 }),
    /** A swap of this box harms: shown as an alarm at the door. */
    alarm: f.yesNo(),
    /** Diet types and texture that lead here, e.g. 'diabetic', 'texture:soft'. */
    matches: f.list(),
    /** Is packed now. Variants that are no longer packed stay, because old orders point to them. */
    active: f.yesNo(),
  },
  index: ['active'],
  sees: [seesStation()],
  urgency: 1,
});
