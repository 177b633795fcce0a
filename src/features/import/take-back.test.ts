import fs from 'node:fs';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { startOf } from '#engine/calendar.ts';
import type { Row } from '#engine/kind.ts';
import { absence, standingOrder } from '#features/meals/order.record.ts';
import { mealVariantActs } from '#features/meals/kitchen.desk.record.ts';
import { elderActs } from '#features/people/elder.desk.record.ts';
import { dietProfile, elder } from '#features/people/elder.record.ts';
import { building, community, contact } from '#features/people/place.record.ts';
import { volunteer } from '#features/people/volunteer.record.ts';
import { visitPlanActs } from '#features/visits/visit-plan.desk.record.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { checkSign } from './id-number.rules.ts';
import { cutIntoPieces, signsPerPiece } from './act-pieces.ts';
import { importPartActs } from './import-part.desk.record.ts';
import { importPart } from './import-part.record.ts';
import { knownPeople, ledgerToActs, passesMax, stationKnown } from './ledger-to-acts.ts';
import type { ReadLedger } from './ledger.ts';
import { readLedger } from './read-ledger.ts';
import { runsOf } from './runs.ts';
import { madeBy } from './made.rules.ts';

const demo = new URL('../../../demo/', import.meta.url);
const boss = { person: 'liang', roles: ['coordinator'] };
const today = '2026-11-02';
const now = startOf(today) + 8 * 3_600_000;
const number = `43010219400101001${checkSign('43010219400101001')}`;
const files = ['wenyuan-places.csv', 'wenyuan-elders.xlsx', 'wenyuan-volunteers.xlsx', 'wenyuan-orders-2026-10.xlsx'];

async function read(desk: Desk, file: string, bytes = fs.readFileSync(new URL(file, demo))): Promise<ReadLedger> {
  const ledger = await readLedger(bytes, file, { today, knownPeople: knownPeople(stationKnown(desk.tables)) });
  if (ledger.outcome !== 'read') throw new Error(`${file} was refused.`);
  return ledger;
}

function bringIn(desk: Desk, run: string, ledger: ReadLedger, decisions = {}): void {
  for (let pass = 0; pass < passesMax; pass += 1) {
    const { calls } = ledgerToActs(ledger, stationKnown(desk.tables), { today, decisions });
    for (const { name, args } of calls.flatMap(cutIntoPieces)) {
      expect(JSON.stringify(args).length).toBeLessThan(signsPerPiece + 2_000);
      const given = args as Record<string, unknown>;
      expect(
        desk.do(boss, now, importPartActs.bringIn, { run, file: ledger.fileName, act: name, given }),
      ).toBeUndefined();
    }
  }
}

const takeBack = (desk: Desk, run: string, atMost = Infinity): (string | undefined)[] =>
  (runsOf(desk.tables).find((one) => one.run === run)?.standing ?? [])
    .slice(0, atMost)
    .map(({ id }) => desk.do(boss, now, importPartActs.takeBack, { partId: id }));

/** Everything but the book of imports itself. */
const standing = (desk: Desk) =>
  JSON.stringify(
    desk.registry.kinds
      .filter(({ name }) => name !== 'importPart')
      .map((kind) => [kind.name, (desk.tables.all(kind) as readonly Row[]).map((row) => Object.entries(row).sort())]),
  );

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
  const plain = { name: '普食', sign: '甲', alarm: false, matches: [] };
  const soft = { name: '软食', sign: '乙', alarm: false, matches: ['texture:soft'] };
  desk.do(boss, now, mealVariantActs.setUp, { variants: [plain, soft] });
});

