import { beforeEach, describe, expect, it } from 'vitest';
import { person } from '#features/access/person.record.ts';
import { absence } from '#features/meals/order.record.ts';
import { checkRung, safetyCheck, safetyCheckActs } from '#features/safety/safety-check.record.ts';
import { delivery, deliveryActs } from './delivery.record.ts';
import { deliveryPaperActs } from './paper.desk.record.ts';
import { paperCodes } from './paper/paper.rules.ts';
import { routeDayActs } from './route-day-acts.record.ts';
import { standing, stopState, type DoorOutcome } from './stop.rules.ts';
import { chief, cook, li, noon, stopAt, TestStation, visitor, wang } from './test-station.ts';

const hour = 60 * 60 * 1000;
const typedAt = noon + 2 * hour;
const stopId = stopAt('e1');
let station: TestStation;
let dayId: string;

beforeEach(() => {
  station = new TestStation();
  dayId = station.planned('东线', ['e1', 'e2']);
});

const facts = (id = stopId) => station.tables.where(delivery, { stopId: id });
const checks = () => station.tables.where(safetyCheck, { stopId });
const state = () => stopState(facts(), checks());
const type = (outcome: DoorOutcome, who = chief, deliveredBy = 'li', at = typedAt) =>
  station.act(who, deliveryPaperActs.fromPaper, { stopId, outcome, boxesBack: 0, deliveredBy }, at);
const handOver = (who = li, at = noon) => station.act(who, deliveryActs.handOver, { stopId, boxesBack: 0 }, at);

describe('typed from paper', () => {
  it.each(paperCodes.map((code) => [code.outcome, code.seen] as const))(
    '%s is the fact of whoever delivered, marked with whoever typed',
    (outcome, seen) => {
      const id = type(outcome);
      expect(station.get(delivery, id)).toMatchObject({
        outcome,
        seen,
        by: 'li',
        enteredBy: 'chief',
        routeDayId: dayId,
      });
    },
  );

  it.each([
    ['the deliverer', li],
    ['another deliverer', wang],
    ['a visitor', visitor],
    ['the canteen', cook],
    ['the subdistrict', { ...chief, person: 'sub', roles: ['subdistrict'] }],
  ])('is not for %s', (_name, who) => {
    expect(type('handedOver', who)).toBe('!not-allowed');
  });

  it('credits only somebody who delivers, or to whom the route was given', () => {
    expect(type('handedOver', chief, 'chief')).toBe('!not-a-deliverer');
    expect(type('handedOver', chief, 'nobody')).toBe('!not-a-deliverer');
    station.add(person, { id: 'li', name: 'li', roles: [], active: false });
    expect(station.get(delivery, type('handedOver')).by).toBe('li');
  });

  it('is what a stand-in did, when the office says so', () => {
    expect(station.get(delivery, type('handedOver', chief, 'wang')).by).toBe('wang');
  });

  it('takes a key that went down twice once', () => {
    type('handedOver');
    type('handedOver');
    expect(facts()).toHaveLength(1);
  });

  it('never writes over what was said on a phone', () => {
    const id = handOver();
    expect(type('refused')).toBe('!already-reported');
    expect(type('noAnswer')).toBe('!already-reported');
    type('handedOver');
    expect(facts().map((fact) => fact.id)).toEqual([id]);
  });

  it('opens a draft of an absence in the name of whoever was told', () => {
    const id = type('inHospital');
    expect(station.tables.get(absence, `${id}.absence`)).toMatchObject({ reason: 'hospital', recordedBy: 'li' });
  });
});

