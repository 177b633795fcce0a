/** Something that is not our server answered: a hotel's welcome page, a proxy's error page. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
  constructor(
    readonly status: number,
    readonly retryAfterMs: number | null,
  ) {
    super(`The answer (${status}) is not the station's.`);
  }
}

/** Below this a request is not worth compressing (bytes). */
const compressFrom = 1_024;

/** In the head of an answer without body: nothing is new, the centre's time and the sum of what this phone holds. */
const sameHead = 'x-nuanlin-same';

export type Fetch = (url: string | URL | Request, options?: RequestInit) => Promise<Response>;

/**
 * The browser's fetch with what every request of ours needs: the header that no foreign page can send, large bodies
 * compressed (a day's work over a weak line), and an error for whatever is not our JSON.
 */
export function stationFetch(fetch: Fetch): Fetch {
  return async (url, options = {}) => {
    const headers = new Headers(options.headers);
    // A question changes nothing, so it needs no proof of where it comes from; on a weak line its head counts.
    if (options.method === 'POST') headers.set('x-nuanlin', '1');
    const body = await compressed(options.body, headers);
    const response = await fetch(url, {
      ...options,
      headers,
      body,
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
    });
    const same = response.headers.get(sameHead);
    if (response.status === 204 && same !== null) return Response.json({ result: { data: { same } } });
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith('application/json')) throw new ForeignAnswer(response.status, retryAfterOf(response));
    return response;
  };
}

async function compressed(body: RequestInit['body'], headers: Headers): Promise<RequestInit['body']> {
  if (typeof body !== 'string' || body.length < compressFrom || !('CompressionStream' in globalThis)) return body;
  headers.set('content-encoding', 'gzip');
  const packed = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(packed).arrayBuffer();
}

/** How long the answer asks to be left alone (ms), null when it does not say. */
export function retryAfterOf(response: Pick<Response, 'headers'> | undefined): number | null {
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
