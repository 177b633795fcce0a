import { describe, expect, it } from 'vitest';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, subjectArgument, type AnyKind, type Row } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { seesStation } from '#engine/scope.ts';
import { Tables } from '#engine/tables.ts';
import { put } from '#engine/change.ts';
import { choosable } from './choosable.ts';
import { fill, startOf } from './entered.rules.ts';
import { actsOn, actsThatMake, askedFor, childrenOf, parentOf } from './record-acts.rules.ts';
import { dayField, found, inOrder } from './record-order.rules.ts';
import { isShown, subtitleOf, titleOf, valueWords } from './record-words.ts';

const sees = [seesStation()];
const words = (text: string) => () => text;
const person = kind({ name: 'person', fields: { name: f.text(), active: f.yesNo(), roles: f.list() }, sees });
const elder = kind({ name: 'elder', fields: { name: f.text(), address: f.text() }, sees, subtitle: ['address'] });
const walk = kind({
  name: 'walk',
  fields: { day: f.date(), guide: f.person(), phone: f.phone({ sensitive: true }) },
  sees,
  index: ['day'],
  label: words('散步'),
  listed: true,
  title: ['day', 'guide', 'phone'],
});
const guest = kind({
  name: 'guest',
  fields: {
    walkId: f.reference('walk'),
    elderId: f.reference('elder', { label: words('老人') }),
    came: f.optional(f.oneOf(['yes', 'late'], { labels: { yes: words('来了'), late: words('晚到') } })),
  },
  sees,
  index: ['walkId'],
  label: words('一起走的'),
  listed: true,
  title: ['elderId'],
  subtitle: ['came'],
});
const may = (ctx: Parameters<typeof hasRole>[0]) => hasRole(ctx, 'coordinator');
const apply = () => [];
const walkActs = mutationsOf(walk, {
  plan: mutation({
    label: words('安排'),
    args: { day: f.date({ label: words('哪天') }), elderIds: f.references('elder', { label: words('谁'), min: 1 }) },
    may,
    apply,
  }),
  sketch: mutation({
    label: words('画'),
    args: { line: f.structure(f.text().schema, { label: words('线') }) },
    may,
    apply,
  }),
  end: mutation({
    label: words('结束'),
    args: { walkId: f.reference('walk') },
    about: { kind: walk as AnyKind, id: ({ walkId }: { walkId: string }) => walkId } as never,
    may,
    apply,
  }),
});
const guestActs = mutationsOf(guest, {
  add: mutation({
    label: words('加一位'),
    args: { walkId: f.reference('walk', { label: words('散步') }), elderId: f.reference('elder') },
    may,
    apply,
  }),
  clear: mutation({
    label: words('去掉'),
    args: { walkId: f.reference('walk', { label: words('散步') }), elderId: f.reference('elder') },
    about: {
      kind: guest as AnyKind,
      id: (args: { walkId: string; elderId: string }) => `${args.walkId}:${args.elderId}`,
    } as never,
    may,
    apply,
  }),
});
const modules = { person, elder, walk, guest, walkActs, guestActs };
const registry = registryOf([modules]);
const now = Date.parse('2026-11-02T04:00:00Z');

function lookAt(...rows: readonly ReturnType<typeof put>[]) {
  const tables = new Tables(registry);
  tables.apply(rows);
  return { registry, tables, now };
}

