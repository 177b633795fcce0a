import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packVerdicts, unpackActs } from '../packed-acts.ts';
import { decodeRows } from '../patch.ts';
import type { ExchangeRequest, PackedActs, WireMutation } from '../protocol.ts';
import { encodeRowsBriefly } from '../sent-rows.ts';
import { MemoryCentre, settle, StoodTime } from './testing.ts';
import { TrpcServer } from './transport.ts';

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A server behind `fetch` that answers what a test says, and what it was sent. */
function serverAnswering(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const time = new StoodTime();
  const server = new TrpcServer({
    timers: time,
    fetch: (url, options = {}) => {
      sent.push({ url: String(url), headers: new Headers(options.headers), body: options.body });
      return new Promise((resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(new DOMException('Aborted.', 'AbortError')));
        Promise.resolve().then(answer).then(resolve, reject);
      });
    },
  });
  return { server, sent, time };
}

const request = (args: unknown): ExchangeRequest => ({
  protocol: 1,
  epoch: null,
  cookie: null,
  mutations: [
    { seq: 1, id: 'a', name: 'x.y', version: 1, args, claimedAt: 1, serverTime: null, sinceServer: null, offset: null },
  ],
  queue: { unsent: 0, oldestAt: null, refused: 0 },
});
const small = request({});
const large = request({ note: '刘'.repeat(2_000) });

const json = (body: unknown, options?: ResponseInit) => Response.json(body, options);
const good = () => json({ result: { data: new MemoryCentre().answer() } });
const refusal = (httpStatus: number, code: string, headers?: HeadersInit) => () =>
  json({ error: { message: code, code: -32_000, data: { code, httpStatus } } }, { status: httpStatus, headers });
const page =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response('<html>Welcome to our hotel</html>', { status, headers: { 'content-type': 'text/html', ...headers } });

describe('a request to the centre', () => {
  it('carries our header and goes out as it is when it is small', async () => {
    const { server, sent } = serverAnswering(good);
    expect(await server.exchange(small)).toMatchObject({ kind: 'answer', answer: { epoch: 'e1' } });
    expect(sent[0]?.url).toBe('/api/sync.exchange');
    expect(sent[0]?.headers.get('x-nuanlin')).toBe('1');
    expect(sent[0]?.headers.get('content-encoding')).toBeNull();
    expect(JSON.parse(sent[0]?.body as string)).toEqual({ ...small, packed: true, brief: true });
  });

  it('is packed when it is large', async () => {
    const { server, sent } = serverAnswering(good);
    await server.exchange(large);
    expect(sent[0]?.headers.get('content-encoding')).toBe('gzip');
    const packed = Buffer.from(sent[0]?.body as ArrayBuffer);
    expect(packed.length).toBeLessThan(500);
    expect(JSON.parse(gunzipSync(packed).toString())).toEqual({ ...large, packed: true, brief: true });
  });

  it('goes as columns to a centre that has said it takes them, and only then', async () => {
    let answers: () => Response = good;
    const { server, sent } = serverAnswering(() => answers());
    const [first] = small.mutations;
    const two = { ...small, mutations: [first, { ...first, seq: 2, id: 'b' }] } as ExchangeRequest;
    const bodyOf = (at: number) => JSON.parse(sent[at]?.body as string) as ExchangeRequest;
    await server.exchange(two);
    expect(bodyOf(0).mutations).toHaveLength(2);
    answers = () => json({ result: { data: { ...new MemoryCentre().answer(), packed: true } } });
    await server.exchange(two);
    await server.exchange(two);
    expect(bodyOf(1).mutations).toHaveLength(2);
    expect(bodyOf(2).mutations).toEqual([]);
    expect(unpackActs(bodyOf(2).acts as PackedActs)).toEqual(two.mutations);
  });

  it('goes plain again when a centre was set back to a version that does not know columns', async () => {
    let packed = true;
    const { server, sent } = serverAnswering(() => {
      const { packed: _, ...answer } = { ...new MemoryCentre().answer(), packed };
      return json({ result: { data: packed ? { ...answer, packed } : answer } });
    });
    const [first] = small.mutations;
    const two = { ...small, mutations: [first, { ...first, seq: 2, id: 'b' }] } as ExchangeRequest;
    await server.exchange(two);
    packed = false;
    await server.exchange(two);
    await server.exchange(two);
    const bodies = sent.map(({ body }) => JSON.parse(body as string) as ExchangeRequest);
    expect(bodies.map(({ acts }) => acts !== undefined)).toEqual([false, true, false]);
  });

  it('with nothing to send is a look in one short line, answered without a body when nothing is new', async () => {
    const known = {
      ...small,
      device: 'device-0123456789ab',
      epoch: '9a532d9b-8708aa9ecf4b',
      cookie: 'c.-',
      mutations: [],
    };
    let answers: () => Response = () => json({ result: { data: { ...new MemoryCentre().answer(), packed: true } } });
    const { server, sent } = serverAnswering(() => answers());
    await server.exchange(known);
    const head = { 'x-nuanlin-same': `${(1_795_335_795_891).toString(36)}.${(31_770_587_630_563).toString(36)}` };
    answers = () => new Response(null, { status: 204, headers: head });
    expect(await server.exchange(known)).toEqual({
      kind: 'answer',
      answer: {
        ...{
          verdicts: [],
          cookie: 'c.-',
          patch: { reset: false, kinds: [] },
          more: false,
          checksum: 31_770_587_630_563,
        },
        ...{ serverTime: 1_795_335_795_891, epoch: '9a532d9b-8708aa9ecf4b' },
      },
    });
    expect(decodeURIComponent(sent[1]?.url ?? '')).toBe('/api/sync.look?input="0123456789ab~8708aa9ecf4b~c.-"');
    expect(sent[1]?.headers.get('x-nuanlin')).toBeNull();
    answers = () => new Response(null, { status: 204 });
    expect(await server.exchange(known)).toEqual({ kind: 'no-answer' });
    answers = refusal(404, 'not-found');
    expect(await server.exchange(known)).toMatchObject({ kind: 'declined' });
    await server.exchange(known);
    expect(sent.map(({ url }) => url.split('?')[0]?.split('.')[1])).toEqual([
      ...['exchange', 'look', 'look', 'look', 'exchange'],
    ]);
  });

  it('that tells what this phone has lost goes whole, though there is nothing to send', async () => {
    const known = { ...small, device: 'device-0123456789ab', epoch: '9a532d9b-8708aa9ecf4b', cookie: 'c.-' };
    const quiet = { ...known, mutations: [] };
    const lost = [{ device: known.device, numbers: [[3, 4]] as const, from: null, to: null }];
    const answers = () => json({ result: { data: { ...new MemoryCentre().answer(), packed: true } } });
    const { server, sent } = serverAnswering(answers);
    await server.exchange(quiet);
    await server.exchange({ ...quiet, lost });
    expect(sent[1]?.url).toBe('/api/sync.exchange');
    expect(JSON.parse(sent[1]?.body as string)).toMatchObject({ lost });
  });

  it('gets its verdicts back from columns, and no answer from columns that cannot be read', async () => {
    const verdicts = [1, 2].map((seq) => ({ seq, id: `a${seq}`, verdict: 'applied' as const, repeated: seq > 1 }));
    const judged = packVerdicts(verdicts);
    const answering = (one: object) => serverAnswering(() => json({ result: { data: one } })).server.exchange(small);
    const whole = { ...new MemoryCentre().answer(), verdicts: [] };
    expect(await answering({ ...whole, judged })).toEqual({ kind: 'answer', answer: { ...whole, verdicts } });
    expect(await answering({ ...whole, judged: { ...judged, count: 3 } })).toEqual({ kind: 'no-answer' });
  });

  it('gets an answer back that leaves out what it has said itself, and none from one that refers to more', async () => {
    const answering = (one: object) => serverAnswering(() => json({ result: { data: one } })).server.exchange(large);
    const [act] = large.mutations as [WireMutation];
    const rows = [{ row: { id: 'a', note: (act.args as { note: string }).note }, version: 3 }];
    const kinds = encodeRowsBriefly('lamp', ['note'], rows, [], [act]);
    const asked = await answering({ ...new MemoryCentre().answer(), patch: { reset: false, kinds } });
    const patch = asked.kind === 'answer' && asked.answer.patch.kinds[0];
    expect(patch && decodeRows(patch, ['note'])).toEqual(rows);
    const others = encodeRowsBriefly('lamp', ['note'], rows, [], [{ id: 'b', args: {} }, act]);
    expect(await answering({ ...new MemoryCentre().answer(), patch: { reset: false, kinds: others } })).toEqual({
      kind: 'no-answer',
    });
  });

  it('is given up after a while', async () => {
    const { server, time } = serverAnswering(() => new Promise<Response>(() => undefined));
    const asked = server.exchange(small);
    await settle();
    await time.pass(60_000);
    expect(await asked).toEqual({ kind: 'no-answer' });
    expect(time.next).toBeNull();
  });
});

