import * as v from 'valibot';
import { hashSchema } from '#engine/field.ts';
import { photoTypeOf } from '#engine/photo-bytes.ts';
import { deviceOf } from '#server/access/identity.ts';
import { cookieIn, sessionCookie } from '#server/door.ts';
import { photoPartBytesMax, photoPartsAtOnceMax } from '#server/limits.ts';
import { log } from '#server/log.ts';
import { isUnavailable } from '#server/postgres/errors.ts';
import type { Station } from '#server/station.ts';
import type { Known } from '#server/trpc.ts';
import { asFarAsItCame } from './as-far-as-it-came.ts';
import { mayReadPhoto } from './may-read.ts';
import type { PhotoRoom } from './photo-room.ts';
import { refusedPhoto } from './refusals.ts';

/** Answers one request for `/api/photos` (`id` null) or `/api/photos/<id>`. Never throws. */
export async function answerPhotos(
  station: Station,
  room: PhotoRoom,
  request: Request,
  id: string | null,
): Promise<Response> {
  const response = await answered(station, room, request, id).catch((error: unknown) => {
    if (isUnavailable(error)) return refusedPhoto('unavailable');
    log.error({ err: error }, 'a photo failed');
    return refusedPhoto('internal');
  });
  // A browser sends a body to its end before it reads that nobody wants it, and repeats a request by itself when the
  // line broke under it: without the line it stops.
  if (request.method === 'PATCH' && response.status >= 400) response.headers.set('connection', 'close');
  return response;
}

/** Requests with bytes that are being answered. */
let inside = 0;

async function answered(station: Station, room: PhotoRoom, request: Request, id: string | null): Promise<Response> {
  const { method } = request;
  const fits = id === null ? method === 'POST' : ['GET', 'HEAD', 'PATCH'].includes(method);
  if (!fits) return refusedPhoto('method-not-allowed');
  const reads = method === 'GET' || method === 'HEAD';
  // No foreign page can send this header, so none can act in a person's name.
  if (!reads && request.headers.get('x-nuanlin') !== '1') return refusedPhoto('foreign-page');
  if (Number(request.headers.get('content-length') ?? 0) > photoPartBytesMax) return refusedPhoto('too-large');
  if (method !== 'GET' && inside >= photoPartsAtOnceMax) return refusedPhoto('unavailable');
  inside += 1;
  try {
    const asked = method === 'PATCH' ? asFarAsItCame(request) : request;
    const go = await inTurn(id ?? '', () => admitted(station, room, asked, id));
    return await go();
  } finally {
    inside -= 1;
  }
}

/** Whether this device may; what it may is then done by calling. */
async function admitted(
  station: Station,
  room: PhotoRoom,
  request: Request,
  id: string | null,
): Promise<() => Promise<Response> | Response> {
  const token = cookieIn(request, sessionCookie);
  const known = token === null ? null : await deviceOf(station.sql, token, station.now());
  if (!known) return () => refusedPhoto('sign-in');
  if (request.method === 'GET') return () => read(station, room, known, id ?? '');
  const { station: stationId, device } = known.session;
  return room.uploads.prepared(request, id, { station: stationId, device });
}

const turns = new Map<string, Promise<unknown>>();

/**
 * Requests for one photo are admitted in the order in which they came: a phone whose line broke asks how far it has come
 * while its last part is still being admitted, and must not hear of a place that this part is about to move.
 */
function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
  if (id === '') return work();
  const mine = (turns.get(id) ?? Promise.resolve()).then(work);
  const over = mine.catch(() => undefined);
  turns.set(id, over);
  void over.then(() => turns.get(id) === over && turns.delete(id));
  return mine;
}

/** What is not there and what is not for this person look the same from outside. */
async function read(station: Station, room: PhotoRoom, { identity }: Known, hash: string): Promise<Response> {
  if (!v.is(hashSchema, hash)) return refusedPhoto('not-found');
  if (!(await mayReadPhoto(station.sql, station.registry, identity, hash, station.now())))
    return refusedPhoto('not-found');
  const bytes = await room.store.get(identity.station, hash).catch((error: unknown) => {
    log.error({ err: error }, 'a photo could not be read');
    return undefined;
  });
  if (bytes === undefined) return refusedPhoto('unavailable');
  if (bytes === null) return refusedPhoto('not-yet-here');
  return new Response(bytes, {
    headers: {
      'content-type': photoTypeOf(bytes) ?? 'application/octet-stream',
      'content-length': String(bytes.length),
      // A browser would keep it in the open on its disk, also after the person may no longer see it.
      'cache-control': 'private, no-store',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    },
  });
}
