import * as v from 'valibot';
import * as f from '#engine/field.ts';
import { kind, type RowOf } from '#engine/kind.ts';
import { seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

/** 表的样子: what somebody has said about the columns of a ledger, so that next month's file is read so by itself. */
export const ledgerLayout = kind({
  name: 'ledgerLayout',
  fields: {
    communityId: f.optional(f.reference('community')),
    /** Sum over the headings as they were written, in their order. */
    signature: f.text({ max: 40 }),
    /** Number of the column from the left, counted from 0, to what it is. Only those that somebody has set. */
    roles: f.structure(v.record(v.string(), v.string())),
    by: f.person(),
    at: f.instant(),
  },
  index: ['signature'],
  sees: [seesStation({ roles: office })],
});
export type LedgerLayout = RowOf<typeof ledgerLayout>;
