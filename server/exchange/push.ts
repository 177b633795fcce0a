import { bestTime, type Verdict, type WireMutation } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { blameRoundsMax, hopefulTries } from '#server/limits.ts';
import { againOnRace } from './again-on-race.ts';
import { actsToBlame } from './blame.ts';
import { contactWith, deviceKind, type SaidOfItself } from './contact.ts';
import { contentHash } from './content.ts';
import { changesOf, judge, lastStates, makersOf, type DeviceSession, type Judged, type ReportError } from './judge.ts';
import { LoadingReader } from './loading-reader.ts';
import { refusedRecords } from './refused-records.ts';
import {
  Race,
  StoreRefused,
  type JudgedAct,
  type StationStore,
  type StationTransaction,
  type TakenAct,
} from './store.ts';

export interface PushSetting {
  readonly store: StationStore;
  readonly registry: Registry;
  readonly now: () => number;
  readonly report: ReportError;
  /** Epoch the phone knows; null before its first contact. */
  readonly epoch: string | null;
  /** What the phone says of itself, to be noted with its acts; absent for what the server does by itself. */
  readonly said?: SaidOfItself;
}

/** Takes each act once and answers with a verdict for each, in the order given. Rejects only when the store is gone. */
export async function push(
  setting: PushSetting,
  session: DeviceSession,
  acts: readonly WireMutation[],
): Promise<readonly Verdict[]> {
  if (acts.length === 0) return [];
  return passing(acts, (some, refuses) => inTransaction(setting, session, some, refuses), setting.report);
}

/**
 * Takes acts in one transaction, and when the store does not let them pass together, in one more without those that are
 * to blame. Should that not be enough, halving leads to each of them; all others are taken.
 */
export async function passing<A, T>(
  acts: readonly A[],
  take: (acts: readonly A[], refuses: Refuses) => Promise<readonly T[]>,
  report: (error: unknown, act: A) => void,
): Promise<readonly T[]> {
  const [only, ...others] = acts;
  const taken = await unlessRefused(take(acts, 'nothing'));
  if (!(taken instanceof StoreRefused)) return taken;
  if (only !== undefined && others.length === 0) {
    report(taken, only);
    return take(acts, 'all');
  }
  const sifted = await unlessRefused(take(acts, 'to-blame'));
  if (!(sifted instanceof StoreRefused)) return sifted;
  const middle = acts.length >> 1;
  const first = await passing(acts.slice(0, middle), take, report);
  return [...first, ...(await passing(acts.slice(middle), take, report))];
}

const unlessRefused = <T>(work: Promise<T>): Promise<T | StoreRefused> =>
  work.catch((error: unknown) => (error instanceof StoreRefused ? error : Promise.reject(error)));

/** One transaction, again when somebody was in between; at last with the counter taken first, so nobody can be. */
async function inTransaction(
  setting: PushSetting,
  session: DeviceSession,
  acts: readonly WireMutation[],
  refuses: Refuses,
): Promise<readonly Verdict[]> {
  return againOnRace((attempt) =>
    setting.store.transaction(session.identity.station, 'push', (tx) =>
      takeActs(tx, setting, session, acts, { refuses, counterFirst: attempt > hopefulTries || refuses === 'to-blame' }),
    ),
  );
}

/** What the store has shown not to let pass, to be kept as refused: nothing yet, those who are to blame, all of them. */
export type Refuses = 'nothing' | 'to-blame' | 'all';

export interface Mode {
  readonly refuses: Refuses;
  /** Needed to tell who is to blame: nobody may take away meanwhile what others refer to. */
  readonly counterFirst: boolean;
}

/** Takes acts within a transaction; `counterFirst` when its caller wants nobody in between. Throws `Race`. */
export async function takeActs(
  tx: StationTransaction,
  setting: PushSetting,
  session: DeviceSession,
  acts: readonly WireMutation[],
  mode: Mode,
): Promise<readonly Verdict[]> {
  if (acts.length === 0) return [];
  const before = await (mode.counterFirst ? tx.lockClock() : tx.clock());
  // The station was restored from a backup and the phone does not know yet. It will send again what was lost, in its
  // order; to judge its newest acts before those they stand on would refuse them.
  if (setting.epoch !== null && setting.epoch !== before.epoch) return [];
  const taken = await tx.taken(session.device, acts);
  const sorted = sortOut(acts, taken, session);
  const own = { kind: deviceKind, id: session.device };
  const { judged, reader } = await judgeFresh(tx, setting, session, sorted.fresh, mode.refuses);
  const receivedAt = setting.now();
  const kept = await keep(tx, session, judged, receivedAt);
  const clashes = sorted.clashes.map((act) => keptAct(session, act, receivedAt, 'invalid'));
  const verdicts = [...sorted.verdicts, ...kept.map(verdictOf), ...clashes.map(verdictOf)];
  if (kept.length + clashes.length > 0) {
    const now = await tx.lockClock();
    // That one of the acts itself was taken meanwhile shows when it is written: its keys stand only once.
    if (now.version !== before.version && !reader.stillHolds(await tx.load(reader.basis()))) throw new Race();
    const noted = setting.said && contactWith(reader.found(own), { ...setting.said, at: receivedAt });
    const refused = refusedRecords(setting.registry, kept, clashes);
    const rows = lastStates([...changesOf(judged), ...refused, ...(noted ? [noted.change] : [])]);
    await tx.write({
      version: now.version + 1,
      rows,
      acts: kept,
      clashes,
      ...(noted ? { contact: noted.contact } : {}),
    });
  }
  return verdicts.sort((a, b) => a.seq - b.seq);
}

