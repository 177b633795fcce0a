import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesMine, seesReferredBy, seesStation } from '#engine/scope.ts';
import { office, roles } from './roles.ts';

/** Somebody who can act here: staff or volunteer. What they may do hangs on roles and communities, set by the coordinator. */
export const person = kind({
  name: 'person',
  fields: {
    name: f.text({ max: 60 }),
    phone: f.optional(f.phone({ only: office, sensitive: true })),
    roles: f.someOf(roles),
    /** Works in every community of the station; otherwise only in those listed. */
    allCommunities: f.yesNo(),
    communities: f.list(),
    active: f.yesNo(),
  },
  index: ['name'],
  sees: [
    seesStation({ roles: office }),
    seesMine('id'),
    // The two who escort somebody together know each other's name.
    seesReferredBy('escort', 'firstPerson'),
    seesReferredBy('escort', 'secondPerson'),
  ],
  urgency: 2,
});
