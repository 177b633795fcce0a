import * as v from 'valibot';
import { put, remove } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { m } from '#messages';
import { ledgerLayout } from './ledger-layout.record.ts';

/** Columns of one ledger that somebody can set; the widest sheet that is read has 130. */
const columnsMax = 130;
const roles = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^\d{1,3}$/)), v.pipe(v.string(), v.regex(/^[A-Za-z]{1,30}$/))),
  v.check((given) => Object.keys(given).length <= columnsMax),
);

export const ledgerLayoutActs = mutationsOf(ledgerLayout, {
  /** The latest word counts, whoever said it. Setting nothing goes back to what the reader makes of it by itself. */
  remember: mutation({
    label: m.import_act_remember_layout,
    args: { signature: f.text({ max: 40 }), roles: f.structure(roles) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    apply(tx, { signature, roles: given }, ctx) {
      const communityId = ownCommunity(ctx);
      const id = layoutId(signature, communityId);
      if (Object.keys(given).length === 0) return tx.get(ledgerLayout, id) ? [remove(ledgerLayout, id)] : [];
      return [put(ledgerLayout, { id, communityId, signature, roles: given, by: ctx.person, at: ctx.at })];
    },
  }),
});

/** Who works in one community keeps its layouts; who works in several, those of the station. */
function ownCommunity({ communities }: Context): string | null {
  const [only, ...others] = communities === 'all' ? [] : communities;
  return only !== undefined && others.length === 0 ? only : null;
}

function layoutId(signature: string, communityId: string | null): string {
  return `${signature}:${communityId ?? 'all'}`;
}
