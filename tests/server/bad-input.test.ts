import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Field, Fields } from '#engine/field.ts';
import type { ExchangeAnswer } from '#engine/protocol.ts';
import { registry } from '#kinds';
import { dataOf, DoorStation, firstExchange, nothingSent, type Caller } from './door-station.ts';

let door: DoorStation;
let stranger: Caller;
let chief: Caller;
/** Of whom no made-up act ever says the id: what somebody may do by chance to others, they do not suffer. */
let outsider: Caller;
let keeper: Caller;

beforeAll(async () => {
  door = await DoorStation.open();
  // What the station does by itself would change records beside what is asked here.
  door.station.quiet();
  await door.person('nobody', []);
  await door.person('outsider', []);
  await door.person('keeper', ['coordinator']);
  stranger = await door.device('nobody');
  chief = await door.device('chief');
  outsider = await door.device('outsider');
  keeper = await door.device('keeper');
  for (const one of [stranger, chief, outsider, keeper]) await one.post('sync.exchange', firstExchange);
});
afterAll(() => door.close());

/** What was refused lies before a person, and should. */
const isOfPeople = ({ name }: { name: string }): boolean => name !== 'refusedAct';

/** Everything a bad request could have changed: every record, and where the station's counter stands. */
async function standing(): Promise<unknown> {
  const { sql } = door.station;
  const [clock] = await sql`select kinds - 'refusedAct' as kinds, sums - 'refusedAct' as sums from station_clock`;
  const counts = await Promise.all(
    registry.kinds.filter(isOfPeople).map(({ name }) => {
      const table = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return sql`select ${name} as kind, count(*)::int as count from ${sql(table)}`;
    }),
  );
  const [frame] = await sql`select (select count(*)::int from account) as accounts,
    (select count(*)::int from session) as sessions, (select count(*)::int from join_code) as codes,
    (select count(*)::int from gone) as gone`;
  return [clock, counts.map(([one]) => one), frame];
}

