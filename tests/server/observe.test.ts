import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setPassword } from '#server/access/passwords.ts';
import { answer } from '#server/door.ts';
import { Gate } from '#server/gate.ts';
import { makeStation } from '#server/new-station.ts';
import { isReady, mayReadMetrics, metricsText } from '#server/observe.ts';
import { openStation, type RunningStation } from '#server/station.ts';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';

let database: FreshDatabase;
let station: RunningStation;
let cookie = '';

beforeAll(async () => {
  database = await freshDatabase();
  station = await openStation(database.url);
  const card = { name: 'North', phone: '0571-1', address: '' };
  await makeStation(station, { id: 'north', card, coordinator: { id: 'chief', name: 'Chief' } });
  await setPassword(station.sql, 'north', 'chief', 'Chief', 'a long enough one');
  const signedIn = await post('access.signIn', { name: 'chief', password: 'a long enough one' });
  cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(async () => {
  await station.close();
  await database.drop();
});

function post(path: string, input: unknown, to: RunningStation = station): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-nuanlin': '1', cookie };
  const request = new Request(`http://127.0.0.1/api/${path}`, { method: 'POST', body: JSON.stringify(input), headers });
  return answer(to, request, '127.0.0.1');
}

const act = (seq: number) => ({
  seq,
  id: `a-${seq}`,
  name: 'nobody.knows',
  version: 1,
  args: {},
  claimedAt: 0,
  serverTime: null,
  sinceServer: null,
  offset: null,
});
const ask = (mutations: object[]) => ({
  protocol: 1,
  epoch: null,
  cookie: null,
  mutations,
  queue: { unsent: 2, oldestAt: Date.now() - 60_000, refused: 0 },
});

describe('the figures of a station', () => {
  it('tell what was judged, what waits for a person, and how long', async () => {
    expect((await post('sync.exchange', ask([act(1)]))).status).toBe(200);
    expect((await post('sync.exchange', ask([act(1)]))).status).toBe(200);
    expect((await post('sync.exchange', { protocol: 9 })).status).toBe(400);
    const text = await metricsText(station);
    const value = (name: string): number =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      );
    expect(value('nuanlin_verdicts_total{result="refused",code="unknown-act"}')).toBe(1);
    expect(value('nuanlin_verdicts_total{result="repeated",code="unknown-act"}')).toBe(1);
    expect(value('nuanlin_exchange_failures_total{reason="malformed-exchange"}')).toBe(1);
    expect(value('nuanlin_exchange_seconds_count')).toBe(2);
    expect(value('nuanlin_exchange_seconds_bucket{le="+Inf"}')).toBe(2);
    expect(value('nuanlin_review_open')).toBe(1);
    expect(value('nuanlin_devices_unsent')).toBe(2);
    expect(value('nuanlin_devices_unsent_oldest_seconds')).toBeGreaterThan(59);
    expect(value('nuanlin_poke_listener_connects')).toBe(1);
    expect(value('nuanlin_database_connections')).toBeGreaterThan(0);
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[^{}]*\})? \S+)$/);
  });

  it('are for whoever runs it only', () => {
    const request = (headers: Record<string, string> = {}) => new Request('http://127.0.0.1/metrics', { headers });
    expect(mayReadMetrics(request(), '127.0.0.1', undefined)).toBe(true);
    expect(mayReadMetrics(request({ 'x-forwarded-for': '203.0.113.9' }), '127.0.0.1', undefined)).toBe(false);
    expect(mayReadMetrics(request(), '203.0.113.9', undefined)).toBe(false);
    expect(mayReadMetrics(request({ authorization: 'Bearer right' }), '203.0.113.9', 'right')).toBe(true);
    expect(mayReadMetrics(request({ authorization: 'Bearer wrong' }), '127.0.0.1', 'right')).toBe(false);
    expect(mayReadMetrics(request(), '127.0.0.1', 'right')).toBe(false);
  });

  it('say when it cannot serve, and when its database is behind', async () => {
    expect(await isReady(null)).toBe(false);
    expect(await isReady(station)).toBe(true);
    await station.sql`update migration set number = -number where number = 60`;
    expect(await isReady(station)).toBe(false);
    await station.sql`update migration set number = -number where number = -60`;
  });
});

describe('a station that is full', () => {
  it('sends a phone away with a time to come back, and takes its acts later', async () => {
    let free: () => void = () => undefined;
    const full = { ...station, gate: new Gate({ atOnce: 1, waitingMax: 0 }) };
    const busy = full.gate.through(false, () => new Promise<void>((resolve) => (free = resolve)));
    const away = await post('sync.exchange', ask([act(2)]), full);
    expect(away.status).toBe(503);
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await away.json()).toMatchObject({ error: { data: { code: 'busy' } } });
    free();
    await busy;
    expect((await post('sync.exchange', ask([act(2)]), full)).status).toBe(200);
  });

  it('says so too when a lock is not to be had', async () => {
    const blocker = await station.sql.reserve();
    await blocker`begin`;
    await blocker`select from station_clock where station_id = 'north' for update`;
    const answered = await post('sync.exchange', ask([act(3)]));
    await blocker`rollback`;
    blocker.release();
    expect([answered.status, answered.headers.get('retry-after')]).toEqual([503, '5']);
    const again = await post('sync.exchange', ask([act(3)]));
    expect(((await again.json()) as { result: { data: { verdicts: object[] } } }).result.data.verdicts).toHaveLength(1);
  });
});
