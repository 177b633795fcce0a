import { answer } from '#server/door.ts';
import { runningStation } from '#server/running.ts';
import type { RequestHandler } from './$types';

/** The door to the server's procedures: everything a device asks comes through here. */
const handle: RequestHandler = ({ request, getClientAddress }) => {
  const station = runningStation();
  if (!station) return new Response(null, { status: 503, headers: { 'retry-after': '2' } });
  return answer(station, request, getClientAddress());
};

export const GET = handle;
export const POST = handle;
