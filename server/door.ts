import { promisify } from 'node:util';
import { brotliCompress, constants, gunzip, gzip } from 'node:zlib';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { compressFrom, requestBytesMax, requestsAtOnceMax, unavailableSeconds } from './limits.ts';
import { log } from './log.ts';
import { appRouter } from './router.ts';
import type { Station } from './station.ts';
import { Refused, type RequestContext } from './trpc.ts';

/** Name of the session's cookie. */
export const sessionCookie = 'nuanlin_session';
/** Browsers keep no cookie longer than 400 days; each exchange of a phone renews nothing, joining again is easy. */
const cookieSeconds = 400 * 24 * 60 * 60;
const browserNameMax = 200;

const unpack = promisify(gunzip);
const packBrotli = promisify(brotliCompress);
const packGzip = promisify(gzip);

/** Packing a small answer harder costs a millisecond or two; a large one is packed less, or the phone waits for us (bytes). */
const packHarderBelow = 64 * 1_024;

/** Says that nothing is new, in an answer without body: most answers of a day are these. */
const nothingNewHead = 'x-nuanlin-same';

/** Where the procedures live. */
export const endpoint = '/api';

/** Answers one request to the procedures. `place` is the address it came from. Never throws. */
export async function answer(station: Station, request: Request, place: string): Promise<Response> {
  const refusal = refusedAtTheDoor(request);
  if (refusal) return plainRefusal(...refusal);
  if (request.method === 'GET') return answered(station, request, place);
  if (inside >= requestsAtOnceMax) return plainRefusal(503, 'busy', { 'retry-after': String(unavailableSeconds) });
  inside += 1;
  try {
    return await answered(station, request, place);
  } finally {
    inside -= 1;
  }
}

/** Requests with a body that are being answered. */
let inside = 0;

async function answered(station: Station, request: Request, place: string): Promise<Response> {
  const unpacked = await unpackedRequest(request);
  if (unpacked instanceof Response) return unpacked;
  const response = await fetchRequestHandler({
    endpoint,
    router: appRouter,
    req: unpacked,
    createContext: ({ resHeaders }) => contextOf(station, request, resHeaders, place),
    onError: ({ error, path }) => {
      if (!(error instanceof Refused) && error.code === 'INTERNAL_SERVER_ERROR')
        log.error({ err: error.cause ?? error, path }, 'a request failed');
    },
  });
  return packedResponse(request, response);
}

/** No foreign page can send this header or this kind of content, so none can act in a person's name. */
function refusedAtTheDoor(request: Request): [number, string] | null {
  if (request.method === 'GET') return null;
  if (request.method !== 'POST') return [405, 'method-not-allowed'];
  if (request.headers.get('x-nuanlin') !== '1') return [403, 'foreign-page'];
  if (!/^application\/json\b/.test(request.headers.get('content-type') ?? '')) return [415, 'not-json'];
  return null;
}

function plainRefusal(httpStatus: number, word: string, headers: Record<string, string> = {}): Response {
  const error = { message: word, code: -32_600, data: { code: word, httpStatus } };
  return Response.json({ error }, { status: httpStatus, headers });
}

/** The request with its body unpacked, or a refusal; a small body that unpacks to a huge one is stopped on the way. */
async function unpackedRequest(request: Request): Promise<Request | Response> {
  if (request.method === 'GET') return request;
  const packing = request.headers.get('content-encoding');
  if (packing !== null && packing !== 'gzip') return plainRefusal(415, 'unknown-encoding');
  try {
    let body = Buffer.from(await request.arrayBuffer());
    if (packing === 'gzip') body = await unpack(body, { maxOutputLength: requestBytesMax });
    if (body.byteLength > requestBytesMax) return plainRefusal(413, 'too-large');
    const headers = new Headers(request.headers);
    headers.delete('content-encoding');
    headers.delete('content-length');
    return new Request(request.url, { method: request.method, headers, body, signal: request.signal });
  } catch (error) {
    const tooLarge =
      (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' || (error as { status?: number }).status === 413;
    return tooLarge ? plainRefusal(413, 'too-large') : plainRefusal(400, 'unreadable-body');
  }
}

function contextOf(station: Station, request: Request, head: Headers, place: string): RequestContext {
  return {
    station,
    place,
    token: cookieIn(request, sessionCookie),
    browser: (request.headers.get('user-agent') ?? '').slice(0, browserNameMax),
    setToken: (token) => head.append('set-cookie', cookieOf(token, new URL(request.url))),
    nothingNew: (text) => head.set(nothingNewHead, text),
    retryAfter: (seconds) => head.set('retry-after', String(seconds)),
  };
}

/** The value of a cookie of this request, null without. */
export function cookieIn(request: Request, name: string): string | null {
  const parts = (request.headers.get('cookie') ?? '').split(';').map((part) => part.trim());
  const found = parts.find((part) => part.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) || null : null;
}

function cookieOf(token: string | null, url: URL): string {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const age = token === null ? 0 : cookieSeconds;
  return [
    `${sessionCookie}=${token ?? ''}`,
    `Max-Age=${age}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    ...(loopback ? [] : ['Secure']),
  ].join('; ');
}

/** Larger answers are packed; a line of events must flow and never is. */
async function packedResponse(request: Request, response: Response): Promise<Response> {
  const same = response.headers.get(nothingNewHead);
  if (same !== null && response.status === 200)
    return new Response(null, { status: 204, headers: { [nothingNewHead]: same, 'cache-control': 'no-store' } });
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) return response;
  const headers = new Headers(response.headers);
  headers.set('cache-control', 'no-store');
  headers.append('vary', 'accept-encoding');
  const body = Buffer.from(await response.arrayBuffer());
  const accepted = request.headers.get('accept-encoding') ?? '';
  const way =
    body.byteLength < compressFrom ? null : /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
  if (way === null) return bodyResponse(body, response.status, headers);
  const length = body.byteLength;
  const quality = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: length < packHarderBelow ? 7 : 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: length,
    },
  };
  headers.set('content-encoding', way);
  return bodyResponse(way === 'br' ? await packBrotli(body, quality) : await packGzip(body), response.status, headers);
}

function bodyResponse(body: Buffer, status: number, headers: Headers): Response {
  headers.set('content-length', String(body.byteLength));
  return new Response(new Uint8Array(body), { status, headers });
}
