import { uuidv7 } from 'uuidv7';
import type { Row } from '#engine/kind.ts';
import type { Sql, TransactionSql } from '#server/postgres/connect.ts';
import type { PostgresStore } from '#server/postgres/postgres-store.ts';
import { asStation } from '#server/postgres/in-station.ts';
import { changeFrameRecord } from '#server/postgres/write-records.ts';
import { endDeviceSessions, startSession, type Session, type Way } from './sessions.ts';

const kind = 'device';
const nameLengthMax = 80;

export interface NewDevice {
  readonly station: string;
  readonly person: string;
  /** The device it was before, when this browser already was one of this person's. */
  readonly former: string | null;
  /** What the browser calls itself. */
  readonly name: string;
  readonly way: Way;
}

export function newDeviceId(): string {
  return uuidv7();
}

/** Makes the browser a device of this person and starts its session, together or not at all; gives the secret. */
export async function enrolDevice(
  tx: TransactionSql,
  store: PostgresStore,
  { station, person, former, name, way }: NewDevice,
  now: number,
): Promise<{ device: string; token: string }> {
  const device = former ?? newDeviceId();
  const token = await startSession(tx, { station, person, device }, way, now);
  await asStation(tx, station);
  const fresh: Row = {
    id: device,
    person,
    name: name.slice(0, nameLengthMax),
    joinedAt: now,
    lastContactAt: null,
    unsent: 0,
    oldestUnsentAt: null,
    refused: 0,
    revokedAt: null,
  };
  await changeFrameRecord(
    tx,
    store,
    station,
    { kind, id: device, become: (before) => (before === null ? fresh : null) },
    { at: now, what: `session.${way}`, person, device, about: [`${kind}:${device}`], details: {} },
  );
  return { device, token };
}

/**
 * Takes a device away from its person: it can neither send nor receive any more. What it holds unsent stays on it
 * until somebody brings it back. Returns false when there is no such device.
 */
export async function revokeDevice(
  sql: Sql,
  store: PostgresStore,
  by: Session,
  device: string,
  now: number,
): Promise<boolean> {
  const { station } = by;
  return sql.begin(async (plain) => {
    const tx = plain as TransactionSql;
    await endDeviceSessions(tx, station, device, now);
    await asStation(tx, station);
    let known = false;
    await changeFrameRecord(
      tx,
      store,
      station,
      {
        kind,
        id: device,
        become: (before) => {
          known = before !== null;
          return before && before.revokedAt === null ? { ...before, revokedAt: now } : null;
        },
      },
      {
        at: now,
        what: 'device.revoke',
        person: by.person,
        device: by.device,
        about: [`${kind}:${device}`],
        details: {},
      },
    );
    return known;
  }) as Promise<boolean>;
}
