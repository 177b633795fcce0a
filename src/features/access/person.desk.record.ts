import { put } from '#engine/change.ts';
import { hasRole, worksIn, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { person } from './person.record.ts';
import { roles } from './roles.ts';

const reach = { roles: f.someOf(roles), allCommunities: f.yesNo(), communities: f.list() };

/** Nobody gives away more of the station than is their own. */
function withinOwnReach(ctx: Context, given: { allCommunities: boolean; communities: readonly string[] }): boolean {
  return given.allCommunities ? ctx.communities === 'all' : given.communities.every((id) => worksIn(ctx, id));
}

export const personActs = mutationsOf(person, {
  register: mutation({
    label: m.access_act_register_person,
    args: { name: f.text({ max: 60 }), phone: f.optional(f.phone()), ...reach },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'beyond-own-reach': m.access_refused_beyond_own_reach },
    apply(_tx, args, ctx) {
      if (!withinOwnReach(ctx, args)) return refuse('beyond-own-reach');
      return [put(person, { id: ctx.newId(), ...args, active: true })];
    },
  }),
  grant: mutation({
    label: m.access_act_grant,
    args: { personId: f.reference('person'), ...reach },
    about: { kind: person, id: (args) => args.personId },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: {
      'beyond-own-reach': m.access_refused_beyond_own_reach,
      'own-role': m.access_refused_own_role,
    },
    apply(tx, { personId, ...given }, ctx) {
      const before = tx.get(person, personId);
      if (!before) return [];
      if (!withinOwnReach(ctx, given) || !withinOwnReach(ctx, before)) return refuse('beyond-own-reach');
      // A station whose only coordinator took the role off by mistake could not give it back.
      if (personId === ctx.person && !given.roles.includes('coordinator')) return refuse('own-role');
      return [put(person, { ...before, ...given })];
    },
  }),
  /** Somebody who left, or came back. What they did stays theirs. */
  setActive: mutation({
    label: m.access_act_set_active,
    args: { personId: f.reference('person'), active: f.yesNo() },
    about: { kind: person, id: (args) => args.personId },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: {
      'beyond-own-reach': m.access_refused_beyond_own_reach,
      'own-role': m.access_refused_own_role,
    },
    apply(tx, { personId, active }, ctx) {
      const before = tx.get(person, personId);
      if (!before) return [];
      if (!withinOwnReach(ctx, before)) return refuse('beyond-own-reach');
      if (personId === ctx.person && !active) return refuse('own-role');
      return [put(person, { ...before, active })];
    },
  }),
});
