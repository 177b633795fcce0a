import type { RequestHandler } from './$types';

/** Whether this process is alive; whether it can serve is another question, see /readyz. */
export const GET: RequestHandler = () => Response.json({ ok: true }, { headers: { 'cache-control': 'no-store' } });
