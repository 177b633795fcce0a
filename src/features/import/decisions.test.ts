import { beforeEach, describe, expect, it } from 'vitest';
import { startOf } from '#engine/calendar.ts';
import { elder } from '#features/people/elder.record.ts';
import { contact } from '#features/people/place.record.ts';
import { person } from '#features/access/person.record.ts';
import { volunteer } from '#features/people/volunteer.record.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { ledgerToActs, passesMax, stationKnown, type Decision } from './ledger-to-acts.ts';
import { readLedger } from './read-ledger.ts';

const boss = { person: 'liang', roles: ['coordinator'] };
const today = '2026-11-02';
const now = startOf(today) + 8 * 3_600_000;
let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});

/** Brings lines in; decisions by the name of the row. Gives what was asked first. */
async function bring(lines: readonly string[], said: Readonly<Record<string, Decision>> = {}) {
  const ledger = await readLedger(new TextEncoder().encode(lines.join('\n')), 'a.csv', { today });
  if (ledger.outcome === 'refused') throw new Error(ledger.reason);
  const acts = (decisions: Readonly<Record<string, Decision>>) =>
    ledgerToActs(ledger, stationKnown(desk.tables), { today, decisions });
  const asked = acts({}).questions;
  const decisions = Object.fromEntries(
    asked.flatMap((one) => ('key' in one && said[one.name] ? [[one.key, said[one.name] as Decision]] : [])),
  );
  for (let pass = 0; pass < passesMax; pass += 1)
    for (const { name, args } of acts(decisions).calls)
      expect(desk.do(boss, now, desk.registry.mutations.get(name)!, args as never)).toBeUndefined();
  return { asked, left: acts(decisions) };
}

const heading = '姓名,性别,住址,电话,饮食,联系人';
const zhang = '张建国,男,幸福里3栋2单元501,13900000001,,';
const zhangAgain = '张建国,男,幸福里3栋2单元501,13900000001,花生过敏,张小明13800002222（儿子）';
const li = '李桂兰,女,幸福里3栋2单元502,13900000002,,';
const names = () => desk.tables.all(elder).map(({ name }) => name);

describe('two rows of a file that may be one person', () => {
  it('are laid beside each other, and nothing is done about the second while nobody has decided', async () => {
    const { asked } = await bring([heading, zhang, zhangAgain, li]);
    expect(asked).toMatchObject([{ kind: 'near-duplicate', name: '张建国', row: 3, sameAs: { row: 2 } }]);
    const [question] = asked;
    const facts = question && 'pair' in question ? question.pair : [];
    expect(facts.find(({ field }) => field === 'diet')).toMatchObject({ first: '', differs: false });
    expect(facts.find(({ field }) => field === 'phones')).toMatchObject({
      first: '13900000001',
      second: '13900000001',
    });
    expect(names().sort()).toEqual(['张建国', '李桂兰']);
  });

  it('become one with what either says', async () => {
    const { left } = await bring([heading, zhang, zhangAgain, li], { 张建国: 'same' });
    expect(names().sort()).toEqual(['张建国', '李桂兰']);
    const one = desk.tables.where(elder, { name: '张建国' })[0]!;
    expect(desk.tables.where(contact, { elderId: one.id })).toMatchObject([{ name: '张小明', phone: '13800002222' }]);
    expect(left).toMatchObject({ calls: [], questions: [] });
  });

  it('become two, once, when a person says so', async () => {
    const lines = [heading, zhang, zhangAgain, li];
    const { left } = await bring(lines, { 张建国: 'apart' });
    expect(names().sort()).toEqual(['张建国', '张建国', '李桂兰']);
    expect(left.calls).toEqual([]);
    await bring(lines, { 张建国: 'apart' });
    expect(names()).toHaveLength(3);
  });
});

describe('a row that may be somebody of the register', () => {
  it('is left out until a person has said who it is', async () => {
    await bring([heading, zhang, li]);
    const slip = '张建囯,男,幸福里3栋2单元501,13900000001,花生过敏,';
    const { asked } = await bring([heading, slip]);
    expect(asked).toMatchObject([{ kind: 'near-known', name: '张建囯' }]);
    expect(names()).toHaveLength(2);
    await bring([heading, slip], { 张建囯: 'same' });
    expect(names()).toHaveLength(2);
    await bring([heading, slip], { 张建囯: 'apart' });
    expect(names().sort()).toEqual(['张建囯', '张建国', '李桂兰'].sort());
  });

  it('never overwrites what differs, and says that it differs', async () => {
    await bring([heading, zhang, li]);
    const other = '李桂兰,女,幸福里3栋2单元502,13900000009,,李军13800003333（儿子）';
    const { asked } = await bring([heading, other]);
    const [question] = asked;
    expect(question).toMatchObject({ kind: 'differs', fields: ['phones'] });
    const phones = question && 'pair' in question ? question.pair.find(({ field }) => field === 'phones') : undefined;
    expect(phones).toEqual({ field: 'phones', first: '13900000002', second: '13900000009', differs: true });
    const before = desk.tables.where(elder, { name: '李桂兰' })[0]!;
    await bring([heading, other], { 李桂兰: 'same' });
    const after = desk.tables.where(elder, { name: '李桂兰' })[0]!;
    expect(after).toEqual({ ...before, phones: ['13900000002', '13900000009'] });
    expect(desk.tables.where(contact, { elderId: after.id })).toHaveLength(1);
  });

  it('of whom only the name is known comes in once', async () => {
    await bring(['姓名,性别,年龄', '王德福,男,81', '赵玉珍,女,77']);
    await bring(['姓名,性别,年龄', '王德福,男,81', '赵玉珍,女,77']);
    expect(names().sort()).toEqual(['王德福', '赵玉珍']);
  });
});

it('two rows about one volunteer become one', async () => {
  const lines = [
    '姓名,性别,联系电话,服务技能,所属团队',
    '彭菊香,女,13900001111,送餐,红心队',
    '彭菊香,女,13900001111,理发,红心队',
  ];
  const { asked } = await bring(lines);
  expect(asked).toMatchObject([{ kind: 'near-duplicate', name: '彭菊香' }]);
  desk = new Desk();
  await bring(lines, { 彭菊香: 'same' });
  expect(desk.tables.all(person)).toHaveLength(1);
  expect(desk.tables.all(volunteer)[0]?.skills.length).toBe(2);
});