/** What must hold of every answer, whatever was asked. */
async function isTyped(response: Response): Promise<string> {
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  expect(text).not.toMatch(/node_modules|\.ts:\d|\bat [\w.]+ \(|postgres|select |insert /i);
  if (response.status !== 200) {
    const { data } = (JSON.parse(text) as { error: { data: { code: string } } }).error;
    expect(data.code).toMatch(/^[a-z-]+$/);
  }
  return text;
}

const act = (over: object) => ({
  ...{ seq: 1, id: 'a', name: 'x.y', version: 1, args: {}, claimedAt: 0 },
  ...{ serverTime: null, sinceServer: null, offset: null },
  ...over,
});
const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
const asking = (acts: unknown[], over: object = {}) => ({ ...firstExchange, mutations: acts, ...over });

/** Values that were thought up to break something. */
const nasty = fc.constantFrom<unknown>(
  ...[null, true, -0, 1e308, -1, 2 ** 53, 0.1, '', ' ', '\u0000', '\ud800', '\udfff\ud800', '__proto__', 'constructor'],
  ...[[], {}, [[]], { toString: 1 }, { then: 1 }, JSON.parse('{"__proto__":{"roles":["coordinator"]}}') as unknown],
  ...['x'.repeat(5_000), '2026-02-30', '24:00', "'; drop table elder; --", '../../etc/passwd', '{{7*7}}'],
);
const anything = fc.oneof({ weight: 3, arbitrary: nasty }, fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>);

/** A value that fits a field as declared, or one that does not. */
function valueFor(field: Field<unknown>): fc.Arbitrary<unknown> {
  const fits: Partial<Record<string, fc.Arbitrary<unknown>>> = {
    text: fc.string({ unit: 'binary', maxLength: 80 }),
    note: fc.string({ unit: 'binary', maxLength: 300 }),
    phone: fc.constantFrom('0571-1234567', '+86-1'),
    number: fc.integer(),
    yesNo: fc.boolean(),
    date: fc.constantFrom('2026-11-22', '0001-01-01', '9999-12-31'),
    time: fc.constantFrom('00:00', '23:59'),
    instant: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    choice: fc.constantFrom(...(field.values ?? ['x'])),
    choices: fc.constantFrom([...(field.values ?? [])], []),
    reference: fc.constantFrom('chief', 'nobody', 'a', '没有这个人'),
  };
  const fitting = fits[field.input] ?? anything;
  return fc.oneof({ weight: 5, arbitrary: fitting }, anything);
}

const declaredAct = fc.constantFrom(...registry.mutations.values()).chain((mutation) => {
  const fields = Object.entries(mutation.args as Fields);
  const args = fc.record(Object.fromEntries(fields.map(([name, field]) => [name, valueFor(field)])), {
    requiredKeys: [],
  });
  return fc.record({
    name: fc.constant(mutation.name),
    args: fc.oneof({ weight: 6, arbitrary: args as fc.Arbitrary<unknown> }, anything),
    version: fc.constantFrom(0, 1, 1, 1, 2, 99, Number.MAX_SAFE_INTEGER),
    claimedAt: fc.constantFrom(0, -1e15, 1e308, Date.now()),
    serverTime: fc.constantFrom(null, 0, 1e308, Date.now()),
    sinceServer: fc.constantFrom(null, -5, 1e308, 0),
    offset: fc.constantFrom(null, 1e308, -1e308, 0),
  });
});

let numbers = 0;
const numbered = (acts: readonly object[]) =>
  acts.map((one) => {
    numbers += 1;
    return act({ seq: numbers, id: `fuzz-${numbers}`, ...one });
  });

describe('what is not of the protocol', () => {
  it('is refused with a word, and changes nothing', async () => {
    const before = await standing();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anything, fc.record({ protocol: anything, epoch: anything, cookie: anything, mutations: anything })),
        fc.constantFrom('sync.exchange', 'access.signIn', 'access.join', 'access.makeJoinCode', 'access.revokeDevice'),
        async (body, path) => {
          const response = await stranger.post(path, body);
          await isTyped(response);
          expect(response.status).toBeGreaterThanOrEqual(400);
        },
      ),
      { numRuns: 120 },
    );
    expect(await standing()).toEqual(before);
  });

  it.each<[string, () => Promise<Response>, number]>([
    ['ten million characters', () => stranger.send('sync.exchange', `"${'x'.repeat(10_000_000)}"`), 413],
    ['a body a hundred thousand levels deep', () => stranger.send('sync.exchange', deep(100_000)), 400],
    [
      'arguments fifty thousand levels deep',
      () =>
        stranger.send('sync.exchange', JSON.stringify(asking([act({ args: 'HERE' })])).replace('"HERE"', deep(50_000))),
      400,
    ],
    ['no JSON', () => stranger.send('sync.exchange', '{"protocol":1,'), 400],
    ['no text', () => stranger.send('sync.exchange', new Uint8Array([0xff, 0xfe, 0x00, 0xd8])), 400],
    [
      'what says it is packed and is not',
      () => stranger.send('sync.exchange', '{}', { 'content-encoding': 'gzip' }),
      400,
    ],
    ['a version of tomorrow', () => stranger.post('sync.exchange', { ...firstExchange, protocol: 2 }), 400],
    [
      'acts out of order',
      () => stranger.post('sync.exchange', asking([act({ seq: 2 }), act({ seq: 1, id: 'b' })])),
      400,
    ],
    [
      'too many acts',
      () =>
        stranger.post(
          'sync.exchange',
          asking(Array.from({ length: 1_001 }, (_none, at) => act({ seq: at + 1, id: `m${at}` }))),
        ),
      400,
    ],
    [
      'an id with half a sign',
      () => stranger.send('sync.exchange', JSON.stringify(asking([act({ id: 'HERE' })])).replace('HERE', '\\ud800')),
      400,
    ],
    [
      'an id with nothing in it',
      () => stranger.send('sync.exchange', JSON.stringify(asking([act({ id: 'HERE' })])).replace('HERE', '\\u0000')),
      400,
    ],
    [
      'a cookie as long as a book',
      () => stranger.post('sync.exchange', { ...firstExchange, cookie: 'x'.repeat(100_000) }),
      400,
    ],
    [
      'a question nobody declared',
      () => chief.get(`history.read?input=${encodeURIComponent('{"name":"__proto__"}')}`),
      404,
    ],
    ['a door that is none', () => chief.post('sync.__proto__', {}), 404],
    [
      'the work of a coordinator by somebody else',
      () => stranger.post('access.makeJoinCode', { person: 'chief' }),
      403,
    ],
  ])('%s', async (_what, ask, status) => {
    const before = await standing();
    const response = await ask();
    expect(response.status, await isTyped(response)).toBe(status);
    expect(await standing()).toEqual(before);
  });
});

