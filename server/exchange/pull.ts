import { dayOf } from '#engine/calendar.ts';
import { addHash, entryHash, takeHash } from '#engine/checksum.ts';
import type { AnyKind } from '#engine/kind.ts';
import type { ExchangeAnswer, ExchangeRequest, Patch, Verdict } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { answerGrowsBy, answerTakesMs, numbersLeftMax } from '#server/limits.ts';
import { rulesFor, type Viewer } from '#engine/scope.ts';
import { readCookie, shapeOf, whoOf, writeCookie, type Cookie, type Pace } from './cookie.ts';
import type { DeviceSession } from './judge.ts';
import { patchesOf, togetherInOrder, type Page } from './page.ts';
import { repeatedVerdict } from './push.ts';
import type { DeviceContact, DeviceState, Difference, Glance, StationClock, StationTransaction } from './store.ts';
import { lookedAt, suspectsSince, type Suspects } from './suspects.ts';
import { isWhole, kindsSeen, movedSince, readWhole, upTo } from './whole.ts';

/** Its verdicts are those of acts that stayed behind on the phone. */
export type PullAnswer = Omit<ExchangeAnswer, 'serverTime'>;

export interface Pulled {
  readonly answer: PullAnswer;
  readonly contact: DeviceContact | null;
}

/** What a device says it has, held against what is known of it and of its person now. */
interface Standing {
  readonly registry: Registry;
  readonly session: DeviceSession;
  readonly viewer: Viewer;
  readonly clock: StationClock;
  readonly state: DeviceState;
  /** What the cookie says, when it is one of ours and still means something; null fills the device anew. */
  readonly held: Cookie | null;
  readonly now: Pick<Cookie, 'day' | 'who' | 'shape'>;
}

/** The answer when nothing moved for this device, and null when there is more to look at. Takes no lock. */
export function answerAtOnce(
  { clock, device: state }: Glance,
  registry: Registry,
  session: DeviceSession,
  request: ExchangeRequest,
  now: number,
): Pulled | null {
  if (state === null) return null;
  const standing = standingOf(registry, session, request, now, clock, state);
  return nothingMoved(standing) ? unchanged(standing, request, []) : null;
}

/** What this person may see now, minus what this device is known to hold. */
export async function pull(
  tx: StationTransaction,
  registry: Registry,
  session: DeviceSession,
  request: ExchangeRequest,
  now: number,
  rowsMax: number,
): Promise<Pulled> {
  const { device } = session;
  const state = await tx.device(device);
  const standing = standingOf(registry, session, request, now, await tx.clock(), state);
  const { held, viewer, clock } = standing;
  const verdicts = await verdictsLeft(tx, device, request.queue.numbers);
  if (nothingMoved(standing)) return unchanged(standing, request, verdicts);
  if (!held) await tx.forget(device);
  // Of the last answer nothing is unconfirmed.
  else if (held.pull < state.lastPull) await tx.confirm(device, held.pull);
  const { whole, noted } = kindsSeen(registry, viewer);
  const from = held ?? { version: 0, part: null };
  const limit = rowsAtThisPace(held?.pace ?? null, now, rowsMax);
  const difference = await notedDifference(tx, standing, noted, limit);
  const changes = await readWhole(tx, whole, from, clock, limit);
  const page = togetherInOrder(difference, changes, whole, noted, from, upTo(from, clock), limit);
  // What has changed while a filling was under way comes with the next answer.
  const late = page.part === null && movedSince(whole, clock, page.version);
  const saved = await settle(tx, standing, page.difference);
  const more = page.difference.more || page.part !== null || late;
  const { version, part } = page;
  const pace = more ? { rows: rowsOn(page), at: Math.round(now) } : null;
  const answer: PullAnswer = {
    verdicts,
    cookie: writeCookie({ pull: saved.pull, version, part, pace, ...standing.now }),
    patch: { reset: !held, kinds: patchesOf(registry, page, viewer.roles, request) },
    more,
    checksum: more ? null : sumWith(clock, whole, saved.checksum),
    epoch: clock.epoch,
    ...changedIdentity(standing),
  };
  return { answer, contact: state.contact };
}

/**
 * The first answer is small, so that something is on the screen soon. How long the phone took to come back for more says
 * what its line carries: a good one gets more at once, since every answer costs a round trip.
 */
function rowsAtThisPace(pace: Pace | null, now: number, usual: number): number {
  if (pace === null || now <= pace.at) return usual;
  const fits = Math.floor((pace.rows / (now - pace.at)) * answerTakesMs);
  return Math.min(usual * answerGrowsBy, Math.max(usual, fits));
}

function rowsOn({ difference, changes }: Pick<Page, 'difference' | 'changes'>): number {
  return difference.rows.length + difference.removed.length + changes.length;
}

/** Stored verdicts of acts that were taken before and of which the phone does not know; of the same moment as the rows. */
async function verdictsLeft(
  tx: StationTransaction,
  device: string,
  numbers: ExchangeRequest['queue']['numbers'],
): Promise<readonly Verdict[]> {
  if (!numbers) return [];
  const count = Math.min(numbers.to - numbers.from + 1, numbersLeftMax);
  const asked = Array.from({ length: Math.max(0, count) }, (_none, at) => ({ seq: numbers.from + at, id: '' }));
  const taken = await tx.taken(device, asked);
  return taken.map((one) => repeatedVerdict(one, one));
}

const nothing: Patch = { reset: false, kinds: [] };
const nothingNoted: Difference = { removed: [], rows: [], more: false };

