import { rowsPerAnswer } from '#engine/limits.ts';
import type { ExchangeAnswer } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { againOnRace } from './again-on-race.ts';
import { noteContact } from './contact.ts';
import { noteLost } from './lost-acts.ts';
import type { DeviceSession, ReportError } from './judge.ts';
import { answerAtOnce, pull } from './pull.ts';
import { push } from './push.ts';
import { parseRequest } from './request.ts';
import type { StationStore } from './store.ts';

export interface Clock {
  /** Milliseconds since 1970 (UTC). */
  readonly now: () => number;
}

/**
 * One exchange: takes what the phone did, then answers with what changed for it. Push and pull are two transactions;
 * when the second fails, the phone gets no answer, sends the same again and receives the stored verdicts.
 *
 * Throws `MalformedRequest` when the request is not of the protocol's shape, and what the store throws when it is gone.
 */
export async function exchange(
  store: StationStore,
  registry: Registry,
  clock: Clock,
  session: DeviceSession,
  input: unknown,
  report: ReportError = () => undefined,
  rowsMax = rowsPerAnswer,
): Promise<ExchangeAnswer> {
  const request = parseRequest(input);
  const { unsent, oldestAt, refused } = request.queue;
  const said = { unsent, oldestAt, refused };
  const setting = { store, registry, now: clock.now, report, epoch: request.epoch, said };
  // Most exchanges of a day bring and find nothing: one statement is enough to say so.
  const glance = async () => {
    const seen = await store.glance(session.identity.station, session.device);
    return answerAtOnce(seen, registry, session, request, clock.now());
  };
  const pullOnce = () =>
    store.transaction(session.identity.station, 'pull', (tx) =>
      pull(tx, registry, session, request, clock.now(), rowsMax),
    );
  const verdicts = await push(setting, session, request.mutations);
  // Before the answer, which then carries the record to those who see it.
  await noteLost(store, registry, session, request.lost ?? [], clock.now());
  const isQuiet = request.mutations.length === 0 && !request.lost && request.cookie !== null;
  const atOnce = isQuiet ? await glance() : null;
  const pulled = atOnce ?? (await againOnRace(pullOnce));
  // While a device is being filled, noting each step would only make one more change to fetch.
  if (!pulled.answer.more) await noteContact(store, registry, session, pulled.contact, { ...said, at: clock.now() });
  const answered = new Set(verdicts.map(({ seq }) => seq));
  const late = pulled.answer.verdicts.filter(({ seq }) => !answered.has(seq));
  return { ...pulled.answer, verdicts: [...verdicts, ...late], serverTime: clock.now() };
}
