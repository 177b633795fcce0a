import { describe, expect, it } from 'vitest';
import { addDays, instantAt } from '#engine/calendar.ts';
import { safetyCheck } from '#features/safety/safety-check.record.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { byVisitor, dueList, dueOf, standingVisits } from './due.rules.ts';
import { visitPlan } from './visit-plan.record.ts';
import { visitPlanActs } from './visit-plan.desk.record.ts';
import { visit, visitActs } from './visit.record.ts';

const today = '2026-11-24';
const at = (time: string, day = today) => instantAt(day, time);
const boss = { person: 'liang', roles: ['coordinator'] };
const visitor = { person: 'he', roles: ['visitor'] };
const other = { person: 'wen', roles: ['visitor'] };
const nothing = { services: [], observations: {}, needs: [], note: null, photos: null } as const;

function desk(): Desk {
  const one = new Desk();
  one.do(boss, at('08:00'), visitPlanActs.arrange, {
    elderId: 'chen',
    everyDays: 7,
    visitorId: 'he',
    dueOn: '2026-11-20',
  });
  return one;
}

describe('a visit', () => {
  it('finished, moves the due day on from the day of the visit', () => {
    const one = desk();
    expect(one.do(visitor, at('14:00'), visitActs.start, { elderId: 'chen', mode: 'door' })).toBeUndefined();
    const [begun] = one.tables.all(visit);
    expect(
      one.do(visitor, at('14:20'), visitActs.finish, {
        visitId: begun!.id,
        ...nothing,
        observations: { walking: 'worse' },
      }),
    ).toBeUndefined();
    expect(one.tables.get(visitPlan, 'chen')).toMatchObject({ lastVisitOn: today, dueOn: addDays(today, 7) });
    expect(one.tables.all(visit)[0]).toMatchObject({
      state: 'finished',
      startedAt: at('14:00'),
      finishedAt: at('14:20'),
      visitorId: 'he',
    });
  });

  it('cannot be finished twice, nor by somebody else, and is corrected by a new record', () => {
    const one = desk();
    one.do(visitor, at('14:00'), visitActs.start, { elderId: 'chen', mode: 'door' });
    const { id } = one.tables.all(visit)[0]!;
    expect(one.do(other, at('14:05'), visitActs.finish, { visitId: id, ...nothing })).toBe('not-allowed');
    one.do(visitor, at('14:10'), visitActs.finish, { visitId: id, ...nothing });
    expect(one.do(visitor, at('14:11'), visitActs.finish, { visitId: id, ...nothing })).toBe('not-open');
    expect(
      one.do(visitor, at('15:00'), visitActs.correct, { visitId: id, ...nothing, note: '忘了写药' }),
    ).toBeUndefined();
    expect(one.tables.get(visit, id)?.note).toBeNull();
    expect(standingVisits(one.tables.all(visit)).map(({ note }) => note)).toEqual(['忘了写药']);
    expect(one.do(visitor, at('15:01'), visitActs.correct, { visitId: id, ...nothing })).toBe('corrected-already');
  });

  it('keeps both when two people looked in on the same day, and a late older one does not bring an old date back', () => {
    const one = desk();
    one.do(visitor, at('09:00', '2026-11-20'), visitActs.start, { elderId: 'chen', mode: 'phone' });
    one.do(other, at('10:00'), visitActs.start, { elderId: 'chen', mode: 'door' });
    const [early, late] = one.tables.all(visit);
    one.do(other, at('10:20'), visitActs.finish, { visitId: late!.id, ...nothing });
    one.do(visitor, at('11:00'), visitActs.finish, { visitId: early!.id, ...nothing });
    expect(one.tables.all(visit).filter(({ state }) => state === 'finished')).toHaveLength(2);
    expect(one.tables.get(visitPlan, 'chen')?.lastVisitOn).toBe(today);
  });

  it('that nobody answers opens a check that the visit cannot close', () => {
    const one = desk();
    one.do(visitor, at('14:00'), visitActs.start, { elderId: 'chen', mode: 'door' });
    const { id } = one.tables.all(visit)[0]!;
    expect(one.do(visitor, at('14:08'), visitActs.noAnswer, { visitId: id })).toBeUndefined();
    expect(one.tables.all(safetyCheck)[0]).toMatchObject({
      elderId: 'chen',
      visitId: id,
      state: 'open',
      openedBy: 'he',
      ownerId: null,
    });
    expect(one.do(visitor, at('14:09'), visitActs.finish, { visitId: id, ...nothing })).toBe('not-open');
  });

  it('is not begun by a volunteer without that duty', () => {
    expect(
      desk().do({ person: 'zhou', roles: ['deliverer'] }, at('14:00'), visitActs.start, {
        elderId: 'chen',
        mode: 'door',
      }),
    ).toBe('not-allowed');
  });
});

describe('the due list', () => {
  const plan = (id: string, dueOn: string, active = true) => ({
    id,
    elderId: id,
    everyDays: 30,
    visitorId: null,
    dueOn,
    lastVisitOn: null,
    active,
  });

  it('puts the longest overdue first and shows an absence as suspended, not as done or overdue', () => {
    const away = [{ elderId: 'b', from: '2026-11-01', to: null, confirmed: true }];
    const list = dueList(
      [
        plan('a', '2026-11-23'),
        plan('b', '2026-11-01'),
        plan('c', '2026-11-12'),
        plan('d', today),
        plan('e', '2026-11-26'),
      ],
      today,
      away,
    );
    expect(list.map(({ plan: { id }, state }) => [id, state])).toEqual([
      ['c', 'overdue'],
      ['a', 'overdue'],
      ['d', 'due'],
      ['e', 'soon'],
      ['b', 'suspended'],
    ]);
    expect(list[0]?.daysOver).toBe(12);
  });

  it('counts a draft of an absence as nothing until the coordinator has confirmed it', () => {
    const draft = [{ elderId: 'b', from: '2026-11-01', to: null, confirmed: false }];
    expect(dueOf(plan('b', '2026-11-20'), today, draft).state).toBe('overdue');
    expect(dueOf(plan('b', '2026-11-20', false), today, []).state).toBe('ended');
  });

  it('is printed for each visitor, last for whom nobody goes to, and only what is due or comes', () => {
    const to = (id: string, visitorId: string | null, dueOn = today) => ({ ...plan(id, dueOn), visitorId });
    const later = addDays(today, 20);
    const list = dueList([to('a', 'wen'), to('b', null), to('c', 'he'), to('d', 'he', later)], today, []);
    const sheets = byVisitor(list).map(({ visitorId, rows }) => [visitorId, rows.map((due) => due.plan.id).join()]);
    expect(sheets).toEqual([
      ['he', 'c'],
      ['wen', 'a'],
      [null, 'b'],
    ]);
  });
});
