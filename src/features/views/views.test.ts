import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { startOf } from '#engine/calendar.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { asksSomething, isSameQuestion, questionFrom, questionOf, textOf } from './question.rules.ts';
import { savedViewActs, viewsMax } from './saved-view.desk.record.ts';
import { savedView } from './saved-view.record.ts';
import { inOrder, viewPath } from './views.ts';

const words = fc.string({ unit: 'grapheme', maxLength: 8 });
const questions = fc.dictionary(fc.constantFrom('find', 'filter', 'community'), fc.array(words, { maxLength: 3 }));

describe('a question', () => {
  it('comes back from its text, whatever was typed', () => {
    fc.assert(
      fc.property(questions, (asked) => {
        expect(questionFrom(textOf(asked))).toEqual(questionOf(asked));
      }),
    );
  });

  it('is the same however one came to it', () => {
    expect(isSameQuestion({ filter: ['away', 'alone'], find: [''] }, { filter: ['alone', 'away'] })).toBe(true);
    expect(isSameQuestion({ filter: ['alone'] }, { filter: ['away'] })).toBe(false);
    expect([asksSomething({ find: [''] }), asksSomething({ find: ['刘'] })]).toEqual([false, true]);
  });
});

const now = startOf('2026-11-23');
const liang = { person: 'liang', roles: ['coordinator'] };
const he = { person: 'he', roles: ['subdistrict'] };
let desk: Desk;
const plain = { list: 'people', before: null, order: null };
const keep = (name: string, question = 'filter=alone', who = liang) =>
  desk.do(who, now, savedViewActs.keep, { ...plain, name, question });
const kept = () => inOrder(desk.tables.all(savedView));
beforeEach(() => {
  desk = new Desk();
});

describe('kept questions', () => {
  it('stand in the order in which they were kept; the same name asks anew', () => {
    for (const name of ['独居', '停餐', '低保']) keep(name);
    const before = kept().map(viewPath);
    expect(keep(' 停餐 ', 'filter=paused')).toBeUndefined();
    expect(kept().map(({ name, question }) => [name, question])).toEqual([
      ['独居', 'filter=alone'],
      ['停餐', 'filter=paused'],
      ['低保', 'filter=alone'],
    ]);
    expect(kept().map(viewPath)).toEqual(before);
  });

  it('belong to one person and one list', () => {
    keep('独居');
    keep('独居', 'filter=away', he);
    desk.do(liang, now, savedViewActs.keep, { ...plain, list: 'volunteers', name: '独居', question: 'find=a' });
    expect(kept().map(({ person, list }) => [person, list])).toEqual([
      ['liang', 'people'],
      ['he', 'people'],
      ['liang', 'volunteers'],
    ]);
    const viewId = kept()[0]?.id as string;
    expect(desk.do(he, now, savedViewActs.rename, { viewId, name: '我的' })).toBe('not-allowed');
    expect(desk.do(he, now, savedViewActs.drop, { viewId })).toBe('not-allowed');
    expect(
      desk.do({ person: 'z', roles: ['deliverer'] }, now, savedViewActs.keep, { ...plain, name: 'x', question: 'a=b' }),
    ).toBe('not-allowed');
  });

  it('come back as they were when they are dropped by mistake, under the same address', () => {
    for (const name of ['独居', '停餐']) keep(name);
    const [first] = kept();
    desk.do(liang, now, savedViewActs.drop, { viewId: first?.id as string });
    expect(kept()).toHaveLength(1);
    const { list, name, question, order } = first!;
    desk.do(liang, now, savedViewActs.keep, { list, name, question, order, before: first!.id });
    expect(kept()[0]).toEqual(first);
  });

  it('never write over a record that somebody has under that id', () => {
    keep('独居', 'filter=alone', he);
    const theirs = kept()[0]!;
    desk.do(liang, now, savedViewActs.keep, { ...plain, name: 'a', question: 'find=a', before: theirs.id });
    expect(desk.tables.get(savedView, theirs.id)).toEqual(theirs);
    expect(kept()).toHaveLength(2);
  });

  it('need a name of their own, and are not more than one can look through', () => {
    expect(keep('  ')).toBe('name-missing');
    for (let at = 0; at < viewsMax; at += 1) keep(`名单 ${at}`);
    expect(keep('再一个')).toBe('too-many');
    expect(keep('名单 3', 'find=b')).toBeUndefined();
    const [one] = kept();
    expect(desk.do(liang, now, savedViewActs.rename, { viewId: one!.id, name: '名单 3' })).toBe('name-taken');
    expect(desk.do(liang, now, savedViewActs.rename, { viewId: one!.id, name: '名单 0' })).toBeUndefined();
    expect(desk.do(liang, now, savedViewActs.rename, { viewId: one!.id, name: '' })).toBe('name-missing');
  });
});
