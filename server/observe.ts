import { createHash, timingSafeEqual } from 'node:crypto';
import { gauge } from './metrics.ts';
import { migrations } from './postgres/migrate.ts';
import type { Station } from './station.ts';

/** Whether the station can serve: its database answers and stands where this release expects it. */
export async function isReady(station: Pick<Station, 'sql'> | null): Promise<boolean> {
  if (station === null) return false;
  try {
    const done = await station.sql<{ number: number }[]>`select number from migration`;
    return migrations.every(({ number }) => done.some((one) => one.number === number));
  } catch {
    return false;
  }
}

/**
 * Whether this request may read the figures: with the token when there is one, else only from this machine itself. A
 * proxy on this machine passes on what comes from elsewhere, and says so.
 */
export function mayReadMetrics(request: Request, place: string, token: string | undefined): boolean {
  const said = request.headers.get('authorization') ?? '';
  if (token) return sameText(said, `Bearer ${token}`);
  const forwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => request.headers.has(name));
  return !forwarded && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(place);
}

/** Compares without telling by the time it takes how much was right. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}

interface Standing {
  readonly reviews: number;
  readonly reviewAge: number;
  readonly devices: number;
  readonly silent: number;
  readonly unsent: number;
  readonly unsentAge: number;
  readonly connections: number;
  readonly oldestTransaction: number;
}

/** The figures of this process and of what all stations in its database leave open, in Prometheus' text format. */
export async function metricsText({ sql, gate, pokes, metrics, now }: Station): Promise<string> {
  const at = now();
  const [found] = await sql<Standing[]>`
    select
      (select count(*)::int from review where handled_at is null) as reviews,
      (select coalesce(extract(epoch from ${at}::timestamptz - min(received_at)), 0)::float8
        from review where handled_at is null) as "reviewAge",
      d.devices, d.silent, d.unsent, d."unsentAge", c.connections, c."oldestTransaction"
    from (select count(*)::int as devices, coalesce(sum(unsent), 0)::int as unsent,
        coalesce(max(extract(epoch from ${at}::timestamptz - oldest_at)), 0)::float8 as "unsentAge",
        count(*) filter (where contact_at < ${at}::timestamptz - interval '1 day')::int as silent
      from device_state) d,
      (select count(*)::int as connections,
        coalesce(max(extract(epoch from now() - xact_start)), 0)::float8 as "oldestTransaction"
      from pg_stat_activity where datname = current_database() and application_name = 'nuanlin') c`;
  const { reviews, reviewAge, devices, silent, unsent, unsentAge, connections, oldestTransaction } = found as Standing;
  const plain = (name: string, help: string, value: number): string => gauge(`nuanlin_${name}`, help, [[{}, value]]);
  return [
    metrics.exchangeSeconds.text(),
    metrics.verdicts.text(),
    metrics.failures.text(),
    metrics.pokes.text(),
    plain('exchanges_running', 'Exchanges that are being served.', gate.running),
    plain('exchanges_waiting', 'Exchanges that wait for their turn.', gate.waiting),
    plain('exchanges_turned_away', 'Exchanges that were sent away with a time to come back.', gate.turnedAway),
    plain('poke_lines', 'Devices that wait for news on this process.', pokes.lines),
    plain('poke_listener_connects', 'Times the connection that listens was made.', pokes.connects),
    plain('review_open', 'Refused acts nobody has decided about.', reviews),
    plain('review_oldest_seconds', 'Age of the oldest of them.', reviewAge),
    plain('devices', 'Devices that were ever answered.', devices),
    plain('devices_silent_day', 'Devices not heard of for more than a day.', silent),
    plain('devices_unsent', 'Acts that devices said they still hold back.', unsent),
    plain('devices_unsent_oldest_seconds', 'Age of the oldest of them.', unsentAge),
    plain('database_connections', 'Connections of all processes to the database.', connections),
    plain('horizon_seconds', 'Age of the oldest open transaction.', oldestTransaction),
    '',
  ].join('\n');
}