interface Fresh {
  readonly judged: readonly Judged[];
  /** Knows what was read for it. */
  readonly reader: LoadingReader;
}

/** Judges what was not taken before, as often as there is somebody to blame for what the store did not let pass. */
async function judgeFresh(
  tx: StationTransaction,
  { registry, report, said }: PushSetting,
  session: DeviceSession,
  acts: readonly WireMutation[],
  refuses: Refuses,
): Promise<Fresh> {
  const readsDevice = said && registry.kinds.some(({ name }) => name === deviceKind);
  const refused = new Set(refuses === 'all' ? acts.map(({ id }) => id) : []);
  for (let round = 1; ; round += 1) {
    const reader = new LoadingReader(registry);
    if (readsDevice) reader.readAlong({ kind: deviceKind, id: session.device });
    const judged = await judge(tx, { registry, session, report, refused }, acts, reader);
    if (refuses !== 'to-blame') return { judged, reader };
    const blamed = await actsToBlame(tx, registry, judged);
    if (blamed.length === 0 && round > 1) return { judged, reader };
    if (blamed.length === 0 || round > blameRoundsMax) throw new StoreRefused('Nobody can be seen to be to blame.');
    for (const id of blamed) refused.add(id);
    const toBlame = new StoreRefused('It refers to what is not there, or says what no store takes.');
    for (const act of acts) if (blamed.includes(act.id)) report(toBlame, act);
  }
}

interface Sorted {
  readonly fresh: readonly WireMutation[];
  readonly clashes: readonly WireMutation[];
  readonly verdicts: readonly Verdict[];
}

/** What was taken before gets its stored verdict; another act under a taken number or id is a clash. */
function sortOut(acts: readonly WireMutation[], taken: readonly TakenAct[], session: DeviceSession): Sorted {
  const bySeq = new Map(taken.filter(({ device }) => device === session.device).map((one) => [one.seq, one]));
  const byId = new Map(taken.map((one) => [one.id, one]));
  const fresh: WireMutation[] = [];
  const clashes: WireMutation[] = [];
  const verdicts: Verdict[] = [];
  const ids = new Set<string>();
  for (const act of acts) {
    const stored = bySeq.get(act.seq) ?? byId.get(act.id);
    // A phone whose person signs in anew is a new device, and hands in again what its old life may have handed in.
    const same = stored?.id === act.id && stored.content === contentHash(act);
    if (stored && same) verdicts.push(repeatedVerdict(act, stored));
    else if (stored || ids.has(act.id)) clashes.push(act);
    else fresh.push(act);
    ids.add(act.id);
  }
  return { fresh, clashes, verdicts };
}

/** The stored verdict of an act that was taken before. */
export function repeatedVerdict(act: Pick<WireMutation, 'seq' | 'id'>, { verdict, code }: TakenAct): Verdict {
  return { seq: act.seq, id: act.id, verdict, repeated: true, ...(code === null ? {} : { code }) };
}

/** Acts with their verdicts; one that looks for a record which a refused act would have made is held with it. */
async function keep(
  tx: StationTransaction,
  session: DeviceSession,
  judged: readonly Judged[],
  receivedAt: number,
): Promise<readonly JudgedAct[]> {
  const makers = judged.flatMap(({ outcome }) => ('refusal' in outcome ? makersOf(outcome.refusal) : []));
  const refused = new Set(makers.length > 0 ? await tx.refusedActs(session.device, makers) : []);
  return judged.map(({ act, outcome }) => {
    if ('changes' in outcome) {
      const about = outcome.changes.map(({ kind, id }) => ({ kind, id }));
      return { ...keptAct(session, act, receivedAt, null), verdict: 'applied', about };
    }
    const heldWith = makersOf(outcome.refusal).find((id) => refused.has(id)) ?? null;
    refused.add(act.id);
    return { ...keptAct(session, act, receivedAt, heldWith === null ? outcome.refusal.code : 'held'), heldWith };
  });
}

function keptAct(session: DeviceSession, act: WireMutation, receivedAt: number, code: string | null): JudgedAct {
  return {
    act,
    content: contentHash(act),
    device: session.device,
    person: session.identity.person,
    correctedAt: bestTime(act),
    receivedAt,
    verdict: 'refused',
    code,
    heldWith: null,
    about: [],
  };
}

function verdictOf({ act, verdict, code }: JudgedAct): Verdict {
  return { seq: act.seq, id: act.id, verdict, repeated: false, ...(code === null ? {} : { code }) };
}
