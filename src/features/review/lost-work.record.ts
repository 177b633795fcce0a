import * as f from '#engine/field.ts';
import { kind, type RowOf } from '#engine/kind.ts';
import { seesMine, seesStation } from '#engine/scope.ts';

const roles = ['coordinator'];
const someDays = { field: 'day', from: -14, to: 1 } as const;

/**
 * Acts that a phone had called saved and that are gone: the browser has thrown its store away and no other home had
 * them. Nobody knows what they said, so somebody has to ask their author. The centre makes the record when the phone
 * tells; the numbers are those of the device.
 */
export const lostWork = kind({
  name: 'lostWork',
  fields: {
    device: f.text({ max: 120 }),
    person: f.person(),
    count: f.whole({ min: 1 }),
    numbers: f.text({ max: 2_000 }),
    /** Best known times between which they were done, as far as the phone knew. */
    from: f.optional(f.instant()),
    to: f.optional(f.instant()),
    toldAt: f.instant(),
    day: f.date(),
    state: f.oneOf(['open', 'settled']),
    settledBy: f.optional(f.person()),
    settledAt: f.optional(f.instant()),
    finding: f.optional(f.note({ max: 500 })),
  },
  index: ['state', 'person'],
  sees: [
    seesStation({ roles, having: { field: 'state', values: ['open'] } }),
    seesStation({ roles, days: someDays }),
    seesMine('person', { having: { field: 'state', values: ['open'] } }),
  ],
  urgency: 2,
});

export type LostWork = RowOf<typeof lostWork>;
