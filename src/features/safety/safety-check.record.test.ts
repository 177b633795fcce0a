import { beforeEach, describe, expect, it } from 'vitest';
import { deliveryActs } from '#features/routes/delivery.record.ts';
import { chief, cook, li, noon, stopAt, TestStation, visitor, wang } from '#features/routes/test-station.ts';
import { checkRung, safetyCheck, safetyCheckActs } from './safety-check.record.ts';

let station: TestStation;
let checkId: string;
beforeEach(() => {
  station = new TestStation();
  station.planned('东线', ['e1', 'e2']);
  checkId = `${station.act(li, deliveryActs.noAnswer, { stopId: stopAt('e1') })}.check`;
});

type Finding = Parameters<typeof close>[1];
const close = (
  who: typeof li,
  finding: 'seen' | 'reachedByPhone' | 'inHospital' | 'away' | 'needsHelp' | 'handedToPolice',
  note: string | null = null,
) => station.act(who, safetyCheckActs.close, { checkId, finding, note });
const climb = (who: typeof li, step: 'callElder' | 'tellCentre', result: 'answered' | 'noAnswer' | 'done') =>
  station.act(who, safetyCheckActs.climb, { checkId, step, contactId: null, result, note: null });

describe('ending a check', () => {
  it.each<[string, typeof li, Finding, string | null, string]>([
    ['the volunteer saw her', li, 'seen', null, 'closed'],
    ['a visitor saw her', visitor, 'seen', null, 'closed'],
    ['the volunteer thinks she is away', li, 'away', '门口有人说', '!office-only'],
    ['the volunteer did not speak to her', li, 'reachedByPhone', null, '!office-only'],
    ['the coordinator without a word', chief, 'away', null, '!note-needed'],
    ['the coordinator with blanks', chief, 'away', ' ', '!note-needed'],
    ['the coordinator says how', chief, 'away', '女儿说回了老家', 'closed'],
    ['the canteen', cook, 'seen', null, '!not-allowed'],
  ])('%s', (_name, who, finding, note, expected) => {
    const done = close(who, finding, note);
    expect(expected === 'closed' ? station.get(safetyCheck, checkId).state : done).toBe(expected);
  });

  it('takes a call for an end only from who made it', () => {
    climb(wang, 'callElder', 'answered');
    expect(close(li, 'reachedByPhone')).toBe('!office-only');
    climb(li, 'callElder', 'answered');
    close(li, 'reachedByPhone');
    expect(station.get(safetyCheck, checkId)).toMatchObject({ finding: 'reachedByPhone', closedBy: 'li' });
  });

  it('keeps a second finding as a rung beside the first', () => {
    close(chief, 'away', '女儿说的');
    const second = close(li, 'seen');
    expect(station.get(safetyCheck, checkId)).toMatchObject({ finding: 'away', closedBy: 'chief' });
    expect(station.get(checkRung, second)).toMatchObject({ step: 'finding', by: 'li', note: 'seen' });
  });

  it('can be opened again by who ended it', () => {
    close(li, 'seen');
    expect(station.act(wang, safetyCheckActs.reopen, { checkId, note: null })).toBe('!not-allowed');
    station.act(li, safetyCheckActs.reopen, { checkId, note: null });
    expect(station.get(safetyCheck, checkId)).toMatchObject({ state: 'open', finding: null, closedAt: null });
    expect(station.act(chief, safetyCheckActs.reopen, { checkId, note: null })).toBe('!check-open');
  });
});

describe('climbing', () => {
  it('keeps every try with its time and author, also after the end', () => {
    close(chief, 'away', '女儿说的');
    const late = climb(li, 'tellCentre', 'done');
    expect(station.get(checkRung, late)).toMatchObject({ step: 'tellCentre', at: noon, by: 'li' });
  });

  it('is owned by the coordinator who takes it', () => {
    expect(station.act(li, safetyCheckActs.takeOver, { checkId })).toBe('!not-allowed');
    station.act(chief, safetyCheckActs.takeOver, { checkId });
    expect(station.get(safetyCheck, checkId).ownerId).toBe('chief');
    close(li, 'seen');
    expect(station.act(chief, safetyCheckActs.takeOver, { checkId })).toBe('!check-closed');
  });
});

it('opens for somebody who is unwell, and the volunteer cannot end that by having looked', () => {
  const id = station.act(li, safetyCheckActs.open, {
    elderId: 'e2',
    stopId: stopAt('e2'),
    visitId: null,
    cause: 'unwell',
    note: '摔倒了',
  });
  expect(station.get(safetyCheck, id)).toMatchObject({ cause: 'unwell', state: 'open', elderId: 'e2' });
  expect(station.tables.where(checkRung, { checkId: id })).toHaveLength(0);
  expect(station.act(li, safetyCheckActs.close, { checkId: id, finding: 'seen', note: null })).toBe('!office-only');
});

it('has no act that removes a check', () => {
  expect(Object.keys(safetyCheckActs).sort()).toEqual(['climb', 'close', 'open', 'reopen', 'takeBack', 'takeOver']);
});

describe('人不好 pressed by a slip', () => {
  const unwell = () =>
    station.act(li, safetyCheckActs.open, {
      ...{ elderId: 'e2', stopId: stopAt('e2'), visitId: null },
      ...({ cause: 'unwell', note: null } as const),
    });

  it('is taken back by who pressed it, stays on record, and is opened again as easily', () => {
    const id = unwell();
    expect(station.act(wang, safetyCheckActs.takeBack, { checkId: id })).toBe('!not-allowed');
    station.act(li, safetyCheckActs.takeBack, { checkId: id });
    expect(station.get(safetyCheck, id)).toMatchObject({ state: 'closed', finding: 'openedInError', closedBy: 'li' });
    station.act(li, safetyCheckActs.reopen, { checkId: id, note: null });
    expect(station.get(safetyCheck, id).state).toBe('open');
  });

  it('is no slip any more once somebody was called or the centre has it', () => {
    const called = unwell();
    const step = { checkId: called, step: 'callAmbulance', contactId: null, result: 'done', note: null } as const;
    station.act(li, safetyCheckActs.climb, step);
    expect(station.act(li, safetyCheckActs.takeBack, { checkId: called })).toBe('!check-running');
    const owned = unwell();
    station.act(chief, safetyCheckActs.takeOver, { checkId: owned });
    expect(station.act(li, safetyCheckActs.takeBack, { checkId: owned })).toBe('!check-running');
  });

  it('is the only check that is taken back so', () => {
    expect(station.act(li, safetyCheckActs.takeBack, { checkId })).toBe('!not-allowed');
  });
});
