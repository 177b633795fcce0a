import * as v from 'valibot';
import * as f from '#engine/field.ts';
import { kind, type RowOf } from '#engine/kind.ts';
import { seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

/** One record that a part has made or completed. */
const madeRecord = v.object({
  kind: v.string(),
  /** '~' stands for the id of the part, with which most ids begin. */
  id: v.string(),
  /** Sum over the record as the part left it: another sum says that somebody has been at it since. */
  sum: v.string(),
  /** What stood in the fields that the part has changed, for a record that was there before. */
  was: v.optional(v.record(v.string(), v.unknown())),
});
export type MadeRecord = v.InferOutput<typeof madeRecord>;

/**
 * 导入的一批: some rows of a ledger that came in with one act, and what that made (decision 0034). All parts with the
 * same `run` are one import.
 */
export const importPart = kind({
  name: 'importPart',
  fields: {
    run: f.text({ max: 60 }),
    file: f.text({ max: 200 }),
    by: f.person(),
    at: f.instant(),
    day: f.date(),
    made: f.structure(v.array(madeRecord)),
    takenBackAt: f.optional(f.instant()),
    takenBackBy: f.optional(f.person()),
  },
  index: ['run'],
  sees: [seesStation({ roles: office, days: { field: 'day', from: -30, to: 1 } })],
});
export type ImportPart = RowOf<typeof importPart>;
