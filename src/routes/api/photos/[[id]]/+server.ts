import { answerPhotos } from '#server/photos/photo-door.ts';
import { runningPhotoRoom, runningStation } from '#server/running.ts';
import type { RequestHandler } from './$types';

/** The door for the bytes of photos: sent by the tus protocol, read by who may see a record that carries them. */
const handle: RequestHandler = ({ request, params }) => {
  const station = runningStation();
  const room = runningPhotoRoom();
  if (!station || !room) return new Response(null, { status: 503, headers: { 'retry-after': '2' } });
  return answerPhotos(station, room, request, params.id ?? null);
};

export const GET = handle;
export const HEAD = handle;
export const POST = handle;
export const PATCH = handle;