function standingOf(
  registry: Registry,
  session: DeviceSession,
  request: ExchangeRequest,
  at: number,
  clock: StationClock,
  state: DeviceState,
): Standing {
  const viewer: Viewer = { ...session.identity, today: dayOf(at) };
  const now = { day: viewer.today, who: whoOf(session.identity), shape: shapeOf(registry, viewer) };
  const said = isEpoch(request.epoch, clock.epoch) ? readCookie(request.cookie) : null;
  const held = said !== null && isKnown(said, state, clock) && said.shape === now.shape ? said : null;
  return { registry, session, viewer, clock, state, held, now };
}

/** A phone that only looks says the end of the epoch's name, behind a '~'. */
function isEpoch(said: string | null, epoch: string): boolean {
  return said?.startsWith('~') ? epoch.endsWith(said.slice(1)) : said === epoch;
}

/** Whether the answer this cookie names was given after the device was last filled anew. */
function isKnown(said: Cookie, state: DeviceState, clock: StationClock): boolean {
  const given = said.pull >= state.resetPull && said.pull <= state.lastPull && state.lastPull > 0;
  return given && Math.max(said.version, said.part?.upTo ?? 0, said.part?.version ?? 0) <= clock.version;
}

/** What was noted record by record is as it was: nothing left over, nothing unconfirmed, same day and same person. */
function isSettled(standing: Standing): standing is Standing & { readonly held: Cookie } {
  const { held, state, now } = standing;
  return held?.pull === state.lastPull && state.complete && held.day === now.day && held.who === now.who;
}

/** While the kinds held whole come in parts, one of them has moved behind the version of the cookie. */
function nothingMoved(standing: Standing): boolean {
  if (!isSettled(standing)) return false;
  const { registry, viewer, held, clock } = standing;
  // A kind nobody shows to this person may change as it likes.
  const seen = registry.kinds.filter((kind) => rulesFor(kind.sees, viewer).length > 0);
  return !movedSince(seen, clock, held.version);
}

/** What of the kinds noted record by record the device lacks or holds too much; looks only at what can have changed. */
async function notedDifference(
  tx: StationTransaction,
  standing: Standing,
  noted: readonly AnyKind[],
  limit: number,
): Promise<Difference> {
  const suspects = suspectsOf(standing);
  const kinds = lookedAt(noted, suspects);
  if (suspects && kinds.length === 0) return nothingNoted;
  return tx.difference(standing.session.device, standing.viewer, kinds, limit, suspects);
}

/** Null when the device is not known to have held exactly what it may at the version of its cookie. */
function suspectsOf(standing: Standing): Suspects | null {
  if (!isSettled(standing)) return null;
  const { registry, viewer, held, clock } = standing;
  return suspectsSince(registry, viewer, clock, held.version);
}

function unchanged(standing: Standing, request: ExchangeRequest, verdicts: readonly Verdict[]): Pulled {
  const { clock, state, registry, viewer } = standing;
  const whole = registry.kinds.filter((kind) => isWhole(kind, viewer));
  const answer = {
    verdicts,
    cookie: request.cookie as string,
    patch: nothing,
    more: false,
    checksum: sumWith(clock, whole, state.checksum),
    epoch: clock.epoch,
    ...changedIdentity(standing),
  };
  return { answer, contact: state.contact };
}

/** The sum over everything the device holds; null when nobody has made the sum of one of the kinds yet. */
function sumWith(clock: StationClock, whole: readonly AnyKind[], noted: number | null): number | null {
  let sum = noted;
  for (const { name } of whole) {
    const own = clock.sums[name] ?? (clock.kinds[name] === undefined ? 0 : null);
    sum = sum === null || own === null ? null : addHash(sum, own);
  }
  return sum;
}

/** Notes what the answer carries; an answer that carries nothing noted needs no number of its own. */
async function settle(
  tx: StationTransaction,
  standing: Standing,
  difference: Difference,
): Promise<{ pull: number; checksum: number | null }> {
  const { session, held, state } = standing;
  const { device } = session;
  if (held !== null && difference === nothingNoted) return { pull: held.pull, checksum: state.checksum };
  const carries = difference.rows.length + difference.removed.length > 0;
  const pull = held?.pull === state.lastPull && !carries ? held.pull : state.lastPull + 1;
  // Removals that the device has carried out are kept until the next ones come: nobody looks for them at each answer.
  if (held && difference.removed.length > 0) await tx.confirm(device, held.pull);
  const replaced = carries ? await tx.remember(device, pull, difference) : 0;
  const checksum = difference.more ? null : await sumAfter(tx, standing, difference, replaced);
  const resetPull = held === null ? pull : state.resetPull;
  // The sum tells also whether something is left over: then there is none.
  const changed = pull !== state.lastPull || checksum !== state.checksum;
  if (changed) await tx.saveDevice(device, { lastPull: pull, resetPull, complete: !difference.more, checksum });
  return { pull, checksum };
}

/** From the sum before and what the answer replaces; over everything when the sum before says nothing. */
async function sumAfter(
  tx: StationTransaction,
  standing: Standing,
  { rows }: Difference,
  replaced: number,
): Promise<number> {
  const checksum = isSettled(standing) ? standing.state.checksum : null;
  if (checksum === null) return tx.checksum(standing.session.device);
  return rows.reduce(
    (sum, { kind, version, row }) => addHash(sum, entryHash(kind, row.id, version)),
    takeHash(checksum, replaced),
  );
}

/** Who the device belongs to, when it cannot know. */
function changedIdentity({ held, now, session }: Standing): Pick<ExchangeAnswer, 'you'> {
  if (held?.who === now.who) return {};
  const { station, person, roles, communities } = session.identity;
  return { you: { station, person, roles, communities } };
}
