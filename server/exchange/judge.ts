import type { Change } from '#engine/change.ts';
import { contextOf, type Identity } from '#engine/context.ts';
import { loadRoundsMax } from '#engine/limits.ts';
import { bestTime, type WireMutation } from '#engine/protocol.ts';
import { refuse, type Refusal } from '#engine/refusal.ts';
import type { Registry } from '#engine/registry.ts';
import { runMutation, type Outcome } from '#engine/run-mutation.ts';
import type { LoadingReader } from './loading-reader.ts';
import { StoreRefused, type StationTransaction } from './store.ts';

/** Whose device asks. Comes from the session, never from the request. */
export interface DeviceSession {
  readonly device: string;
  readonly identity: Identity;
}

export interface Judged {
  readonly act: WireMutation;
  readonly outcome: Outcome;
}

/** Hears of acts that threw or did not pass the store: a mistake in a declaration, not of a person. */
export type ReportError = (error: unknown, act: Pick<WireMutation, 'name'> & Partial<WireMutation>) => void;

/** What is known before anything is judged. */
export interface Judging {
  readonly registry: Registry;
  readonly session: DeviceSession;
  readonly report: ReportError;
  /** Ids of acts that the store is known not to let pass: they are refused, whatever they would do. */
  readonly refused: ReadonlySet<string>;
}

/**
 * Judges acts in their order, each on what the ones before it left. Every round runs all acts that are still open and
 * notes what they ask for; then everything is loaded at once. How many rounds that takes depends on how deep one act
 * has to look, never on how many acts there are.
 */
export async function judge(
  tx: Pick<StationTransaction, 'load'>,
  judging: Judging,
  acts: readonly WireMutation[],
  reader: LoadingReader,
): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (let round = 0; round <= loadRoundsMax; round += 1) {
    runOpen(judged, judging, acts, reader);
    const wanted = reader.takeWanted();
    if (judged.length === acts.length) return judged;
    reader.fill(wanted, await tx.load(wanted));
  }
  throw new StoreRefused(`An act asked for more records in each of ${loadRoundsMax} rounds.`);
}

function runOpen(judged: Judged[], judging: Judging, acts: readonly WireMutation[], reader: LoadingReader): void {
  let waits = false;
  for (const act of acts.slice(judged.length)) {
    const attempt = reader.attempt(() => runAct(judging, act, reader));
    if (!waits && !attempt.complete) {
      waits = true;
      reader.suppose();
    }
    const outcome = attempt.result ?? { refusal: refuse('server-check') };
    if (!waits) {
      if (attempt.error !== undefined) judging.report(attempt.error, act);
      judged.push({ act, outcome });
    }
    // Behind an act that waits, others run on what is supposed so far: only so do those that stand on each other (a
    // visit is begun, then ended) ask for all they need in one round. Nothing of it is kept.
    if ('changes' in outcome) reader.apply(outcome.changes);
  }
  reader.forgetSupposed();
}

function runAct({ registry, session, refused }: Judging, act: WireMutation, reader: LoadingReader): Outcome {
  if (refused.has(act.id)) return { refusal: refuse('server-check') };
  const at = bestTime(act);
  // A clock beyond what a date can say: the day of the act is unknown, so no rule can judge it.
  if (Number.isNaN(new Date(at).getTime())) return { refusal: refuse('invalid') };
  return runMutation(registry, reader, act, contextOf(session.identity, session.device, { id: act.id, at }));
}

/** What the applied acts changed, in their order. */
export function changesOf(judged: readonly Judged[]): readonly Change[] {
  return judged.flatMap(({ outcome }) => ('changes' in outcome ? outcome.changes : []));
}

/** The last state of each record. */
export function lastStates(changes: readonly Change[]): readonly Change[] {
  const last = new Map<string, Change>();
  for (const change of changes) last.set(`${change.kind}\u0000${change.id}`, change);
  return [...last.values()];
}

/**
 * Ids of acts that may have made a record: new records are named after the act, alone or followed by a separator.
 */
export function makersOf(refusal: Refusal): readonly string[] {
  const { missing } = refusal;
  if (missing === undefined) return [];
  const cuts = [...missing.matchAll(/[.:]/g)].map(({ index }) => missing.slice(0, index));
  return [...cuts, missing];
}
