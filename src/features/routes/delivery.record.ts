import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

/** What happened at a door. 'withdrawn' takes back the fact it corrects. */
export const outcomes = [
  'handedOver',
  'handedToOther',
  'noAnswer',
  'refused',
  'moved',
  'inHospital',
  'cannotReach',
  'wrongMeal',
  'shortMeal',
  'withdrawn',
] as const;
export type Outcome = (typeof outcomes)[number];

/** 送达 and the other outcomes: a fact, never overwritten; a correction is a new fact that points to the old one. */
export const delivery = kind({
  name: 'delivery',
  fields: {
    stopId: f.reference('stop'),
    routeDayId: f.reference('routeDay'),
    date: f.date(),
    elderId: f.reference('elder'),
    outcome: f.oneOf(outcomes),
    /** The elder was seen in person. */
    seen: f.yesNo(),
    boxesBack: f.whole({ min: 0, max: 99 }),
    /** To whom it was handed, why it could not be reached, what was wrong. */
    note: f.optional(f.note()),
    corrects: f.optional(f.text()),
    at: f.instant(),
    by: f.person(),
  },
  index: ['stopId', 'routeDayId', 'elderId', 'date'],
  sees: [
    seesStation({ roles: [...office, 'canteen'], days: { field: 'date', from: -14, to: 1 } }),
    seesWith('stop', 'stopId', { roles: ['deliverer'] }),
    seesMine('by', { days: { field: 'date', from: 0, to: 1 } }),
  ],
  urgency: 1,
});
