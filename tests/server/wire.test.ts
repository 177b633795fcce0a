import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { idLengthMax, mutationsTaken } from '#engine/limits.ts';
import { registryOf } from '#engine/registry.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { canonicalJson, contentHash, shortHash } from '#server/exchange/content.ts';
import { fieldsSeen, readCookie, shapeOf, whoOf, writeCookie, type Cookie } from '#server/exchange/cookie.ts';
import { MalformedRequest, parseRequest } from '#server/exchange/request.ts';
import { act, ask } from './fixture.ts';

const word = fc.stringMatching(/^[a-zA-Z0-9:._-]{0,40}$/);
const count = fc.nat({ max: 36 ** 5 - 1 });
const cookie: fc.Arbitrary<Cookie> = fc.record({
  ...{ pull: count, version: count, day: fc.constant('2026-11-20') },
  who: fc.stringMatching(/^[a-z0-9]{1,12}$/),
  shape: fc.stringMatching(/^[a-z0-9]{1,12}$/),
  part: fc.option(fc.record({ upTo: count, kind: word, version: count, id: word })),
  pace: fc.option(fc.record({ rows: count, at: count })),
});
const one: Cookie = { pull: 3, version: 40, day: '2026-11-20', who: 'w', shape: 's', part: null, pace: null };
const withPart = (value: unknown): string => {
  const [start] = writeCookie(one).split('.-');
  return `${start}.${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
};

describe('a cookie', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(cookie, (written) => {
        expect(readCookie(writeCookie(written))).toEqual(written);
      }),
    );
  });

  it.each([
    ['nothing', null],
    ['too little', 'a.b.c.d.e'],
    ['too much', `${writeCookie({ ...one, pace: { rows: 1, at: 1 } })}.x`],
    ['a number that is none', writeCookie(one).replace(/^3/, '-3')],
    ['a number that is too long', `${'z'.repeat(11)}${writeCookie(one)}`],
    ['a part that is no JSON', `${writeCookie(one).slice(0, -1)}!!`],
    ['a part with a number that is none', withPart([-1, 'round', 1, 'r'])],
    ['a part with half a number', withPart([1, 'round', 1.5, 'r'])],
    ['a part whose kind is none', withPart([1, 7, 1, 'r'])],
    ['a part whose kind is a list', withPart([1, ['round'], 1, 'r'])],
    ['a part with an id that no record has', withPart([1, 'round', 1, "r'; drop table"])],
    ['a part with an id that is too long', withPart([1, 'round', 1, 'r'.repeat(idLengthMax + 1)])],
    ['a part with more in it', withPart([1, 'round', 1, 'r', 'x'])],
  ])('that says %s is none', (_what, text) => {
    expect(readCookie(text)).toBeNull();
  });

  it('with a pace that is none has none', () => {
    expect(readCookie(withPart([1, 'round', 1, 'r'.repeat(idLengthMax)]))?.part?.id).toHaveLength(idLengthMax);
    for (const pace of ['x', 'a-', '-a', 'zzzzzz-1', '1-zzzzzzzzzz', ' 1-1', '1-1 '])
      expect(readCookie(`${writeCookie(one)}.${pace}`)).toEqual(one);
  });
});

describe('for whom a cookie is', () => {
  const who = { station: 's', person: 'p', roles: ['a', 'b'], communities: ['x', 'y'] };

  it('differs with station, person, roles and communities, not with their order', () => {
    expect(whoOf({ ...who, roles: ['b', 'a'], communities: ['y', 'x'] })).toBe(whoOf(who));
    const others = [
      { station: 't' },
      { person: 'q' },
      { roles: ['a'] },
      { communities: ['x'] },
      { communities: 'all' as const },
      { communities: ['a', 'l', 'l'] },
    ];
    const all = [who, ...others.map((other) => ({ ...who, ...other }))].map(whoOf);
    expect(new Set(all).size).toBe(all.length);
  });

  it('differs with what they are sent: kinds, fields, and whether whole', () => {
    const fields = {
      name: f.text(),
      secret: f.optional(f.text({ only: ['nurse'] })),
      open: f.optional(f.text({ only: ['nurse', 'office'] })),
    };
    const bell = kind({ name: 'bell', fields, sees: [seesStation()] });
    const rope = kind({ name: 'rope', fields: { by: f.person() }, sees: [seesMine('by')] });
    const viewer = { person: 'p', roles: ['office'], communities: 'all' as const, today: '2026-11-20' };
    expect(fieldsSeen(fields, ['office'])).toEqual(['name', 'open']);
    expect(fieldsSeen(fields, [])).toEqual(['name']);
    const both = registryOf([{ bell, rope }]);
    expect(shapeOf(registryOf([{ rope, bell }]), viewer)).toBe(shapeOf(both, viewer));
    const mine = kind({ name: 'bell', fields, sees: [seesMine('id')] });
    const { name, ...others } = fields;
    const turned = kind({ name: 'bell', fields: { ...others, name }, sees: [seesStation()] });
    expect(shapeOf(registryOf([{ bell: turned, rope }]), { ...viewer, roles: ['nurse'] })).toBe(
      shapeOf(both, { ...viewer, roles: ['nurse'] }),
    );
    const shapes = [
      shapeOf(both, viewer),
      shapeOf(both, { ...viewer, roles: ['nurse'] }),
      shapeOf(registryOf([{ bell }]), viewer),
      shapeOf(registryOf([{ bell: mine, rope }]), viewer),
    ];
    expect(new Set(shapes).size).toBe(shapes.length);
  });
});

describe('the content of an act', () => {
  it('is the same in whatever order its fields stand, and another with any other value', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    const values = [[], {}, null, '', 0, [1, 2], [2, 1], ['1,2'], { a: 1 }, { a: 1, b: 2 }, { a: { b: 1 } }, [[1], 2]];
    expect(new Set(values.map(shortHash)).size).toBe(values.length);
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"a":null,"b":[null]}');
    for (const hash of [shortHash({}), contentHash(act(1, 'x.y', {})).slice(0, 11)])
      expect(hash).toMatch(/^[\w-]{11}$/);
    const said = act(1, 'door.open', { doorId: 'd1' });
    const others = [{ name: 'door.add' }, { args: { doorId: 'd2' } }, { version: 2 }].map((other) => ({
      ...said,
      ...other,
    }));
    const hashes = [said, ...others].map(contentHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('a request', () => {
  const acts = (number: number) => Array.from({ length: number }, (_none, at) => act(at + 1, 'x.y', {}));
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
  const queue = { unsent: 0, oldestAt: null, refused: 0 };

  it('of the shape is read as it is', () => {
    const request = { ...ask(null, acts(3)), device: 'd', epoch: 'e', cookie: 'c' };
    expect(parseRequest(request)).toMatchObject(request);
    expect(parseRequest({ ...request, mutations: acts(mutationsTaken) }).mutations).toHaveLength(mutationsTaken);
    const numbers = { ...request, queue: { ...queue, oldestAt: -1.5, numbers: { from: 1, to: 2 } } };
    expect(parseRequest(numbers).queue).toEqual(numbers.queue);
    expect(() => parseRequest({ ...request, mutations: [act(1, 'x.y', deep(30))] })).not.toThrow();
  });

  it.each([
    ['protocol', { protocol: 2 }],
    ['device', { device: 'd'.repeat(idLengthMax + 1) }],
    ['epoch', { epoch: undefined }],
    ['cookie', { cookie: 'c'.repeat(1_001) }],
    ['mutations', { mutations: acts(mutationsTaken + 1) }],
    ['mutations', { mutations: [act(2, 'x.y', {}), act(2, 'x.y', {})] }],
    ['mutations.0.seq', { mutations: [act(0, 'x.y', {})] }],
    ['mutations.0.id', { mutations: [{ ...act(1, 'x.y', {}), id: '' }] }],
    ['mutations.0.id', { mutations: [{ ...act(1, 'x.y', {}), id: 'a b' }] }],
    ['mutations.0.name', { mutations: [act(1, 'n'.repeat(idLengthMax + 1), {})] }],
    ['mutations.0.version', { mutations: [{ ...act(1, 'x.y', {}), version: 1.5 }] }],
    ['mutations.0.claimedAt', { mutations: [{ ...act(1, 'x.y', {}), claimedAt: Number.NaN }] }],
    ['packed', { packed: false }],
    ['queue', { queue: null }],
    ['queue.unsent', { queue: { ...queue, unsent: -1 } }],
    ['queue.numbers.to', { queue: { ...queue, numbers: { from: 1 } } }],
  ])('is refused whole when %s is not what it should be', (place, wrong) => {
    const request = { ...ask(null), ...wrong };
    expect(() => parseRequest(request)).toThrow(MalformedRequest);
    expect(() => parseRequest(request)).toThrow(`malformed at "${place}"`);
  });

  it.each([[null], ['text'], [7], [[]], [{}]])('is refused when it is %j', (input) => {
    expect(() => parseRequest(input)).toThrow(MalformedRequest);
  });

  it('is refused as a whole when it is none, and says that', () => {
    expect(() => parseRequest(7)).toThrow('malformed at ""');
  });

  it('tells losses in as many runs as it likes, and nests as deep as forty levels', () => {
    const lost = [{ device: 'd', numbers: [[1, 3], [5, 5], [7, 9]], from: null, to: null }]; // prettier-ignore
    expect(parseRequest({ ...ask(null), lost }).lost).toEqual(lost);
    const runs = [[1, 1, 5_000], [5_001, 9_000, 5_000]]; // prettier-ignore
    const former = [{ ...lost[0], former: [{ device: 'e', runs }] }];
    expect(parseRequest({ ...ask(null), lost: former }).lost).toEqual(former);
    const nested = (levels: number) => ({ ...ask(null), mutations: [act(1, 'x.y', deep(levels))] });
    expect(() => parseRequest(nested(37))).not.toThrow();
    expect(() => parseRequest(nested(38))).toThrow('too deep');
  });

  it('is refused when it is nested deeper than any act is', () => {
    expect(() => parseRequest({ ...ask(null), mutations: [act(1, 'x.y', deep(60))] })).toThrow(MalformedRequest);
    expect(() => parseRequest({ ...ask(null), more: [[deep(60)]] })).toThrow(MalformedRequest);
  });
});