describe('which acts are offered where', () => {
  it('makes something above the list, and what can be filled in only', () => {
    expect(actsThatMake(registry, walk).map(({ name }) => name)).toEqual(['walk.plan']);
    expect(actsThatMake(registry, guest).map(({ name }) => name)).toEqual(['guest.add']);
  });

  it('works on a record through the argument that is its id, and adds to it what names it', () => {
    expect(actsOn(registry, walk).map(({ act, argument }) => [act.name, argument])).toEqual([
      ['walk.end', 'walkId'],
      ['guest.add', 'walkId'],
    ]);
    expect(subjectArgument(guestActs.clear)).toBeUndefined();
    expect(Object.keys(askedFor(guestActs.add, ['walkId']))).toEqual(['elderId']);
  });

  it('knows which records belong to which', () => {
    expect(parentOf(registry, guest)?.name).toBe('walk');
    expect(parentOf(registry, walk)).toBeUndefined();
    expect(childrenOf(registry, walk).map(({ child, field }) => [child.name, field])).toEqual([['guest', 'walkId']]);
  });

  it('refuses a listed kind without words', () => {
    const silent = kind({ name: 'silent', fields: { name: f.text() }, sees, listed: true });
    expect(() => registryOf([{ silent }])).toThrow('must have a label');
    const bare = kind({ name: 'bare', fields: { name: f.text() }, sees, listed: true, label: words('空') });
    const bareActs = mutationsOf(bare, {
      make: mutation({ label: words('记'), args: { name: f.text() }, may, apply }),
    });
    expect(() => registryOf([{ bare, bareActs }])).toThrow('Argument "name" of bare.make');
    const odd = kind({ name: 'odd', fields: { name: f.text() }, sees, title: ['nothing' as 'name'] });
    expect(() => registryOf([{ odd }])).toThrow('no field "nothing"');
    const lost = kind({ name: 'lost', fields: { ids: f.references('nobody') }, sees });
    expect(() => registryOf([{ lost }])).toThrow('refers to "nobody"');
  });
});

describe('what was entered', () => {
  const fields = {
    ...{ day: f.date(), at: f.instant(), from: f.optional(f.localTime()), name: f.text({ max: 4 }) },
    ...{ count: f.whole({ min: 1, max: 9 }), paid: f.yesNo(), why: f.optional(f.oneOf(['ill', 'out'])) },
    ...{ some: f.someOf(['a', 'b']), lines: f.list(), elderId: f.reference('elder') },
    ...{ elderIds: f.references('elder', { min: 1 }), phone: f.optional(f.phone()) },
  };
  const entered = {
    ...{ day: '2026-11-02', at: '2026-11-02T12:00', from: '', name: ' 刘奶奶 ', count: '3', paid: ['no'], why: [] },
    ...{ some: ['b'], lines: '水\n\n 药 \n', elderId: ['e1'], elderIds: ['e1', 'e2'], phone: '139 0000 1234' },
  };

  it('becomes the arguments of the act, with nothing left out', () => {
    expect(fill(fields, entered)).toEqual({
      args: {
        ...{ day: '2026-11-02', at: now, from: null, name: '刘奶奶', count: 3, paid: false, why: null },
        ...{ some: ['b'], lines: ['水', '药'], elderId: 'e1', elderIds: ['e1', 'e2'], phone: '13900001234' },
      },
    });
  });

  it('is told field by field when it does not fit', () => {
    const wrong = {
      ...entered,
      day: '',
      count: 10,
      paid: [],
      elderIds: [],
      name: '太长的名字',
      phone: 'abc',
      elderId: [],
    };
    expect(fill(fields, wrong)).toEqual({
      mistakes: {
        ...{ day: { code: 'missing' }, count: { code: 'too-large', limit: 9 }, paid: { code: 'missing' } },
        ...{ elderIds: { code: 'missing' }, name: { code: 'too-long', limit: 4 }, phone: { code: 'unfit' } },
        ...{ elderId: { code: 'missing' } },
      },
    });
    expect(fill({ count: fields.count }, { count: 0 })).toEqual({
      mistakes: { count: { code: 'too-small', limit: 1 } },
    });
    expect(fill({ count: fields.count }, { count: 'many' })).toEqual({ mistakes: { count: { code: 'unfit' } } });
    expect(fill({ at: fields.at }, { at: 'T' })).toEqual({ mistakes: { at: { code: 'unfit' } } });
    expect(fill({ ids: f.references('elder') }, { ids: ['a', 'a'] })).toEqual({ mistakes: { ids: { code: 'unfit' } } });
  });

  it('begins with what is known', () => {
    const begun = Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, startOf(field, now, name === 'elderId' ? 'e1' : undefined)]),
    );
    expect(begun).toEqual({
      ...{ day: '2026-11-02', at: '2026-11-02T12:00', from: '', name: '', count: null, paid: [], why: [] },
      ...{ some: [], lines: '', elderId: ['e1'], elderIds: [], phone: '' },
    });
    expect(startOf(f.optional(f.date()), now, undefined)).toBe('');
  });
});