describe('a door that did not open, on paper', () => {
  it('begins the ladder as the phone does, in the name of whoever knocked', () => {
    const onPaper = station.get(safetyCheck, `${type('noAnswer')}.check`);
    const other = new TestStation();
    other.planned('东线', ['e1', 'e2']);
    const said = other.act(li, deliveryActs.noAnswer, { stopId }, typedAt);
    const onPhone = other.get(safetyCheck, `${said}.check`);
    expect({ ...onPaper, id: '' }).toEqual({ ...onPhone, id: '' });
    const knock = station.tables.where(checkRung, { checkId: onPaper.id });
    expect(knock).toMatchObject([{ step: 'knock', result: 'noAnswer', by: 'li' }]);
    expect(state()).toBe('checking');
  });

  it('begins it also when another had said something else: somebody has to look', () => {
    handOver(wang);
    type('noAnswer');
    expect(state()).toBe('checking');
  });

  it('ends by a slip of the typist only while nobody acts on it', () => {
    const id = type('noAnswer');
    station.act(chief, safetyCheckActs.takeOver, { checkId: `${id}.check` }, typedAt);
    expect(station.act(chief, deliveryActs.withdraw, { factId: id }, typedAt)).toBe('!check-running');
    const seen = { factId: id, outcome: 'handedOver', seen: true, boxesBack: 0, note: null } as const;
    expect(station.act(chief, deliveryActs.correct, seen, typedAt)).toBe('!check-running');
    expect(state()).toBe('checking');
  });

  it('taken back at once it says that it was opened in error, and the row waits again', () => {
    const id = type('noAnswer');
    station.act(chief, deliveryActs.withdraw, { factId: id }, typedAt);
    expect(station.get(safetyCheck, `${id}.check`)).toMatchObject({ finding: 'openedInError', closedBy: 'chief' });
    expect(state()).toBe('waiting');
    expect(station.get(delivery, type('handedOver')).by).toBe('li');
    expect(state()).toBe('delivered');
  });
});

describe('what the phone says after the paper', () => {
  it('is taken when it was done before without a signal, and counts once', () => {
    type('handedOver');
    const id = handOver();
    expect(standing(facts()).map((fact) => fact.id)).toEqual([id]);
    expect(state()).toBe('delivered');
  });

  it('is never refused for it, known or not: the phone’s word takes the place of the paper’s', () => {
    const typed = type('handedOver');
    const id = handOver(li, typedAt + hour);
    expect(station.get(delivery, id)).toMatchObject({ follows: typed, enteredBy: null });
    expect(standing(facts()).map((fact) => fact.id)).toEqual([id]);
    expect(handOver(li, typedAt + hour)).toBe('!already-recorded');
  });

  it('closes no check that it did not know of', () => {
    const typed = type('noAnswer');
    handOver();
    expect(station.get(safetyCheck, `${typed}.check`).state).toBe('open');
    expect(state()).toBe('checking');
  });

  it('said later by the same person it follows the paper and ends the search: they have seen the elder', () => {
    const typed = type('noAnswer');
    const id = handOver(li, typedAt + hour);
    expect(station.get(delivery, id).follows).toBe(typed);
    expect(station.get(safetyCheck, `${typed}.check`)).toMatchObject({
      state: 'closed',
      finding: 'seen',
      closedBy: 'li',
    });
    expect(state()).toBe('delivered');
  });

  it('is kept beside the paper when it says something else', () => {
    type('refused');
    handOver();
    expect(standing(facts()).map(({ outcome }) => outcome)).toEqual(['handedOver', 'refused']);
  });
});

describe('putting a typed result right', () => {
  it('keeps the credit with whoever delivered', () => {
    const right = { outcome: 'handedToOther', seen: false, boxesBack: 0, note: '儿女' } as const;
    const id = station.act(chief, deliveryActs.correct, { factId: type('handedOver'), ...right }, typedAt);
    expect(station.get(delivery, id)).toMatchObject({ by: 'li', enteredBy: 'chief', outcome: 'handedToOther' });
  });

  it('is theirs alone when the deliverer does it on a phone', () => {
    const right = { outcome: 'refused', seen: true, boxesBack: 0, note: null } as const;
    const id = station.act(li, deliveryActs.correct, { factId: type('handedOver'), ...right }, typedAt);
    expect(station.get(delivery, id)).toMatchObject({ by: 'li', enteredBy: null });
  });

  it('lets a route of paper be handed in', () => {
    type('handedOver');
    const other = { stopId: stopAt('e2'), outcome: 'refused', boxesBack: 0, deliveredBy: 'li' } as const;
    station.act(chief, deliveryPaperActs.fromPaper, other, typedAt);
    const closed = station.act(chief, routeDayActs.close, { routeDayId: dayId, boxesBack: 1, oldBoxes: 0, note: null });
    expect(closed).not.toMatch(/^!/);
  });
});
