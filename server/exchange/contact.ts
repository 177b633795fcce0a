import type { Row } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { contactRecordedEveryMs } from '#server/limits.ts';
import type { DeviceSession } from './judge.ts';
import { Race, type DeviceContact, type StationStore } from './store.ts';

/** The kind of record in which the office sees devices, when the station has one. */
export const deviceKind = 'device';
const countMax = 1_000_000;

/**
 * Notes for the office when the device was last heard of and what it still holds back. An exchange without news stays
 * cheap: nothing is written while only a little time has passed.
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

function withContact(row: Row, { at, unsent, oldestAt, refused }: DeviceContact): Row {
  return { ...row, lastContactAt: at, unsent, oldestUnsentAt: oldestAt, refused };
}
