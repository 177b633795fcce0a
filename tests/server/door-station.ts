import { startSession } from '#server/access/sessions.ts';
import { answer } from '#server/door.ts';
import { makeStation } from '#server/new-station.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { changeFrameRecord } from '#server/postgres/write-records.ts';
import { openStation, type RunningStation, type Station } from '#server/station.ts';
import { freshDatabase } from '../support/database.ts';

export const stationId = 'north';

/** A station with all kinds on a database of its own, behind its real door. */
export class DoorStation {
  private constructor(
    readonly station: RunningStation,
    readonly url: string,
    readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<DoorStation> {
    const database = await freshDatabase();
    const station = await openStation(database.url);
    const card = { name: 'North', phone: '0571-1', address: '' };
    await makeStation(station, { id: stationId, card, coordinator: { id: 'chief', name: 'Chief' } });
    return new DoorStation(station, database.url, database.drop);
  }

  async close(): Promise<void> {
    await this.station.close();
    await this.drop();
  }

  async person(id: string, roles: readonly string[], name = id): Promise<void> {
    const row = { id, name, phone: null, roles, allCommunities: true, communities: [], active: true };
    const entry = { at: Date.now(), what: 'test', person: null, device: null, about: [], details: {} };
    await inStation(this.station.sql, stationId, (tx) =>
      changeFrameRecord(tx, this.station.store, stationId, { kind: 'person', id, become: () => row }, entry),
    );
  }

  /** A device of this person that is signed in. */
  async device(person: string, device = `device-of-${person}`): Promise<Caller> {
    const session = { station: stationId, person, device };
    const token = await startSession(this.station.sql, session, 'join', Date.now());
    return new Caller(this.station, `nuanlin_session=${token}`);
  }
}

/** Whoever asks at the door with this cookie. */
export class Caller {
  constructor(
    readonly station: Station,
    readonly cookie: string,
  ) {}

  /** Sends any body at all. */
  async send(path: string, body: string | Uint8Array, head: Record<string, string> = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', 'x-nuanlin': '1', cookie: this.cookie, ...head };
    const request = new Request(`http://127.0.0.1/api/${path}`, { method: 'POST', body: body as BodyInit, headers });
    return answer(this.station, request, '127.0.0.1');
  }

  post(path: string, input: unknown): Promise<Response> {
    return this.send(path, JSON.stringify(input));
  }

  get(path: string): Promise<Response> {
    const request = new Request(`http://127.0.0.1/api/${path}`, { headers: { cookie: this.cookie } });
    return answer(this.station, request, '127.0.0.1');
  }
}

export const nothingSent = { unsent: 0, oldestAt: null, refused: 0 };
export const firstExchange = { protocol: 1, epoch: null, cookie: null, mutations: [], queue: nothingSent };

export async function dataOf<T>(response: Response): Promise<T> {
  return ((await response.json()) as { result: { data: T } }).result.data;
}
