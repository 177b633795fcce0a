import type { JudgedAct } from './exchange/store.ts';
import type { TransactionSql } from './postgres/connect.ts';
import type { AfterWrite } from './postgres/postgres-store.ts';

/**
 * What only the server does when an act was applied, in the same transaction: it is done exactly when the act is. It
 * gets the act as it is kept and may read and write the station's own tables; it must not wait for anything else.
 */
export type ServerEffect = (
  act: JudgedAct,
  context: { readonly station: string; readonly tx: TransactionSql },
) => Promise<void>;

/** Runs the effects of a batch in the order of its acts. */
export function effectsRunner(effects: ReadonlyMap<string, ServerEffect>): AfterWrite | undefined {
  if (effects.size === 0) return undefined;
  return async (tx, station, batch) => {
    for (const act of batch.acts)
      if (act.verdict === 'applied') await effects.get(act.act.name)?.(act, { station, tx });
  };
}
