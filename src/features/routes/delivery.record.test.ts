import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { absence } from '#features/meals/order.record.ts';
import { checkRung, safetyCheck, safetyCheckActs } from '#features/safety/safety-check.record.ts';
import { delivery, deliveryActs } from './delivery.record.ts';
import { routeDayActs } from './route-day-acts.record.ts';
import { dayPlanActs } from './route-day.desk.record.ts';
import { standing, stopState } from './stop.rules.ts';
import { chief, cook, li, noon, stopAt, TestStation, visitor, wang } from './test-station.ts';

const day = 24 * 60 * 60 * 1000;
let station: TestStation;
let dayId: string;
const stopId = stopAt('e1');

beforeEach(() => {
  station = new TestStation();
  dayId = station.planned('东线', ['e1', 'e2']);
});

function stateOf(id = stopId, at = station): string {
  return stopState(at.tables.where(delivery, { stopId: id }), at.tables.where(safetyCheck, { stopId: id }));
}

const handOver = (who = li, at = noon) => station.act(who, deliveryActs.handOver, { stopId, boxesBack: 1 }, at);
const noAnswer = (who = li, at = noon) => station.act(who, deliveryActs.noAnswer, { stopId }, at);
const withdraw = (factId: string, who = li, at = noon) => station.act(who, deliveryActs.withdraw, { factId }, at);

describe('at the door', () => {
  it('hands over with one tap and keeps who, when and where', () => {
    const id = handOver();
    expect(station.get(delivery, id)).toMatchObject({
      outcome: 'handedOver',
      seen: true,
      boxesBack: 1,
      by: 'li',
      at: noon,
      routeDayId: dayId,
      elderId: 'e1',
    });
    expect(stateOf()).toBe('delivered');
  });

  it('takes a double tap once', () => {
    handOver();
    expect(handOver()).toBe('!already-recorded');
    expect(station.tables.where(delivery, { stopId })).toHaveLength(1);
  });

  it.each([
    ['a visitor', visitor],
    ['the canteen', cook],
  ])('is not for %s', (_name, who) => {
    expect(handOver(who)).toBe('!not-allowed');
  });

  it('keeps what two people did at the same door', () => {
    handOver(wang, noon - 5);
    const later = station.act(li, deliveryActs.refused, { stopId, seen: true, note: null });
    const facts = standing(station.tables.where(delivery, { stopId }));
    expect(facts.map(({ by }) => by)).toEqual(['wang', 'li']);
    expect(facts.at(-1)?.id).toBe(later);
  });

  it('takes what was done without signal at a stop that has moved or was taken off', () => {
    const other = station.planned('西线', ['e3'], 'wang');
    station.act(chief, dayPlanActs.moveStop, { stopId, routeDayId: other, place: 0 });
    handOver();
    station.act(chief, dayPlanActs.removeStop, { stopId: stopAt('e2') });
    station.act(li, deliveryActs.handOver, { stopId: stopAt('e2'), boxesBack: 0 });
    expect([stateOf(), stateOf(stopAt('e2'))]).toEqual(['delivered', 'delivered']);
  });

  it.each([
    ['inHospital', 'hospital'],
    ['moved', 'moved'],
    ['died', 'died'],
  ] as const)('%s opens an absence draft, which goes with the fact when it was wrong', (outcome, reason) => {
    const id = station.act(li, deliveryActs[outcome], { stopId, seen: false, note: '女儿说的' });
    const draft = station.tables.get(absence, `${id}.absence`);
    expect(draft).toMatchObject({ elderId: 'e1', reason, confirmed: false, to: null, recordedBy: 'li' });
    withdraw(id);
    expect(station.tables.get(absence, `${id}.absence`)).toBeUndefined();
    expect(stateOf()).toBe('waiting');
  });

  it('leaves an absence the coordinator has confirmed', () => {
    const id = station.act(li, deliveryActs.moved, { stopId, seen: false, note: null });
    station.add(absence, { ...station.get(absence, `${id}.absence`), confirmed: true });
    withdraw(id);
    expect(station.tables.get(absence, `${id}.absence`)).toBeDefined();
  });
});

