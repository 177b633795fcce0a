import { describe, expect, it } from 'vitest';
import {
  contactsInOrder,
  fieldMayClose,
  isUntouched,
  lacksOwner,
  ladderOf,
  minutesAndSeconds,
  rungNow,
  timeToNextRung,
  waitedMs,
  type CheckFacts,
  type RungFacts,
} from './ladder.rules.ts';

const minute = 60_000;
const check: CheckFacts = {
  id: 'c',
  state: 'open',
  cause: 'noAnswer',
  openedAt: 0,
  openedBy: 'li',
  ownerId: null,
  closedAt: null,
};
const rung = (
  step: RungFacts['step'],
  result: RungFacts['result'],
  at = 0,
  contactId: string | null = null,
): RungFacts => ({
  id: `${step}${at}`,
  step,
  result,
  at,
  contactId,
  by: 'li',
});
const contacts = [
  { id: 'son', order: 2, phone: '13' },
  { id: 'mute', order: 1, phone: null },
  { id: 'daughter', order: 1, phone: '12' },
];

describe('the ladder', () => {
  it('goes from the door to the family, the centre, the neighbours and the ambulance', () => {
    const ladder = ladderOf(check, [rung('knock', 'noAnswer')], contacts, true);
    expect(ladder.map(({ step, contactId, state }) => [step, contactId, state])).toEqual([
      ['knock', null, 'done'],
      ['callElder', null, 'now'],
      ['callContact', 'daughter', 'later'],
      ['callContact', 'son', 'later'],
      ['tellCentre', null, 'later'],
      ['askGridWorker', null, 'later'],
      ['callAmbulance', null, 'later'],
    ]);
  });

  it('skips the phone nobody has, and knows each contact on their own', () => {
    const tried = [rung('knock', 'noAnswer'), rung('callContact', 'noAnswer', 1, 'daughter')];
    const ladder = ladderOf(check, tried, contacts, false);
    expect(rungNow(ladder)).toMatchObject({ step: 'callContact', contactId: 'son' });
    expect(contactsInOrder(contacts).map(({ id }) => id)).toEqual(['daughter', 'son']);
  });

  it('shows the last try of a step, and takes a neighbour for the grid worker', () => {
    const tried = [rung('callElder', 'answered', 9), rung('callElder', 'noAnswer', 2), rung('askNeighbour', 'done', 5)];
    const ladder = ladderOf(check, tried, [], true);
    expect(ladder.find(({ step }) => step === 'callElder')).toMatchObject({ result: 'answered', at: 9 });
    expect(ladder.find(({ step }) => step === 'askGridWorker')?.state).toBe('done');
  });

  it('calls the ambulance first when somebody is unwell', () => {
    expect(rungNow(ladderOf({ ...check, cause: 'unwell' }, [], contacts, true))?.step).toBe('callAmbulance');
  });

  it('has nothing due once the check is closed', () => {
    const ladder = ladderOf({ ...check, state: 'closed' }, [], contacts, true);
    expect(rungNow(ladder)).toBeUndefined();
    expect(timeToNextRung(ladder, 0)).toBeNull();
  });
});

describe('time', () => {
  it('counts from the opening, never below nothing', () => {
    const ladder = ladderOf(check, [rung('knock', 'noAnswer')], [], true);
    expect(timeToNextRung(ladder, 1.5 * minute)).toBe(0.5 * minute);
    expect(timeToNextRung(ladder, 9 * minute)).toBe(0);
    expect(waitedMs(check, 380_000)).toBe(380_000);
    expect(waitedMs({ ...check, closedAt: 5 }, 380_000)).toBe(5);
    expect(waitedMs(check, -1)).toBe(0);
    expect(minutesAndSeconds(380_999)).toEqual({ minutes: 6, seconds: 20 });
  });

  it('shouts when nobody in the office has taken it', () => {
    expect(lacksOwner(check, 10 * minute)).toBe(true);
    expect(lacksOwner(check, 10 * minute - 1)).toBe(false);
    expect(lacksOwner({ ...check, ownerId: 'chief' }, 99 * minute)).toBe(false);
    expect(lacksOwner({ ...check, state: 'closed', closedAt: 1 }, 99 * minute)).toBe(false);
  });
});

describe('who may end it', () => {
  it.each<[string, CheckFacts['cause'], Parameters<typeof fieldMayClose>[1], RungFacts[], boolean]>([
    ['seen', 'noAnswer', 'seen', [], true],
    ['spoken to', 'noAnswer', 'reachedByPhone', [rung('callElder', 'answered')], true],
    ['a call nobody took', 'noAnswer', 'reachedByPhone', [rung('callElder', 'noAnswer')], false],
    ['only the daughter was reached', 'noAnswer', 'reachedByPhone', [rung('callContact', 'answered')], false],
    ['away, so they say', 'noAnswer', 'away', [], false],
    ['unwell is not over by looking', 'unwell', 'seen', [], false],
  ])('%s', (_name, cause, finding, rungs, expected) => {
    expect(fieldMayClose({ cause }, finding, rungs, 'li')).toBe(expected);
  });

  it('is a slip only while nobody has acted', () => {
    expect(isUntouched(check, [rung('knock', 'noAnswer')])).toBe(true);
    expect(isUntouched(check, [rung('knock', 'noAnswer'), rung('callElder', 'noAnswer')])).toBe(false);
    expect(isUntouched({ ...check, ownerId: 'chief' }, [])).toBe(false);
    expect(isUntouched({ state: 'closed', ownerId: null }, [])).toBe(false);
  });
});
