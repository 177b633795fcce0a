import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latest, repeats, standing, stopState, type Fact, type StopCheck } from './stop.rules.ts';

const fact = (id: string, outcome: Fact['outcome'], links: Partial<Fact> = {}): Fact => ({
  id,
  outcome,
  corrects: null,
  follows: null,
  at: 0,
  by: 'li',
  ...links,
});
const check = (id: string, state: StopCheck['state'] = 'open'): StopCheck => ({ id, state, ownerId: null });

describe('state of a stop', () => {
  it.each<[string, Fact[], StopCheck[], string]>([
    ['nothing said', [], [], 'waiting'],
    ['handed over', [fact('a', 'handedOver')], [], 'delivered'],
    ['to another', [fact('a', 'handedToOther')], [], 'deliveredToOther'],
    ['refused', [fact('a', 'refused')], [], 'notDelivered'],
    ['no answer, check open', [fact('a', 'noAnswer')], [check('a.check')], 'checking'],
    ['no answer, check not here yet', [fact('a', 'noAnswer')], [], 'checking'],
    ['no answer, check closed', [fact('a', 'noAnswer')], [check('a.check', 'closed')], 'resolved'],
    ['an open check outweighs a hand-over', [fact('a', 'handedOver')], [check('x')], 'checking'],
    ['withdrawn', [fact('a', 'handedOver'), fact('b', 'withdrawn', { corrects: 'a' })], [], 'waiting'],
    [
      'a correction taken back brings the first one back',
      [fact('a', 'handedOver'), fact('b', 'refused', { corrects: 'a' }), fact('c', 'withdrawn', { corrects: 'b' })],
      [],
      'delivered',
    ],
    [
      'what follows counts even when the clock went back',
      [fact('a', 'noAnswer', { at: 900 }), fact('b', 'handedOver', { follows: 'a', at: 100 })],
      [check('a.check', 'closed')],
      'delivered',
    ],
  ])('%s', (_name, facts, checks, state) => {
    expect(stopState(facts, checks)).toBe(state);
  });

  it('keeps what two people said and shows both', () => {
    const facts = [fact('a', 'handedOver', { at: 5 }), fact('b', 'refused', { at: 3, by: 'wang' })];
    expect(standing(facts).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(latest(facts)?.id).toBe('a');
  });

  it('does not hang on links that bite their own tail', () => {
    const facts = [fact('a', 'handedOver', { corrects: 'b' }), fact('b', 'refused', { corrects: 'a' })];
    expect(() => stopState(facts, [])).not.toThrow();
  });
});

describe('saying the same again', () => {
  it.each<[string, Fact | undefined, Parameters<typeof repeats>[1], StopCheck[], boolean]>([
    ['first word', undefined, 'handedOver', [], false],
    ['double tap', fact('a', 'handedOver'), 'handedOver', [], true],
    ['another outcome after a hand-over needs a correction', fact('a', 'handedOver'), 'refused', [], true],
    ['handed over after no answer', fact('a', 'noAnswer'), 'handedOver', [check('a.check')], false],
    ['no answer twice', fact('a', 'noAnswer'), 'noAnswer', [check('a.check')], true],
    ['knocked again after the check', fact('a', 'noAnswer'), 'noAnswer', [check('a.check', 'closed')], false],
    ['wrong meal, then the right one', fact('a', 'wrongMeal'), 'handedOver', [], false],
  ])('%s', (_name, own, outcome, checks, expected) => {
    expect(repeats(own, outcome, checks)).toBe(expected);
  });
});

const anyFacts = fc
  .array(
    fc.record({
      outcome: fc.constantFrom<Fact['outcome']>('handedOver', 'noAnswer', 'refused', 'withdrawn', 'moved'),
      link: fc.constantFrom('none', 'corrects', 'follows'),
      to: fc.nat(20),
      at: fc.nat(3),
      by: fc.constantFrom('li', 'wang'),
    }),
    { maxLength: 12 },
  )
  .map((drafts) =>
    drafts.map(({ outcome, link, to, at, by }, place): Fact => {
      const target = place === 0 ? null : `f${to % place}`;
      const corrects = outcome === 'withdrawn' || link === 'corrects' ? target : null;
      return { id: `f${place}`, outcome, corrects, follows: link === 'follows' && !corrects ? target : null, at, by };
    }),
  );

describe('properties', () => {
  it('the order in which facts arrive never matters', () => {
    fc.assert(
      fc.property(anyFacts, fc.infiniteStream(fc.nat()), (facts, keys) => {
        const shuffled = facts.map((one) => ({ one, key: keys.next().value as number }));
        shuffled.sort((a, b) => a.key - b.key);
        const other = shuffled.map(({ one }) => one);
        expect(stopState(other, [])).toBe(stopState(facts, []));
        expect(standing(other).map(({ id }) => id)).toEqual(standing(facts).map(({ id }) => id));
      }),
    );
  });

  it('taking back the newest word brings back what stood before', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const said = fact('z', 'handedOver', { follows: latest(facts)?.id ?? null, at: 9 });
        const back = fact('zz', 'withdrawn', { corrects: 'z', at: 9 });
        expect(standing([...facts, said, back])).toEqual(standing(facts));
      }),
    );
  });

  it('an open check is never done', () => {
    fc.assert(fc.property(anyFacts, (facts) => stopState(facts, [check('any')]) === 'checking'));
  });
});
