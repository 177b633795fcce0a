import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantAt } from '#engine/calendar.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { escortStep, escortStepActs } from './escort-step.record.ts';
import { escort, escortActs } from './escort.record.ts';
import { escortPlanActs } from './escort.desk.record.ts';
import { handBackChecks, isOut, minutesLate, nextStage, tripState, way } from './stage.rules.ts';

const day = '2026-11-24';
const at = (time: string) => instantAt(day, time);
const boss = { person: 'liang', roles: ['coordinator'] };
const zhou = { person: 'zhou', roles: ['escort'] };
const wang = { person: 'wang', roles: ['escort'] };
const stranger = { person: 'x', roles: ['escort'] };
const trip = {
  elderId: 'huang',
  placeName: '文源路储蓄所',
  date: day,
  startTime: '10:00',
  expectedReturn: '12:00',
  brief: null,
  familyTold: true,
};
const plain = { ticked: [], note: null };

function staffed(purpose: 'bank' | 'hospital' | 'other' = 'bank'): { desk: Desk; escortId: string } {
  const desk = new Desk();
  desk.do(boss, at('08:00'), escortActs.request, { ...trip, purpose });
  const escortId = desk.tables.all(escort)[0]!.id;
  desk.do(boss, at('08:01'), escortPlanActs.staff, {
    escortId,
    firstPerson: 'zhou',
    secondPerson: 'wang',
    vehicle: '社区车',
  });
  return { desk, escortId };
}
const steps = (desk: Desk) => desk.tables.all(escortStep);
const one = (desk: Desk) => desk.tables.all(escort)[0]!;

describe('an escort', () => {
  it('to the bank needs two different people', () => {
    const desk = new Desk();
    desk.do(boss, at('08:00'), escortActs.request, { ...trip, purpose: 'bank' });
    const escortId = one(desk).id;
    const alone = { escortId, firstPerson: 'zhou', vehicle: null };
    expect(desk.do(boss, at('08:01'), escortPlanActs.staff, { ...alone, secondPerson: null })).toBe('needs-two');
    expect(desk.do(boss, at('08:01'), escortPlanActs.staff, { ...alone, secondPerson: 'zhou' })).toBe('needs-two');
    expect(desk.do(boss, at('08:01'), escortPlanActs.staff, { ...alone, secondPerson: 'wang' })).toBeUndefined();
  });

  it('goes through its stages in order and is handed back only with everything ticked', () => {
    const { desk, escortId } = staffed();
    expect(desk.do(zhou, at('09:00'), escortStepActs.arrive, { escortId, ...plain })).toBe('out-of-order');
    for (const act of ['confirm', 'pickUp', 'arrive', 'headBack'] as const) {
      expect(desk.do(zhou, at('10:00'), escortStepActs[act], { escortId, ...plain })).toBeUndefined();
    }
    expect(desk.do(zhou, at('11:30'), escortStepActs.handBack, { escortId, ticked: ['inside'], note: null })).toBe(
      'unticked',
    );
    expect(
      desk.do(zhou, at('11:31'), escortStepActs.handBack, { escortId, ticked: [...handBackChecks.bank], note: null }),
    ).toBeUndefined();
    expect(tripState(one(desk), steps(desk))).toBe('handedBack');
    expect(nextStage(one(desk), steps(desk))).toBeNull();
  });

  it('notes a stage once when both of the two tap it, credited to the first', () => {
    const { desk, escortId } = staffed();
    desk.do(zhou, at('09:00'), escortStepActs.confirm, { escortId, ...plain });
    expect(desk.do(wang, at('09:01'), escortStepActs.confirm, { escortId, ...plain })).toBeUndefined();
    expect(steps(desk).map(({ by }) => by)).toEqual(['zhou']);
  });

  it('is nobody else’s business', () => {
    const { desk, escortId } = staffed();
    expect(desk.do(stranger, at('09:00'), escortStepActs.confirm, { escortId, ...plain })).toBe('not-allowed');
  });

  it('takes back only the last step and can then go on again', () => {
    const { desk, escortId } = staffed();
    desk.do(zhou, at('09:00'), escortStepActs.confirm, { escortId, ...plain });
    desk.do(zhou, at('10:00'), escortStepActs.pickUp, { escortId, ...plain });
    const [confirmed, picked] = steps(desk);
    expect(desk.do(zhou, at('10:01'), escortStepActs.takeBack, { escortId, stepId: confirmed!.id })).toBe('not-last');
    expect(desk.do(zhou, at('10:01'), escortStepActs.takeBack, { escortId, stepId: picked!.id })).toBeUndefined();
    expect(nextStage(one(desk), steps(desk))).toBe('pickedUp');
    expect(desk.do(zhou, at('10:02'), escortStepActs.pickUp, { escortId, ...plain })).toBeUndefined();
    expect(tripState(one(desk), steps(desk))).toBe('pickedUp');
  });

  it('is late once the expected return has passed, until it is extended or over', () => {
    const { desk, escortId } = staffed('hospital');
    for (const act of ['confirm', 'pickUp'] as const)
      desk.do(zhou, at('10:00'), escortStepActs[act], { escortId, ...plain });
    expect(minutesLate(one(desk), steps(desk), at('12:20'))).toBe(20);
    desk.do(zhou, at('12:21'), escortStepActs.extend, { escortId, expectedReturn: '13:30', note: null });
    expect(minutesLate(one(desk), steps(desk), at('12:22'))).toBe(0);
    expect(minutesLate(one(desk), steps(desk), at('13:31'))).toBe(1);
    expect(isOut(one(desk), steps(desk))).toBe(true);
    desk.do(zhou, at('13:40'), escortStepActs.handBack, { escortId, ticked: [...handBackChecks.hospital], note: null });
    expect(minutesLate(one(desk), steps(desk), at('23:00'))).toBe(0);
  });

  it('whatever two people tap in whatever order, no stage stands twice and none without the one before', () => {
    const acts = ['confirm', 'pickUp', 'arrive', 'headBack', 'handBack', 'halt'] as const;
    const tap = fc.tuple(fc.constantFrom(zhou, wang), fc.constantFrom(...acts));
    fc.assert(
      fc.property(fc.array(tap, { maxLength: 20 }), (taps) => {
        const { desk, escortId } = staffed();
        taps.forEach(([who, act], minute) => {
          const args =
            act === 'halt' ? { escortId, note: null } : { escortId, ticked: [...handBackChecks.bank], note: null };
          desk.do(who, at('10:00') + minute * 60_000, escortStepActs[act], args as never);
        });
        const reached = steps(desk).map(({ stage }) => stage);
        expect(new Set(reached).size).toBe(reached.length);
        const inOrder = way.filter((stage) => reached.includes(stage));
        if (inOrder.includes('handedBack')) expect(inOrder).toContain('pickedUp');
        else expect(inOrder).toEqual(way.slice(0, inOrder.length));
      }),
    );
  });
});
