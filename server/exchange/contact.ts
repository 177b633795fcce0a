import type { Change } from '#engine/change.ts';
import type { Row } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { contactRecordedEveryMs } from '#server/limits.ts';
import type { DeviceSession } from './judge.ts';
import { Race, type DeviceContact, type StationStore, type WriteBatch } from './store.ts';

/** The kind of record in which the office sees devices, when the station has one. */
export const deviceKind = 'device';
const countMax = 1_000_000;

/** What a phone says of itself with the acts it hands in. */
export type SaidOfItself = Omit<DeviceContact, 'at'>;

/**
 * What a push notes of the device together with its acts, so that it takes no writing of its own; null when that is not
 * worth it, or when the device's record was not read. `held` is that record as the acts have left it.
 */
export function contactWith(held: Row | undefined, said: DeviceContact): ContactNote | null {
  const facts = withinBounds(said);
  if (!held || !worthNoting(contactIn(held), facts)) return null;
  const { id } = held;
  return { change: { kind: deviceKind, id, row: withContact(held, facts) }, contact: { device: id, facts } };
}

interface ContactNote {
  readonly change: Change;
  readonly contact: NonNullable<WriteBatch['contact']>;
}

/**
 * Notes for the office when the device was last heard of and what it still holds back, when no push has done so. An
 * exchange without news stays cheap: nothing is written while only a little time has passed.
 */
export async function noteContact(
  store: StationStore,
  registry: Registry,
  session: DeviceSession,
  before: DeviceContact | null,
  said: DeviceContact,
): Promise<void> {
  const facts = withinBounds(said);
  if (!worthNoting(before, facts) || !registry.kinds.some(({ name }) => name === deviceKind)) return;
  const { device, identity } = session;
  try {
    await store.transaction(identity.station, 'push', async (tx) => {
      const clock = await tx.lockClock();
      const [held] = await tx.load({ rows: [{ kind: deviceKind, id: device }], sets: [] });
      const row = held && { kind: deviceKind, id: device, row: withContact(held.row, facts) };
      await tx.write({
        version: clock.version + 1,
        rows: row ? [row] : [],
        acts: [],
        clashes: [],
        contact: { device, facts },
      });
    });
  } catch (error) {
    // Somebody was in between; the next contact notes it.
    if (!(error instanceof Race)) throw error;
  }
}

/** What a device says of itself is not checked by anybody, so it is kept within what the record can hold. */
function withinBounds({ at, unsent, oldestAt, refused }: DeviceContact): DeviceContact {
  const oldest = oldestAt === null ? null : Math.round(Math.min(at, Math.max(0, oldestAt)));
  return { at, unsent: Math.min(unsent, countMax), oldestAt: oldest, refused: Math.min(refused, countMax) };
}

function worthNoting(before: DeviceContact | null, now: DeviceContact): boolean {
  if (before === null || now.at - before.at >= contactRecordedEveryMs) return true;
  return before.unsent !== now.unsent || before.refused !== now.refused || before.oldestAt !== now.oldestAt;
}

/** What the office was last told, from the record it was told with. */
function contactIn({ lastContactAt, unsent, oldestUnsentAt, refused }: Row): DeviceContact {
  return { at: lastContactAt ?? 0, unsent, oldestAt: oldestUnsentAt ?? null, refused } as DeviceContact;
}

function withContact(row: Row, { at, unsent, oldestAt, refused }: DeviceContact): Row {
  return { ...row, lastContactAt: at, unsent, oldestUnsentAt: oldestAt, refused };
}