describe('nobody answers', () => {
  it('opens a check with the first knock and does not count as done', () => {
    const id = noAnswer();
    expect(station.get(safetyCheck, `${id}.check`)).toMatchObject({ state: 'open', openedBy: 'li', stopId });
    expect(station.tables.where(checkRung, { checkId: `${id}.check` })).toMatchObject([{ step: 'knock' }]);
    expect(stateOf()).toBe('checking');
  });

  it('ends when the same person then hands over, having seen them', () => {
    const id = noAnswer();
    handOver();
    expect(station.get(safetyCheck, `${id}.check`)).toMatchObject({ state: 'closed', finding: 'seen', closedBy: 'li' });
    expect(stateOf()).toBe('delivered');
  });

  it('counts the hand-over that followed, also when the clock was set back between', () => {
    noAnswer(li, noon);
    handOver(li, noon - 60_000);
    expect(standing(station.tables.where(delivery, { stopId })).map(({ outcome }) => outcome)).toEqual(['handedOver']);
    expect(stateOf()).toBe('delivered');
  });

  it('does not end because somebody else was there before', () => {
    noAnswer(wang);
    handOver(li, noon - 60_000);
    expect(stateOf()).toBe('checking');
  });

  it('does not end because a neighbour took the meal', () => {
    noAnswer();
    station.act(li, deliveryActs.handToOther, { stopId, boxesBack: 0, toWhom: '邻居' });
    expect(stateOf()).toBe('checking');
  });

  it('is taken back as a slip while nobody has acted, and the stop waits again', () => {
    const id = noAnswer();
    withdraw(id);
    expect(stateOf()).toBe('waiting');
    expect(station.get(safetyCheck, `${id}.check`)).toMatchObject({ state: 'closed', finding: 'openedInError' });
  });

  it('cannot be taken back once somebody looks for the person', () => {
    const id = noAnswer();
    station.act(chief, safetyCheckActs.takeOver, { checkId: `${id}.check` });
    expect(withdraw(id)).toBe('!check-running');
    expect(stateOf()).toBe('checking');
  });

  it('opens again when the hand-over that had ended it is taken back', () => {
    const id = noAnswer();
    const given = handOver();
    withdraw(given);
    expect(station.get(safetyCheck, `${id}.check`)).toMatchObject({ state: 'open', finding: null });
    expect(stateOf()).toBe('checking');
  });

  it('stays ended when that hand-over is only corrected in its boxes', () => {
    const id = noAnswer();
    const factId = handOver();
    station.act(li, deliveryActs.correct, { factId, outcome: 'handedOver', seen: true, boxesBack: 3, note: null });
    expect(station.get(safetyCheck, `${id}.check`).state).toBe('closed');
    expect(stateOf()).toBe('delivered');
  });
});

describe('taking back and correcting', () => {
  it.each([
    ['its author on the day', li, noon + 60_000, true],
    ['its author the day after', li, noon + day, false],
    ['another volunteer', wang, noon, false],
    ['the coordinator the day after', chief, noon + day, true],
  ])('%s', (_name, who, at, allowed) => {
    const id = handOver();
    expect(withdraw(id, who, at) === '!not-allowed').toBe(!allowed);
    expect(stateOf()).toBe(allowed ? 'waiting' : 'delivered');
  });

  it('keeps the fact it takes back', () => {
    const id = handOver();
    const back = withdraw(id);
    expect(station.get(delivery, id).outcome).toBe('handedOver');
    expect(station.get(delivery, back)).toMatchObject({ outcome: 'withdrawn', corrects: id });
    expect(withdraw(id)).toBe('!already-changed');
    expect(withdraw(back)).toBe('!already-changed');
  });

  it('does not make a waiting stop on a route that is closed', () => {
    const id = handOver();
    station.act(li, deliveryActs.handOver, { stopId: stopAt('e2'), boxesBack: 1 });
    station.act(li, routeDayActs.close, { routeDayId: dayId, boxesBack: 0, oldBoxes: 2, note: null });
    expect(withdraw(id)).toBe('!route-closed');
    const fixed = { factId: id, outcome: 'handedToOther', seen: false, boxesBack: 0, note: '儿子' } as const;
    station.act(li, deliveryActs.correct, fixed);
    expect(stateOf()).toBe('deliveredToOther');
  });

  it('replaces an outcome, with what it brings about', () => {
    const id = handOver();
    const fixed = station.act(li, deliveryActs.correct, {
      factId: id,
      outcome: 'noAnswer',
      seen: true,
      boxesBack: 0,
      note: null,
    });
    expect(station.get(delivery, fixed)).toMatchObject({ corrects: id, seen: false });
    expect(station.get(safetyCheck, `${fixed}.check`).state).toBe('open');
    expect(stateOf()).toBe('checking');
  });
});

