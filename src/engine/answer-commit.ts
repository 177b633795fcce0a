import type {
  DeviceFacts,
  EntryState,
  Filling,
  Origin,
  StorageCommit,
  StoredEntry,
  StoredPage,
} from './device-storage.ts';
import { acknowledgedKeptMs } from './limits.ts';
import { decodeRows } from './patch.ts';
import type { ExchangeAnswer, ExchangeRequest, LostActs, ToldLoss, Verdict, WireMutation } from './protocol.ts';
import type { Registry } from './registry.ts';

/** What the phone knows when an answer arrives. */
export interface BeforeAnswer {
  readonly registry: Registry;
  readonly facts: DeviceFacts;
  /** Which fields of which kinds this version of the app keeps. */
  readonly shape: string;
  readonly entries: readonly StoredEntry[];
  /** Pages on the disk. */
  readonly pages: number;
  /** The phone's wall clock (ms). */
  readonly wall: number;
}

/** What one answer changes on the disk. Pure, so that it can be written as a whole before anything else is touched. */
export function commitOf(before: BeforeAnswer, request: ExchangeRequest, answer: ExchangeAnswer): StorageCommit {
  const { entries, facts, wall } = before;
  const restored = request.epoch !== null && request.epoch !== answer.epoch;
  const judged = judgedBy(entries, answer);
  const received = entries.filter((entry) => entry.state === 'received');
  return {
    facts: {
      epoch: answer.epoch,
      cookie: answer.cookie,
      // The pages are of one shape only when all of them were written by one version.
      shape: answer.patch.reset || facts.contactAt === null ? before.shape : facts.shape,
      identity: answer.you ?? facts.identity,
      offset: answer.serverTime - wall,
      contactAt: wall,
      filling: fillingOf(before, answer, judged, restored),
      ...lossesAfter(facts, request.lost, answer, restored),
    },
    reset: answer.patch.reset,
    page: pageOf(before.registry, answer),
    judged,
    // A server restored from an older backup has lost what it once acknowledged; it is sent once more.
    unsentAgain: restored ? received.map(({ seq }) => seq) : [],
    forget: restored ? [] : received.filter((entry) => isOld(entry, answer.serverTime)).map(({ seq }) => seq),
  };
}

/**
 * What is still to be told of losses: what was not in the request, found since or more than one takes; and whatever a
 * centre was told before it was restored from an older backup. It notes a loss once, however often it hears of it.
 */
function lossesAfter(
  { lost = [], toldLost = [] }: DeviceFacts,
  told: readonly LostActs[] = [],
  { serverTime }: ExchangeAnswer,
  restored: boolean,
): Pick<DeviceFacts, 'lost' | 'toldLost'> {
  const answered = new Set(told.map((one) => JSON.stringify(one)));
  const again = restored ? toldLost.map(({ toldAt: _toldAt, ...one }): LostActs => one) : [];
  const left = [...lost, ...again].filter((one) => !answered.has(JSON.stringify(one)));
  const kept = restored ? [] : toldLost.filter(({ toldAt }) => serverTime - toldAt <= acknowledgedKeptMs);
  const known = [...kept, ...told.map((one): ToldLoss => ({ ...one, toldAt: serverTime }))];
  return { ...(left.length > 0 ? { lost: left } : {}), ...(known.length > 0 ? { toldLost: known } : {}) };
}

/** The act as it goes over the wire. */
export function wireOf(entry: StoredEntry): WireMutation {
  const { seq, id, name, version, args, claimedAt, serverTime, sinceServer, offset } = entry;
  return { seq, id, name, version, args, claimedAt, serverTime, sinceServer, offset };
}

/** The act as it is kept, without its state. */
export function keptOf(entry: StoredEntry): WireMutation & Origin {
  return { ...wireOf(entry), ...(entry.former ? { former: entry.former } : {}) };
}

/** The act as it was before the centre said anything about it. */
export const unsentAgain = (entry: StoredEntry): StoredEntry => ({ ...keptOf(entry), state: 'unsent' });

function judgedBy(entries: readonly StoredEntry[], answer: ExchangeAnswer): StorageCommit['judged'] {
  const unsent = new Map(entries.filter(({ state }) => state === 'unsent').map((entry) => [entry.seq, entry]));
  return (
    answer.verdicts
      // A verdict about another act under the same number says nothing about this one.
      .filter(({ seq, id }) => unsent.get(seq)?.id === id)
      .map((verdict) => ({ seq: verdict.seq, state: stateOf(verdict, answer.serverTime) }))
  );
}

function stateOf(verdict: Verdict, receivedAt: number): EntryState {
  if (verdict.verdict === 'applied') return { state: 'received', receivedAt };
  return { state: 'refused', code: verdict.code ?? 'server-check', receivedAt, read: false };
}

/** Both times are the server's: a phone whose clock is set a year ahead must not forget what was just received. */
function isOld(entry: StoredEntry, serverTime: number): boolean {
  return entry.state === 'received' && serverTime - entry.receivedAt > acknowledgedKeptMs;
}

function fillingOf(
  { facts, entries, pages }: BeforeAnswer,
  answer: ExchangeAnswer,
  judged: StorageCommit['judged'],
  restored: boolean,
): Filling | null {
  const { filling, contactAt } = facts;
  // Unsent ones too: the answer to an act that was taken may have been lost before the backup was made.
  const lost = restored ? entries.filter(({ state }) => state !== 'refused') : [];
  const again = [...(filling?.again ?? []), ...lost.map(({ seq }) => seq)];
  const open = new Set([...entries.filter(({ state }) => state === 'unsent'), ...lost].map(({ seq }) => seq));
  for (const { seq } of judged) open.delete(seq);
  if (!answer.more && !again.some((seq) => open.has(seq))) return null;
  if (answer.patch.reset) return { wholePages: null, settling: [], again };
  const settling = judged.filter(({ state }) => state.state === 'received').map(({ seq }) => seq);
  const wholePages = filling ? filling.wholePages : contactAt === null ? null : pages;
  if (wholePages !== null) return { wholePages, settling: [...(filling?.settling ?? []), ...settling], again };
  // An act taken during a first fill stands on the parts that came before it; the rest waits from here on.
  return { wholePages: settling.length > 0 ? pages : null, settling, again };
}

function pageOf(registry: Registry, answer: ExchangeAnswer): StoredPage | null {
  const known = new Set(registry.kinds.map(({ name }) => name));
  const rows: StoredPage['rows'][number][] = [];
  const removed: { kind: string; id: string }[] = [];
  for (const patch of answer.patch.kinds) {
    if (!known.has(patch.kind)) continue;
    const fields = Object.keys(registry.kind(patch.kind).fields);
    for (const { row, version } of decodeRows(patch, fields)) rows.push({ kind: patch.kind, row, version });
    for (const id of patch.removed) removed.push({ kind: patch.kind, id });
  }
  return rows.length + removed.length > 0 ? { rows, removed } : null;
}
