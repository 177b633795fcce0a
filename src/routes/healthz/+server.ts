import { runningStation } from '#server/running.ts';
import type { RequestHandler } from './$types';

/** Whether the station can serve: it is up and its database answers. */
export const GET: RequestHandler = async () => {
  const station = runningStation();
  const ok =
    station !== null &&
    (await station.sql`select 1`.then(
      () => true,
      () => false,
    ));
  return Response.json({ ok }, { status: ok ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