type Step = 'handOver' | 'noAnswer' | 'refused' | 'withdraw' | 'seen' | 'correct';

function doStep(step: Step, who: typeof li): void {
  const own = standing(station.tables.where(delivery, { stopId }).filter(({ by }) => by === who.person)).at(-1);
  const open = station.tables.where(safetyCheck, { stopId }).find(({ state }) => state === 'open');
  if (step === 'handOver') handOver(who);
  if (step === 'noAnswer') noAnswer(who);
  if (step === 'refused') station.act(who, deliveryActs.refused, { stopId, seen: false, note: null });
  if (step === 'withdraw' && own) withdraw(own.id, who);
  if (step === 'seen' && open)
    station.act(who, safetyCheckActs.close, { checkId: open.id, finding: 'seen', note: null });
  if (step === 'correct' && own)
    station.act(who, deliveryActs.correct, {
      factId: own.id,
      outcome: 'noAnswer',
      seen: false,
      boxesBack: 0,
      note: null,
    });
}

const steps = fc.array(
  fc.tuple(
    fc.constantFrom<Step>('handOver', 'noAnswer', 'refused', 'withdraw', 'seen', 'correct'),
    fc.constantFrom(li, wang),
  ),
  { maxLength: 10 },
);

describe('properties', () => {
  it('whatever is done, a stop with an open check is never done, and a no answer that stands has a check', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        station = new TestStation();
        dayId = station.planned('东线', ['e1', 'e2']);
        for (const [step, who] of sequence) doStep(step, who);
        const checks = station.tables.where(safetyCheck, { stopId });
        if (checks.some(({ state }) => state === 'open')) expect(stateOf()).toBe('checking');
        const shut = standing(station.tables.where(delivery, { stopId })).filter(
          ({ outcome }) => outcome === 'noAnswer',
        );
        for (const fact of shut) {
          const own = checks.find(({ id }) => id === `${fact.id}.check`);
          expect(own && (own.state === 'open' || own.finding === 'seen')).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('a hand-over taken back leaves the stop as it was', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        station = new TestStation();
        dayId = station.planned('东线', ['e1', 'e2']);
        for (const [step, who] of sequence) doStep(step, who);
        const before = stateOf();
        const id = handOver();
        if (!id.startsWith('!')) withdraw(id);
        expect(stateOf()).toBe(before);
      }),
      { numRuns: 150 },
    );
  });

  it('two phones end in the same state, whichever is heard first', () => {
    const each = fc.array(fc.constantFrom<Step>('handOver', 'noAnswer', 'refused', 'withdraw', 'correct'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(each, each, (a, b) => {
        const heard = (order: readonly (readonly [Step, typeof li])[]): string => {
          station = new TestStation();
          dayId = station.planned('东线', ['e1', 'e2']);
          for (const [step, who] of order) doStep(step, who);
          const checks = station.tables.where(safetyCheck, { stopId });
          const facts = standing(station.tables.where(delivery, { stopId }));
          const said = facts.map(({ by, outcome }) => `${by}:${outcome}`).sort();
          return JSON.stringify([checks.filter(({ state }) => state === 'open').length, said]);
        };
        const first = a.map((step) => [step, li] as const);
        const second = b.map((step) => [step, wang] as const);
        expect(heard([...first, ...second])).toBe(heard([...second, ...first]));
      }),
      { numRuns: 150 },
    );
  });
});