describe('what an answer means', () => {
  const cases: [string, () => Response | Promise<Response>, object][] = [
    ['no line', () => Promise.reject(new TypeError('Failed to fetch')), { kind: 'no-answer' }],
    ['a hotel’s page', page(200), { kind: 'no-answer' }],
    ['a hotel’s page that says 401', page(401), { kind: 'no-answer' }],
    ['a hotel’s JSON', () => json({ login: 'https://hotel.example' }), { kind: 'no-answer' }],
    ['a hotel’s JSON that says 401', () => json({ login: true }, { status: 401 }), { kind: 'no-answer' }],
    ['our shape without our content', () => json({ result: { data: { hello: 1 } } }), { kind: 'no-answer' }],
    [
      'half an answer',
      () => new Response('{"result":{"da', { headers: { 'content-type': 'application/json' } }),
      { kind: 'no-answer' },
    ],
    ['a proxy without a server', page(502), { kind: 'busy', retryAfterMs: null }],
    ['a server that starts', page(503, { 'retry-after': '2' }), { kind: 'busy', retryAfterMs: 2_000 }],
    ['too many requests', refusal(429, 'slow', { 'retry-after': '30' }), { kind: 'busy', retryAfterMs: 30_000 }],
    ['a fault of the server', refusal(500, 'internal-server-error'), { kind: 'busy', retryAfterMs: null }],
    ['an ended sign-in', refusal(401, 'sign-in'), { kind: 'sign-in' }],
    [
      'a request it does not take',
      refusal(400, 'malformed-exchange'),
      { kind: 'declined', code: 'malformed-exchange' },
    ],
  ];
  it.each(cases)('%s', async (_name, answer, expected) => {
    const { server, time } = serverAnswering(answer);
    expect(await server.exchange(small)).toEqual(expected);
    expect(time.next).toBeNull();
  });

  it('gives the centre’s word for why a code is not taken', async () => {
    const { server } = serverAnswering(refusal(403, 'code-not-valid'));
    expect(await server.join('AAAA', [])).toEqual({ kind: 'declined', code: 'code-not-valid' });
  });
});