describe('records in words', () => {
  const look = lookAt(
    put(elder, { id: 'e1', name: '刘淑珍', address: '银杏苑3栋' }),
    put(person, { id: 'p1', name: '何晓', active: true, roles: ['visitor'] }),
    put(person, { id: 'p2', name: '吴建平', active: false, roles: ['visitor'] }),
    put(person, { id: 'p3', name: '梁静', active: true, roles: ['coordinator'] }),
    put(walk, { id: 'w1', day: '2026-11-02', guide: 'p1', phone: '13900001234' }),
    put(guest, { id: 'g1', walkId: 'w1', elderId: 'e1', came: 'late' }),
    put(guest, { id: 'g2', walkId: 'w1', elderId: 'gone', came: null }),
  );
  const row = (one: AnyKind, id: string) => look.tables.get(one, id) as Row;

  it('are called by their title, through the records they name, and hide what is sensitive', () => {
    expect(titleOf(look, walk, row(walk, 'w1'))).toBe('今天 何晓');
    expect(titleOf(look, guest, row(guest, 'g1'))).toBe('刘淑珍');
    expect(subtitleOf(look, guest, row(guest, 'g1'))).toBe('晚到');
    expect(titleOf(look, guest, row(guest, 'g2'))).toBe('一起走的');
    expect(valueWords(look, f.references('elder'), ['e1', 'gone'])).toBe('刘淑珍');
    expect(valueWords(look, f.yesNo(), false)).toBe('不是');
  });

  it('are chosen among those that fit', () => {
    const ids = (field: f.Field) => choosable(look, field).map(({ id }) => id);
    expect(choosable(look, f.reference('elder'))).toEqual([{ id: 'e1', label: '刘淑珍 银杏苑3栋' }]);
    expect(ids(f.person())).toEqual(['p1', 'p3']);
    expect(ids(f.person({ among: { roles: ['visitor'] } }))).toEqual(['p1']);
  });

  it('show no field without words, nor one kept from this person', () => {
    expect(isShown(f.text(), ['coordinator'])).toBe(false);
    expect(isShown(f.text({ label: words('名') }), ['visitor'])).toBe(true);
    expect(isShown(f.text({ label: words('名'), only: ['coordinator'] }), ['visitor'])).toBe(false);
  });
});

describe('the order of a list', () => {
  const days = ['2026-10-30', '2026-11-05', '2026-11-02', '2026-11-01'];
  const rows = days.map((day) => ({ id: day, day }));

  it('begins with today and goes on into the future, then back', () => {
    const { coming, earlier } = inOrder(walk, rows, '2026-11-02', ({ id }) => id);
    expect(coming.map(({ id }) => id)).toEqual(['2026-11-02', '2026-11-05']);
    expect(earlier.map(({ id }) => id)).toEqual(['2026-11-01', '2026-10-30']);
  });

  it('is that of the titles where there is no day', () => {
    expect(dayField(guest)).toBeUndefined();
    const named = [
      { id: 'b', title: '赵' },
      { id: 'a', title: '安' },
    ];
    expect(inOrder(guest, named, '2026-11-02', ({ title }) => String(title)).coming.map(({ id }) => id)).toEqual([
      'a',
      'b',
    ]);
  });

  it('finds by every word that was typed', () => {
    expect(found('刘淑珍 银杏苑３栋', '银杏苑3 刘')).toBe(true);
    expect(found('刘淑珍 银杏苑3栋', '刘 5栋')).toBe(false);
    expect(found('anything', ' ')).toBe(true);
  });
});
