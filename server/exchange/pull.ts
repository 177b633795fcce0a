import { dayOf } from '#engine/calendar.ts';
import type { Fields } from '#engine/field.ts';
import { rowsPerAnswer } from '#engine/limits.ts';
import { encodeRows } from '#engine/patch.ts';
import type { ExchangeAnswer, ExchangeRequest, KindPatch, Patch } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { rulesFor, type Viewer } from '#engine/scope.ts';
import { projectRow } from '#engine/visible.ts';
import { fieldsSeen, readCookie, shapeOf, whoOf, writeCookie, type Cookie } from './cookie.ts';
import type { DeviceSession } from './judge.ts';
import type { DeviceContact, DeviceState, Difference, StationClock, StationTransaction } from './store.ts';

export type PullAnswer = Omit<ExchangeAnswer, 'verdicts' | 'serverTime'>;

export interface Pulled {
  readonly answer: PullAnswer;
  readonly contact: DeviceContact | null;
}

/** What this person may see now, minus what this device is known to hold. */
export async function pull(
  tx: StationTransaction,
  registry: Registry,
  session: DeviceSession,
  request: ExchangeRequest,
  now: number,
): Promise<Pulled> {
  const { device, identity } = session;
  const state = await tx.device(device);
  const clock = await tx.clock();
  const viewer: Viewer = { ...identity, today: dayOf(now) };
  const held = request.epoch === clock.epoch ? readCookie(request.cookie) : null;
  const next = {
    version: clock.version,
    day: viewer.today,
    who: whoOf(identity),
    shape: shapeOf(registry, identity.roles),
  };
  const known = held !== null && isKnown(held, state) && held.shape === next.shape;
  const you = held !== null && known && held.who === next.who ? {} : { you: wireIdentity(session) };
  if (held && known && nothingMoved(registry, viewer, held, next, state, clock)) {
    const answer = { cookie: request.cookie as string, patch: nothing, more: false, checksum: state.checksum };
    return { answer: { ...answer, epoch: clock.epoch, ...you }, contact: state.contact };
  }
  if (known) await tx.confirm(device, held.pull);
  else await tx.forget(device);
  const difference = await tx.difference(device, viewer, rowsPerAnswer);
  const saved = await settle(tx, device, state, known ? held.pull : null, difference);
  const answer: PullAnswer = {
    cookie: writeCookie({ pull: saved.pull, ...next }),
    patch: { reset: !known, kinds: patchesOf(registry, difference, identity.roles) },
    more: difference.more,
    checksum: saved.checksum,
    epoch: clock.epoch,
    ...you,
  };
  return { answer, contact: state.contact };
}

const nothing: Patch = { reset: false, kinds: [] };

/** Whether the answer this cookie names was given after the device was last filled anew. */
function isKnown(held: Cookie, state: DeviceState): boolean {
  return held.pull >= state.resetPull && held.pull <= state.lastPull && state.lastPull > 0;
}

function nothingMoved(
  registry: Registry,
  viewer: Viewer,
  held: Cookie,
  next: Omit<Cookie, 'pull'>,
  state: DeviceState,
  clock: StationClock,
): boolean {
  if (held.pull !== state.lastPull || !state.complete || held.day !== next.day || held.who !== next.who) return false;
  // A kind nobody shows to this person may change as it likes.
  return registry.kinds.every(
    (kind) => (clock.kinds[kind.name] ?? 0) <= held.version || rulesFor(kind.sees, viewer).length === 0,
  );
}

/** Notes what the answer carries; an answer that carries nothing needs no number of its own. */
async function settle(
  tx: StationTransaction,
  device: string,
  state: DeviceState,
  confirmed: number | null,
  difference: Difference,
): Promise<{ pull: number; checksum: number | null }> {
  const carries = difference.rows.length + difference.removed.length > 0;
  const pull = confirmed === state.lastPull && !carries ? confirmed : state.lastPull + 1;
  if (carries) await tx.remember(device, pull, difference);
  const checksum = difference.more ? null : await tx.checksum(device);
  const resetPull = confirmed === null ? pull : state.resetPull;
  const changed = pull !== state.lastPull || checksum !== state.checksum || state.complete === difference.more;
  if (changed) await tx.saveDevice(device, { lastPull: pull, resetPull, complete: !difference.more, checksum });
  return { pull, checksum };
}

function patchesOf(registry: Registry, difference: Difference, roles: readonly string[]): KindPatch[] {
  const urgentFirst = [...registry.kinds].sort((a, b) => a.urgency - b.urgency);
  return urgentFirst.flatMap((kind) => {
    const rows = difference.rows.filter((one) => one.kind === kind.name);
    const removed = difference.removed.filter((one) => one.kind === kind.name).map(({ id }) => id);
    if (rows.length + removed.length === 0) return [];
    const projected = rows.map(({ row, version }) => ({ row: projectRow(kind, row, roles), version }));
    return [encodeRows(kind.name, fieldsSeen(kind.fields as Fields, roles), projected, removed)];
  });
}

function wireIdentity({ identity }: DeviceSession): NonNullable<ExchangeAnswer['you']> {
  const { station, person, roles, communities } = identity;
  return { station, person, roles, communities };
}
