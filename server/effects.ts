import type { JudgedAct } from './exchange/store.ts';
import type { TransactionSql } from './postgres/connect.ts';
import type { AfterWrite } from './postgres/postgres-store.ts';

/**
 * What only the server does when acts of one name were applied, in the same transaction: it is done exactly when they
 * are. It gets all of them that came together, as they are kept, so that a hundred cost no more statements than one; it
 * may read and write the station's own tables and must not wait for anything else.
 */
export type ServerEffect = (
  acts: readonly JudgedAct[],
  context: { readonly station: string; readonly tx: TransactionSql },
) => Promise<void>;

/** Runs the effects of a batch, once for each name, in the order in which the names first stand in it. */
export function effectsRunner(effects: ReadonlyMap<string, ServerEffect>): AfterWrite | undefined {
  if (effects.size === 0) return undefined;
  return async (tx, station, batch) => {
    const applied = batch.acts.filter(({ verdict }) => verdict === 'applied');
    for (const name of new Set(applied.map(({ act }) => act.name)))
      await effects.get(name)?.(
        applied.filter(({ act }) => act.name === name),
        { station, tx },
      );
  };
}
