import { dayOf } from '#engine/calendar.ts';
import type { Change } from '#engine/change.ts';
import { formerNames } from '#engine/former-numbers.ts';
import type { FormerNumbers, LostActs } from '#engine/protocol.ts';
import { countOf, numbersOf, rangesText, without } from '#engine/ranges.ts';
import type { Registry } from '#engine/registry.ts';
import { againOnRace } from './again-on-race.ts';
import { shortHash } from './content.ts';
import { deviceKind } from './contact.ts';
import type { DeviceSession } from './judge.ts';
import type { StationStore, StationTransaction, TakenAct } from './store.ts';

/** The kind of record in which the office finds what a phone has lost, when the station has one. */
export const lostWorkKind = 'lostWork';
const numbersTextMax = 2_000;

/**
 * A phone has lost acts it had called saved. What the centre has of them is not lost; the rest becomes one record for
 * the office, which is to ask the author. The same loss told again, because an answer was lost, is noted once.
 */
export async function noteLost(
  store: StationStore,
  registry: Registry,
  session: DeviceSession,
  told: readonly LostActs[],
  now: number,
): Promise<void> {
  if (told.length === 0 || !registry.kinds.some(({ name }) => name === lostWorkKind)) return;
  await againOnRace(() => store.transaction(session.identity.station, 'push', (tx) => write(tx, session, told, now)));
}

async function write(
  tx: StationTransaction,
  session: DeviceSession,
  told: readonly LostActs[],
  now: number,
): Promise<void> {
  // First, so that nobody else notes the same loss in between.
  const clock = await tx.lockClock();
  const rows: Change[] = [];
  for (const lost of told) {
    const row = (await isOwn(tx, session, lost.device)) ? await recordOf(tx, session, lost, now) : null;
    if (row && !rows.some(({ id }) => id === row.id)) rows.push(row);
  }
  if (rows.length > 0) await tx.write({ version: clock.version + 1, rows, acts: [], clashes: [] });
}

/** Nobody tells of a loss on somebody else's phone. */
async function isOwn(tx: StationTransaction, { device, identity }: DeviceSession, lostOn: string): Promise<boolean> {
  if (lostOn === device) return true;
  const [former] = await tx.load({ rows: [{ kind: deviceKind, id: lostOn }], sets: [] });
  return former?.row.person === identity.person;
}

async function recordOf(
  tx: StationTransaction,
  { identity }: DeviceSession,
  { device, numbers, from, to, former = [] }: LostActs,
  now: number,
): Promise<Change | null> {
  const taken = (await takenOf(tx, device, numbersOf(numbers))).map(({ seq }) => seq);
  const before = await takenBefore(tx, identity.person, former);
  const missing = without(numbers, [...taken, ...before]);
  if (missing.length === 0) return null;
  // By what was told: when some of it arrives between two tellings, it is the same loss still.
  const id = `lost:${shortHash([device, numbers])}`;
  const [noted] = await tx.load({ rows: [{ kind: lostWorkKind, id }], sets: [] });
  if (noted) return null;
  const row = {
    id,
    device,
    person: identity.person,
    count: countOf(missing),
    numbers: rangesText(missing).slice(0, numbersTextMax),
    from: timeOf(from, now),
    to: timeOf(to, now),
    toldAt: now,
    day: dayOf(now),
    state: 'open',
    settledBy: null,
    settledAt: null,
    finding: null,
  };
  return { kind: lostWorkKind, id, row };
}

const takenOf = (tx: StationTransaction, device: string, seqs: readonly number[]): Promise<readonly TakenAct[]> =>
  tx.taken(
    device,
    seqs.map((seq) => ({ seq, id: '' })),
  );

/**
 * Numbers whose acts the centre took from a former device: the phone did not hear of that and took them along under
 * other numbers. What was somebody else's act there says nothing about them.
 */
async function takenBefore(
  tx: StationTransaction,
  person: string,
  former: readonly FormerNumbers[],
): Promise<readonly number[]> {
  const found: number[] = [];
  for (const one of former) {
    const nowOf = new Map([...formerNames([one])].map(([, now, then]) => [then, now]));
    const taken = await takenOf(tx, one.device, [...nowOf.keys()]);
    for (const act of taken) if (act.person === person) found.push(nowOf.get(act.seq) as number);
  }
  return found;
}

/** What a phone says of its time is not checked by anybody; nothing was done after now. */
const timeOf = (said: number | null, now: number): number | null =>
  said === null ? null : Math.round(Math.min(now, Math.max(0, said)));