describe('taking an import back', () => {
  it('leaves the station as it was before, each ledger of the demo station in turn', { timeout: 120_000 }, async () => {
    const before: string[] = [];
    for (const file of files) {
      before.push(standing(desk));
      bringIn(desk, file, await read(desk, file));
    }
    expect(desk.tables.all(elder)).toHaveLength(1060);
    expect(desk.tables.all(standingOrder).length).toBeGreaterThan(200);
    for (const file of [...files].reverse()) {
      expect(new Set(takeBack(desk, file))).toEqual(new Set([undefined]));
      expect(standing(desk)).toBe(before.pop());
    }
    expect([desk.tables.all(elder), desk.tables.all(building), desk.tables.all(volunteer)]).toEqual([[], [], []]);
  });

  it('leaves whom somebody has changed or plans to visit, with all that is theirs, and says their names', async () => {
    bringIn(desk, 'r', await read(desk, 'wenyuan-elders.xlsx'));
    const [changed, visited, called] = desk.tables.all(elder).filter(({ status }) => status === 'active');
    const theirs = (id: string) => [desk.tables.get(dietProfile, id), desk.tables.where(contact, { elderId: id })];
    const kept = [changed!, visited!, called!].map(({ id }) => theirs(id));
    const { name, callName, pinyin, sex, birthDate, living, health, mayLeaveAtDoor } = changed!;
    const facts = { name, callName, pinyin, sex, birthDate, living, health, mayLeaveAtDoor, note: '换了门锁' };
    const lists = { phones: [...(changed!.phones ?? [])], categories: [...(changed!.categories ?? [])] };
    expect(desk.do(boss, now, elderActs.correct, { elderId: changed!.id, ...facts, ...lists })).toBeUndefined();
    const plan = { elderId: visited!.id, everyDays: 30, visitorId: 'p', dueOn: today };
    expect(desk.do(boss, now, visitPlanActs.arrange, plan)).toBeUndefined();
    const line = { id: null, name: '新邻居', relation: '邻居', phone: '13900000000', hasKey: true };
    const own = desk.tables.where(contact, { elderId: called!.id });
    const contacts = own.map(({ elderId: _elder, order: _order, ...one }) => one);
    expect(
      desk.do(boss, now, elderActs.setContacts, { elderId: called!.id, contacts: [...contacts, line] }),
    ).toBeUndefined();
    kept[2] = theirs(called!.id);
    takeBack(desk, 'r');
    const left = desk.tables.all(elder);
    expect(left.map(({ id }) => id).sort()).toEqual([changed!.id, visited!.id, called!.id].sort());
    expect([changed!, visited!, called!].map(({ id }) => theirs(id))).toEqual(kept);
    expect(runsOf(desk.tables)[0]!.stays.sort()).toEqual(left.map((one) => one.name).sort());
    // Where they live stays, and nothing else.
    expect(new Set(desk.tables.all(building).map(({ id }) => id))).toEqual(
      new Set(left.flatMap(({ buildingId }) => buildingId ?? [])),
    );
    expect(new Set(desk.tables.all(community).map(({ id }) => id))).toEqual(
      new Set(left.map(({ communityId }) => communityId)),
    );
  }, 60_000);

  it('is impossible twice, goes on after an interruption, and is not for a coordinator of elsewhere', async () => {
    bringIn(desk, 'r', await read(desk, 'wenyuan-elders.xlsx'));
    const parts = runsOf(desk.tables)[0]!.standing;
    const stranger = { person: 'other', roles: ['coordinator'], communities: ['elsewhere'] };
    expect(desk.do(stranger, now, importPartActs.takeBack, { partId: parts[0]!.id })).toBe('not-allowed');
    expect(takeBack(desk, 'r', 5)).toEqual(Array.from({ length: 5 }, () => undefined));
    expect(runsOf(desk.tables)[0]).toMatchObject({ parts: parts.length, takenBack: 5 });
    expect(desk.do(boss, now, importPartActs.takeBack, { partId: parts[0]!.id })).toBe('taken-back-before');
    takeBack(desk, 'r');
    expect(desk.tables.all(elder)).toEqual([]);
    expect(runsOf(desk.tables)[0]).toMatchObject({ standing: [], stays: [] });
  }, 60_000);

  it('gives back what was completed, whatever was missing', () => {
    const lines = fc.record({
      phone: fc.constantFrom('13900000001', '13900000002', ''),
      living: fc.constantFrom('独居', '与子女同住', ''),
      door: fc.constantFrom('501', ''),
      diet: fc.constantFrom('软食', '花生过敏', ''),
      son: fc.constantFrom('张小明13800002222（儿子）', ''),
    });
    return fc.assert(
      fc.asyncProperty(lines, lines, async (held, told) => {
        const own = new Desk();
        const plain = { name: '普食', sign: '甲', alarm: false, matches: [] };
        own.do(boss, now, mealVariantActs.setUp, { variants: [plain] });
        const written = (one: typeof held) => {
          const door = `幸福里3栋2单元${one.door}`;
          const rows = [
            '姓名,身份证号,住址,电话,居住状况,饮食,联系人',
            `张建国,${number},${door},${one.phone},${one.living},${one.diet},${one.son}`,
          ];
          return Buffer.from(rows.join('\n'));
        };
        bringIn(own, 'first', await read(own, 'a.csv', written(held)));
        const before = standing(own);
        const second = await read(own, 'b.csv', written(told));
        if (second.kind !== 'elders') throw new Error('Read as something else.');
        const key = JSON.stringify([second.people[0]!.sheet, second.people[0]!.row, '张建国']);
        bringIn(own, 'second', second, { [key]: 'same' });
        expect(own.tables.all(elder)).toHaveLength(1);
        takeBack(own, 'second');
        expect(standing(own)).toBe(before);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('writes down nothing for what changes nothing', () => {
    expect(madeBy(desk.tables, 'p', [])).toEqual([]);
    expect(desk.tables.all(importPart)).toEqual([]);
    expect(desk.tables.all(absence)).toEqual([]);
  });
});
