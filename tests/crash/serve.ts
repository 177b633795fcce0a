import type { StationStore } from '#server/exchange/store.ts';
import { Gate } from '#server/gate.ts';
import { exchangesAtOnce, exchangesWaitingMax } from '#server/limits.ts';
import { Metrics } from '#server/metrics.ts';
import { PokeHub } from '#server/pokes.ts';
import { connect } from '#server/postgres/connect.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import type { Station } from '#server/station.ts';
import { doorServer } from '../support/door-server.ts';
import { simulatedRegistry } from '../sync/kinds.ts';

/**
 * A server process of its own over the simulated kinds: the real door, exchange, store and pokes. The test starts it,
 * kills it in the middle of whatever it does, and starts it again. Says its port when it can be asked.
 */
const sql = connect(process.env.DATABASE_URL ?? '');
const pokes = new PokeHub();
await pokes.listen(sql);
const store = new PostgresStore(sql, simulatedRegistry);
const station = {
  sql,
  store: process.env.CRASH_FLAW === 'forgets' ? forgetful(store) : store,
  registry: simulatedRegistry,
  parts: { effects: new Map(), queries: new Map(), jobs: new Map() },
  pokes,
  gate: new Gate({ atOnce: exchangesAtOnce, waitingMax: exchangesWaitingMax }),
  metrics: new Metrics(),
  now: Date.now,
  report: () => undefined,
} as unknown as Station;

/** A planted mistake: answers as if a batch was taken, and takes every third one back. */
function forgetful(inner: StationStore): StationStore {
  let batches = 0;
  return {
    glance: (name, device) => inner.glance(name, device),
    async transaction(name, mode, work) {
      if (mode === 'push') batches += 1;
      if (mode === 'pull' || batches % 3 > 0) return inner.transaction(name, mode, work);
      let result: unknown;
      const undo = new Error('undo');
      await inner
        .transaction(name, mode, async (tx) => {
          result = await work(tx);
          throw undo;
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error;
        });
      return result as Awaited<ReturnType<typeof work>>;
    },
  };
}

const server = doorServer(station);
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' && address ? address.port : 0}\n`);
});