describe('acts that somebody made up', () => {
  it('are each refused with a code and kept, and change no record', async () => {
    const before = await standing();
    await fc.assert(
      fc.asyncProperty(fc.array(declaredAct, { minLength: 1, maxLength: 8 }), async (acts) => {
        const sent = numbered(acts);
        const response = await stranger.post('sync.exchange', asking(sent));
        const { verdicts } = (JSON.parse(await isTyped(response)) as { result: { data: ExchangeAnswer } }).result.data;
        expect(verdicts.map(({ seq }) => seq)).toEqual(sent.map(({ seq }) => seq));
        for (const { verdict, code } of verdicts) {
          expect(verdict).toBe('refused');
          expect(code).toMatch(/^[a-z-]+$/);
        }
      }),
      { numRuns: 100 },
    );
    const [kept] = await door.station.sql`select count(*)::int as count from review where handled_at is null`;
    expect(kept?.count).toBe(numbers);
    expect(await standing()).toEqual(before);
  }, 120_000);

  it('by somebody who may do much leave the door standing', async () => {
    let held: Pick<ExchangeAnswer, 'cookie' | 'epoch'> | null = null;
    await fc.assert(
      fc.asyncProperty(fc.array(declaredAct, { minLength: 1, maxLength: 8 }), async (acts) => {
        const { cookie, epoch } = held ?? { cookie: null, epoch: null };
        const response = await chief.post('sync.exchange', asking(numbered(acts), { cookie, epoch }));
        held = (JSON.parse(await isTyped(response)) as { result: { data: ExchangeAnswer } }).result.data;
        expect((held as ExchangeAnswer).verdicts).toHaveLength(acts.length);
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('of names that no list has are unknown', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'elder', 'elder.', 'elder.__proto__', 'nothing.at.all'];
    const response = await keeper.post('sync.exchange', asking(numbered(names.map((name) => ({ name })))));
    const { verdicts } = await dataOf<ExchangeAnswer>(response);
    expect(verdicts.map(({ code }) => code)).toEqual(names.map(() => 'unknown-act'));
  });
});

describe('what belongs to somebody else', () => {
  it('does not come with their cookie or epoch, nor count under their number', async () => {
    const theirs = await dataOf<ExchangeAnswer>(await keeper.post('sync.exchange', firstExchange));
    expect(theirs.patch.kinds.map(({ kind }) => kind)).toContain('person');
    const { cookie, epoch } = theirs;
    const before = await standing();
    const answer = await dataOf<ExchangeAnswer>(
      await outsider.post('sync.exchange', { ...asking([]), cookie, epoch, queue: nothingSent }),
    );
    expect(answer.patch.reset).toBe(true);
    expect(answer.you).toMatchObject({ person: 'outsider', roles: [] });
    const people = answer.patch.kinds.find(({ kind }) => kind === 'person');
    expect(people?.ids).toEqual(['outsider']);
    expect(await standing()).toEqual(before);
  });
});
