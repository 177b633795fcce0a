import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from './roles.ts';

/** A phone or browser that belongs to a person until it is revoked; what it last said about its unsent work. */
export const device = kind({
  name: 'device',
  fields: {
    person: f.person(),
    name: f.text({ max: 80 }),
    joinedAt: f.instant(),
    lastContactAt: f.optional(f.instant()),
    unsent: f.whole({ min: 0 }),
    oldestUnsentAt: f.optional(f.instant()),
    refused: f.whole({ min: 0 }),
    revokedAt: f.optional(f.instant()),
  },
  index: ['person'],
  sees: [seesStation({ roles: office }), seesMine('person')],
  urgency: 4,
});
