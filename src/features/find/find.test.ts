import fc from 'fast-check';
import { pinyin } from 'pinyin-pro';
import { describe, expect, it } from 'vitest';
import { pinyinReader } from '#features/people/public.ts';
import {
  entryOf,
  levelOf,
  notAtAll,
  reasonsOf,
  wordsOf,
  type Entry,
  type Findable,
  type FoundBy,
} from './find.rules.ts';
import { placeAfter } from './list-steps.rules.ts';
import { FindIndex, type Source } from './find-index.rules.ts';

const pinyinOf = await pinyinReader();
const nothing = { sounds: null, places: [], phones: [], kin: [], words: [], ended: false };
const many = { elder: 8, person: 5, route: 4, page: 4, act: 4 };

function elder(name: string, more: Partial<Findable> = {}): Findable {
  return { ...nothing, sort: 'elder', id: name, name, sounds: pinyinOf(name), ...more };
}

/** Why an entry is found; null when it is not. */
function why(entry: Entry, query: string): readonly FoundBy[] | null {
  const words = wordsOf(query);
  return levelOf(entry, words) === notAtAll ? null : reasonsOf(entry, words);
}

const sourceOf = (one: Findable): Source => ({ key: `${one.sort}:${one.id}`, from: [one], make: () => one });

function indexOf(all: readonly Findable[]): FindIndex {
  const index = new FindIndex();
  index.take(all.map(sourceOf));
  index.work(all.length);
  return index;
}

const zhou = elder('周桂兰', {
  places: ['鸿雁里 4栋 2-302', '文源路 12 号鸿雁里小区 4 栋 2 单元 302 室'],
  phones: ['0731-70001234', '19900005678'],
  kin: ['138 5550 6017'],
});

describe('周桂兰 is found', () => {
  const entry = entryOf(zhou);
  it.each<[string, FoundBy]>([
    ['周', 'name'],
    ['桂兰', 'name'],
    ['zhouguilan', 'sound'],
    ['ZhouGui', 'sound'],
    ["zhou'gui'lan", 'sound'],
    ['guilan', 'sound'],
    ['zhougl', 'sound'],
    ['zguil', 'sound'],
    ['zgl', 'initials'],
    ['ｚｇ', 'initials'],
    ['gl', 'initials'],
    ['鸿雁里', 'place'],
    ['鸿雁里4栋', 'place'],
    ['鸿雁里4幢', 'place'],
    ['鸿雁里 4号楼', 'place'],
    ['4栋302', 'place'],
    ['4栋2单元302', 'place'],
    ['4-2-302', 'place'],
    ['302', 'place'],
    ['文源路12号', 'place'],
    ['5678', 'phone'],
    ['00005678', 'phone'],
    ['199 0000 5678', 'phone'],
    ['0731-7000-1234', 'phone'],
    ['6017', 'kin'],
    ['13855506017', 'kin'],
  ])('by %s', (query, by) => expect(why(entry, query)).toEqual([by]));

  it('by two words, each for its own reason', () => {
    expect(why(entry, 'zgl 302')).toEqual(['initials', 'place']);
  });

  it.each(['周兰', 'zlg', 'zhuo', '678', '1990000', '樟树里', '2栋', '4栋303', '周桂兰 樟树里', 'zhoul'])(
    'and not by %s',
    (query) => expect(why(entry, query)).toBeNull(),
  );
});

describe('names as they are', () => {
  it.each([
    ['吕秀梅', 'lv'],
    ['吕秀梅', 'lu'],
    ['吕秀梅', 'lvxiumei'],
    ['买买提·艾力', '买买提艾力'],
    ['买买提·艾力', '艾力'],
    ['单志强', 'shan'],
    ['Zhang Wei', 'zhang wei'],
    ['Zhang Wei', 'zhangw'],
  ])('%s by %s', (name, query) => expect(why(entryOf(elder(name)), query)).not.toBeNull());
});

it('house 4 is not house 14', () => {
  const at = (place: string) => entryOf(elder('甲', { places: [place] }));
  expect(why(at('鸿雁里 14栋 2-302'), '4栋')).toBeNull();
  expect(why(at('鸿雁里 14栋 2-302'), '4栋302')).toBeNull();
  expect(why(at('鸿雁里 14栋 2-1302'), '302')).toBeNull();
  expect(why(at('鸿雁里 14栋 2-302'), '14栋302')).not.toBeNull();
});

