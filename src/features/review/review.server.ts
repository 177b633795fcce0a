import type { ServerEffect } from '#server/effects.ts';
import { refusedActActs } from './refused-act.desk.record.ts';

/** The centre's own book of refused acts says what was decided, too, so that nobody waits for it any more. */
const noted =
  (decision: string): ServerEffect =>
  async (acts, { station, tx }) => {
    const decisions = acts.map(({ act, person, receivedAt }) => ({
      id: (act.args as { refusedActId: string }).refusedActId,
      person,
      at: new Date(receivedAt).toISOString(),
    }));
    await tx`update review set handled_at = d.at, handled_by = d.person, decision = ${decision}
      from jsonb_to_recordset(${JSON.stringify(decisions)}::text::jsonb) as d(id text, person text, at timestamptz)
      where review.station_id = ${station} and review.record_id = d.id`;
  };

export const effects: Readonly<Record<string, ServerEffect>> = {
  [refusedActActs.applyAgain.name]: noted('applied'),
  [refusedActActs.discard.name]: noted('discarded'),
  [refusedActActs.giveBack.name]: noted('given-back'),
};
