import { mayReadMetrics, metricsText } from '#server/observe.ts';
import { runningStation } from '#server/running.ts';
import type { RequestHandler } from './$types';

/** Figures for whoever runs the station. To everybody else there is nothing here. */
export const GET: RequestHandler = async ({ request, getClientAddress }) => {
  if (!mayReadMetrics(request, getClientAddress(), process.env.METRICS_TOKEN))
    return new Response(null, { status: 404 });
  const station = runningStation();
  if (!station) return new Response(null, { status: 503 });
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(await metricsText(station), { headers });
};
