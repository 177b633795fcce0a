import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

/** 志愿者: what a volunteer can do and when. The same id as the person; signing in hangs on the person's roles. */
export const volunteer = kind({
  name: 'volunteer',
  fields: {
    personId: f.reference('person'),
    number: f.optional(f.text({ max: 40 })),
    sex: f.optional(f.oneOf(['F', 'M'])),
    communityId: f.optional(f.reference('community')),
    team: f.optional(f.text({ max: 80 })),
    skills: f.list(),
    /** ISO weekdays '1'…'7'; empty when nothing was said. */
    days: f.someOf(['1', '2', '3', '4', '5', '6', '7']),
    /** Parts of the day: early, morning, noon, afternoon, evening, all. */
    parts: f.list(),
    irregular: f.yesNo(),
    transport: f.optional(f.text({ max: 60 })),
    training: f.list(),
    /** 固定 rather than 机动. */
    fixed: f.yesNo(),
    /** Hours and points brought over from the old ledger; new ones are counted from records. */
    hoursBefore: f.optional(f.measure({ min: 0 })),
    pointsBefore: f.optional(f.measure()),
    status: f.oneOf(['active', 'resting', 'left']),
    note: f.optional(f.note({ only: office })),
  },
  index: ['personId', 'communityId', 'team'],
  sees: [seesStation({ roles: office }), seesMine('personId')],
});
