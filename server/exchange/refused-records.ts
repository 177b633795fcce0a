import { dayOf } from '#engine/calendar.ts';
import type { Change } from '#engine/change.ts';
import { idLengthMax } from '#engine/limits.ts';
import type { Registry } from '#engine/registry.ts';
import { shortHash } from './content.ts';
import type { JudgedAct } from './store.ts';

/** The kind of record in which somebody finds refused acts and decides about them, when the station has one. */
export const refusedActKind = 'refusedAct';
/** Devices of the system's own begin with this; what a job is refused waits for no person. */
const systemDevice = 'system:';
const saidMax = 24_000;
const instantMax = 4_102_444_800_000;

/** Id of the record of a refused act: the act's own, so that what it would have made gets the ids it would have had. */
export function refusedRecordId({ act, device }: JudgedAct, isClash: boolean): string {
  return isClash ? `clash:${shortHash([device, act.seq, act.id])}` : act.id;
}

/** Records for the refused acts of a batch, made in the same moment. */
export function refusedRecords(
  registry: Registry,
  acts: readonly JudgedAct[],
  clashes: readonly JudgedAct[],
): readonly Change[] {
  if (!registry.kinds.some(({ name }) => name === refusedActKind)) return [];
  const waits = (one: JudgedAct): boolean => one.verdict === 'refused' && !one.device.startsWith(systemDevice);
  return [
    ...acts.filter(waits).map((one) => recordOf(one, false)),
    ...clashes.filter(waits).map((one) => recordOf(one, true)),
  ];
}

function recordOf(one: JudgedAct, isClash: boolean): Change {
  const { act, person, correctedAt, receivedAt, code, heldWith } = one;
  const said = JSON.stringify(act.args ?? null);
  const id = refusedRecordId(one, isClash);
  const row = {
    id,
    act: act.name,
    argsVersion: Math.min(act.version, 2_147_483_647),
    said: said.length > saidMax ? null : said,
    author: person,
    at: withinReach(correctedAt),
    receivedAt,
    day: dayOf(receivedAt),
    code: (code ?? 'server-check').slice(0, idLengthMax),
    heldWith,
    state: 'open',
    decidedBy: null,
    decidedAt: null,
    reason: null,
  };
  return { kind: refusedActKind, id, row };
}

/** A clock may have said anything; a record holds what a date can say. */
function withinReach(at: number): number {
  return Number.isNaN(at) ? 0 : Math.round(Math.min(instantMax, Math.max(0, at)));
}
