import { describe, expect, it } from 'vitest';
import { put } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { refuse } from '#engine/refusal.ts';
import { seesStation } from '#engine/scope.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { refusedAct, type RefusedAct } from './refused-act.record.ts';
import { refusedActActs } from './refused-act.desk.record.ts';
import { saidWords } from './said-words.ts';

const label = () => '';
const fact = kind({
  name: 'fact',
  fields: { by: f.person(), at: f.instant(), words: f.text() },
  sees: [seesStation()],
});
const factActs = mutationsOf(fact, {
  note: mutation({
    label,
    args: { words: f.text() },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'no-words': label },
    apply: (_tx, { words }, ctx) =>
      words === '' ? refuse('no-words') : [put(fact, { id: ctx.newId(), by: ctx.person, at: ctx.at, words })],
  }),
});
const registry = registryOf([{ fact, factActs, refusedAct, refusedActActs }]);
const chief = { person: 'chief', roles: ['coordinator'] };
const then = Date.parse('2026-11-20T03:00:00Z');
const now = then + 3 * 60 * 60_000;

const refused = (over: Partial<RefusedAct> = {}): RefusedAct => ({
  id: 'act-of-wu',
  act: 'fact.note',
  argsVersion: 1,
  said: JSON.stringify({ words: 'the door was open' }),
  author: 'wu',
  at: then,
  receivedAt: then + 1,
  day: '2026-11-20',
  code: 'not-allowed',
  heldWith: null,
  state: 'open',
  decidedBy: null,
  decidedAt: null,
  reason: null,
  ...over,
});
const desk = (row = refused()): Desk => new Desk(registry).given(put(refusedAct, row));
const standing = (one: Desk) => one.tables.get(refusedAct, 'act-of-wu');
const about = { refusedActId: 'act-of-wu' };

describe('a refused act', () => {
  it('entered after all is its author’s fact of then, under the id it would have had, and the decision stands', () => {
    const one = desk();
    expect(one.do(chief, now, refusedActActs.applyAgain, about)).toBeUndefined();
    expect(one.tables.all(fact)).toEqual([{ id: 'act-of-wu', by: 'wu', at: then, words: 'the door was open' }]);
    expect(standing(one)).toMatchObject({ state: 'applied', decidedBy: 'chief', decidedAt: now });
    expect(one.do(chief, now, refusedActActs.applyAgain, about)).toBe('already-decided');
    expect(one.do(chief, now, refusedActActs.discard, { ...about, reason: 'twice' })).toBe('already-decided');
  });

  it('that is refused again changes nothing at all', () => {
    const one = desk(refused({ said: JSON.stringify({ words: '' }) }));
    expect(one.do(chief, now, refusedActActs.applyAgain, about)).toBe('no-words');
    expect(standing(one)?.state).toBe('open');
    const unknown = desk(refused({ act: 'fact.unheard' }));
    expect(unknown.do(chief, now, refusedActActs.applyAgain, about)).toBe('unknown-act');
    expect(desk(refused({ said: null })).do(chief, now, refusedActActs.applyAgain, about)).toBe('too-much');
  });

  it('that was itself such a decision does not lead in a circle', () => {
    const own = desk(refused({ act: 'refusedAct.applyAgain', said: JSON.stringify(about) }));
    expect(own.do(chief, now, refusedActActs.applyAgain, about)).toBe('invalid');
  });

  it.each([
    ['discard', 'discarded'],
    ['giveBack', 'givenBack'],
  ] as const)('%s needs a reason and says who decided', (way, state) => {
    const one = desk();
    expect(one.do(chief, now, refusedActActs[way], { ...about, reason: '  ' })).toBe('reason-missing');
    expect(one.do(chief, now, refusedActActs[way], { ...about, reason: ' entered by phone ' })).toBeUndefined();
    expect(standing(one)).toMatchObject({ state, reason: 'entered by phone', decidedBy: 'chief' });
    expect(one.tables.all(fact)).toEqual([]);
  });

  it('is decided by a coordinator only', () => {
    for (const way of ['applyAgain', 'discard', 'giveBack'] as const)
      expect(
        desk().do({ person: 'wu', roles: ['deliverer'] }, now, refusedActActs[way], { ...about, reason: 'x' }),
      ).toBe('not-allowed');
  });
});

it('what an act said is read with labels, words of lists and names', () => {
  const said = JSON.stringify({ words: 'elder-1', more: [1, 'x'], none: null });
  const name = (id: string) => (id === 'elder-1' ? '王秀兰' : undefined);
  expect(saidWords(factActs.note, said, name)).toEqual(['王秀兰', '1, x']);
  expect(saidWords(undefined, null, name)).toEqual([]);
});
