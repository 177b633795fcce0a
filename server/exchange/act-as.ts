import type { Registry } from '#engine/registry.ts';
import type { Verdict, WireMutation } from '#engine/protocol.ts';
import { mutationsPerExchange } from '#engine/limits.ts';
import { againOnRace } from './again-on-race.ts';
import type { Clock } from './exchange.ts';
import type { DeviceSession, ReportError } from './judge.ts';
import { passing, repeatedVerdict, takeActs, type PushSetting, type Refuses } from './push.ts';
import type { StationStore } from './store.ts';

/** One act the server does for somebody: a line of an import, a step of a job, a correction by staff. */
export interface ServerCall {
  readonly name: string;
  readonly args: unknown;
  readonly version?: number;
  /** Id of the act. The same id again is taken once, so work that may be repeated names its acts itself. */
  readonly id: string;
  /** When it happened (ms, UTC); now when left out. */
  readonly at?: number;
}

/**
 * Does acts on behalf of a person from a device of the system's own, through the same way as a phone's: judged, taken
 * once, with verdicts, review and audit. Verdicts come in the order of the calls.
 */
export async function actAs(
  store: StationStore,
  registry: Registry,
  clock: Clock,
  session: DeviceSession,
  calls: readonly ServerCall[],
  report: ReportError = () => undefined,
): Promise<readonly Verdict[]> {
  const setting: PushSetting = { store, registry, now: clock.now, report, epoch: null };
  const verdicts: Verdict[] = [];
  const take = (some: readonly ServerCall[], refuses: Refuses) => inOneTransaction(setting, session, some, refuses);
  for (let from = 0; from < calls.length; from += mutationsPerExchange)
    verdicts.push(...(await passing(calls.slice(from, from + mutationsPerExchange), take, report)));
  return verdicts;
}

/** The counter is taken first: numbers follow the last one of the device, and nobody else may take them meanwhile. */
async function inOneTransaction(
  setting: PushSetting,
  session: DeviceSession,
  calls: readonly ServerCall[],
  refuses: Refuses,
): Promise<readonly Verdict[]> {
  return againOnRace(() =>
    setting.store.transaction(session.identity.station, 'push', async (tx) => {
      await tx.lockClock();
      const asked = calls.map(({ id }) => ({ seq: 0, id }));
      const taken = (await tx.taken(session.device, asked)).filter(({ device }) => device === session.device);
      const known = new Map(taken.map((one) => [one.id, one]));
      const last = await tx.lastSeq(session.device);
      const acts = calls.filter(({ id }) => !known.has(id)).map((call, at) => wireOf(call, last + 1 + at, setting));
      const fresh = await takeActs(tx, setting, session, acts, { refuses, counterFirst: true });
      const verdicts = new Map(fresh.map((one) => [one.id, one]));
      for (const one of taken) verdicts.set(one.id, repeatedVerdict(one, one));
      return calls.map(({ id }) => verdicts.get(id) as Verdict);
    }),
  );
}

function wireOf({ name, args, version, id, at }: ServerCall, seq: number, setting: PushSetting): WireMutation {
  const current = setting.registry.mutations.get(name)?.version ?? 1;
  const claimedAt = at ?? setting.now();
  return {
    seq,
    id,
    name,
    args,
    claimedAt,
    version: version ?? current,
    serverTime: null,
    sinceServer: null,
    offset: null,
  };
}
