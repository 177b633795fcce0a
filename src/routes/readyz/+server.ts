import { isReady } from '#server/observe.ts';
import { runningStation } from '#server/running.ts';
import type { RequestHandler } from './$types';

/** Whether the station can serve now. */
export const GET: RequestHandler = async () => {
  const ok = await isReady(runningStation());
  return Response.json({ ok }, { status: ok ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