describe('what is shown first', () => {
  const names = (all: readonly Findable[], query: string) =>
    indexOf(all)
      .find(query, many)
      .shown.map(({ entry }) => entry.id);

  it('the whole, then the beginning, then somewhere within', () => {
    expect(names([elder('李刘芳'), elder('刘芳兰'), elder('刘芳')], '刘芳')).toEqual(['刘芳', '刘芳兰', '李刘芳']);
  });

  it('who is served before who is not, and a better fit before both', () => {
    const all = [elder('刘芳', { id: 'ended', ended: true }), elder('刘芳', { id: 'here' }), elder('刘芳兰')];
    expect(names(all, 'liufang')).toEqual(['here', 'ended', '刘芳兰']);
  });

  it('by the sound of the name where the fit is the same, and not more of a sort than asked for', () => {
    const all = ['赵丽', '陈丽', '白丽', '何丽'].map((name) => elder(name));
    const found = indexOf(all).find('丽', { ...many, elder: 3 });
    expect(found.shown.map(({ entry }) => entry.id)).toEqual(['白丽', '陈丽', '何丽']);
    expect(found.total).toBe(4);
  });

  it('people before routes and pages that fit as well', () => {
    const route: Findable = { ...nothing, sort: 'route', id: 'r', name: '周家线', sounds: 'zhoujiaxian zjx' };
    expect(names([route, elder('周敏')], '周')).toEqual(['周敏', 'r']);
  });
});

describe('whatever part of a name, its sounds or initials is typed', () => {
  const surnames = [...'王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗曾吕单仇区解尉'];
  const given = [...'桂兰秀英玉珍淑芬建国志强德福春梅月娥长庚绿女略雨安昂恩额'];
  const name = fc
    .tuple(fc.constantFrom(...surnames), fc.array(fc.constantFrom(...given), { minLength: 1, maxLength: 3 }))
    .map(([first, rest]) => [first, ...rest].join(''));

  it('the person is among the found', () => {
    fc.assert(
      fc.property(name, fc.nat(), fc.nat(), fc.array(name, { maxLength: 5 }), (who, from, length, others) => {
        const index = indexOf([elder(who, { id: 'sought' }), ...others.map((one, at) => elder(one, { id: `${at}` }))]);
        const start = from % who.length;
        const end = start + 1 + (length % (who.length - start));
        const syllables = pinyin(who, { toneType: 'none', type: 'array', mode: 'surname' });
        const part = syllables.slice(start, end);
        const typed = [who.slice(start, end), part.join(''), part.map((one) => one[0]).join('')];
        for (const query of typed)
          expect(index.find(query, { ...many, elder: 9 }).shown.map(({ entry }) => entry.id)).toContain('sought');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the arrow keys', () => {
  it.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 9, 0],
    ['ArrowUp', 0, 9],
    ['PageDown', 7, 9],
    ['PageUp', 3, 0],
    ['ArrowDown', 30, 0],
    ['a', 3, null],
  ])('%s from %i of 0 to 9', (key, from, to) => expect(placeAfter(key, from, 9)).toBe(to));
});

describe('an index', () => {
  it('finds what changed only once it is made, and until then by what it was', () => {
    const index = indexOf([elder('刘芳', { id: '1' }), elder('周敏', { id: '2' })]);
    index.take([elder('何丽', { id: '1' }), elder('周敏', { id: '2' })].map(sourceOf));
    expect(index.find('刘', many).total).toBe(1);
    expect(index.work(1)).toBe(true);
    expect(index.work(1)).toBe(false);
    expect(index.find('刘', many).total).toBe(0);
    expect(index.find('何', many).total).toBe(1);
  });

  it('forgets at once who is gone', () => {
    const index = indexOf([elder('刘芳')]);
    index.take([]);
    expect(index.find('刘', many)).toEqual({ shown: [], total: 0 });
  });

  it('makes nothing anew that is the same', () => {
    let made = 0;
    const row = elder('刘芳');
    const source = (): Source => ({ key: 'a', from: [row, undefined], make: () => (made++, row) });
    const index = new FindIndex();
    for (let times = 0; times < 3; times += 1) {
      index.take([source()]);
      index.work(10);
    }
    expect(made).toBe(1);
  });

  it('names whose own number it is before whose family has it', () => {
    const own = elder('何丽', { id: 'own', phones: ['19900016017'] });
    const family = elder('白玲', { id: 'family', kin: ['13855506017'] });
    const shown = (query: string) =>
      indexOf([family, own])
        .find(query, many)
        .shown.map(({ entry }) => entry.id);
    expect(shown('6017')).toEqual(['own', 'family']);
    expect(shown('16017')).toEqual(['own']);
  });

  it('finds nobody for nothing', () => {
    expect(indexOf([zhou]).find(' · ', many)).toEqual({ shown: [], total: 0 });
  });
});
