import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoBytes } from './demo-ledgers.fixture.ts';
import { mendList } from './mend-list.ts';
import type { EldersLedger, Ledger, LedgerLayoutView } from './ledger.ts';
import { openLedger, readOpened, type GivenLayouts } from './read-ledger.ts';
import { isUsed, roleGroups, roleWord } from './role-words.ts';

async function opened(lines: readonly string[], name = 'a.csv') {
  const book = await openLedger(new TextEncoder().encode(lines.join('\n')), name);
  if (book.outcome === 'refused') throw new Error(book.reason);
  return (layouts: GivenLayouts = {}): Ledger => readOpened(book, { today: '2026-11-22', layouts, withLayouts: true });
}

function layoutOf(ledger: Ledger): LedgerLayoutView {
  const [layout] = ledger.layouts ?? [];
  if (!layout) throw new Error(`No layout: ${JSON.stringify(ledger).slice(0, 200)}`);
  return layout;
}

const rows = [
  '序号,姓名,住址,电话,怎么叫门,备注',
  '1,张建国,幸福里3栋2单元501,13900000001,敲三下,',
  '2,李桂兰,幸福里3栋2单元502,13900000002,按铃,怕狗',
];

describe('what a person is shown of the columns', () => {
  it('is the heading, what it was taken for, how sure that is, and three cells', async () => {
    const { columns, sheets, remembers } = layoutOf((await opened(rows))());
    expect({ sheets, remembers }).toEqual({ sheets: ['a'], remembers: true });
    expect(columns.map(({ heading, role, sure }) => [heading, role, sure])).toEqual([
      ['序号', 'serial', 'left'],
      ['姓名', 'name', 'exact'],
      ['住址', 'address', 'exact'],
      ['电话', 'phone', 'exact'],
      ['怎么叫门', 'other', 'left'],
      ['备注', 'note', 'exact'],
    ]);
    expect(columns[1]?.samples).toEqual(['张建国', '李桂兰']);
  });

  it('is read again as somebody says, and what they said stays said', async () => {
    const read = await opened(rows);
    const { key } = layoutOf(read());
    const said = read({ [key]: { 4: 'access', 5: 'other' } }) as EldersLedger;
    expect(said.people.map(({ accessNote, note }) => [accessNote, note])).toEqual([
      ['敲三下', null],
      ['按铃', null],
    ]);
    expect(layoutOf(said).columns.map(({ sure }) => sure)).toEqual(
      ['left', 'exact', 'exact', 'exact', 'given', 'left'].map((sure, at) => (at === 5 ? 'given' : sure)),
    );
    expect(layoutOf(read()).columns[4]?.sure).toBe('left');
  });

  it('lets one say which column holds the names when none looked like it', async () => {
    const read = await opened(['甲,乙,丙', 'X1,13900000001,幸福里3栋2单元501', 'X2,13900000002,幸福里3栋2单元502']);
    const refused = read();
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'no-rows' });
    const { key } = layoutOf(refused);
    expect(read({ [key]: { 0: 'name' } })).toMatchObject({
      outcome: 'read',
      personRows: 2,
      people: [{ name: 'X1' }, { name: 'X2' }],
    });
  });

  it('is one layout for sheets of the same form, and another month of marks is the same form', async () => {
    const book = await openLedger(demoBytes('wenyuan-elders.xlsx'), 'wenyuan-elders.xlsx');
    if (book.outcome === 'refused') throw new Error(book.reason);
    const elders = readOpened(book, { withLayouts: true });
    const counted = (elders.layouts ?? []).reduce((sum, { rows: own }) => sum + own, 0);
    expect(elders.outcome === 'read' && counted).toBe(elders.outcome === 'read' && elders.personRows);
    const month = (days: number) => [
      '姓名,住址,' + Array.from({ length: days }, (_none, at) => at + 1).join(),
      '张建国,幸福里3栋2单元501,' + '√,'.repeat(days - 1) + '√',
    ];
    const keys = await Promise.all([28, 31].map(async (days) => layoutOf((await opened(month(days), '10月.csv'))())));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(1);
    expect(keys.map(({ days }) => days)).toEqual([28, 31]);
  });

  it('never invents a role, whatever is said: each row stays somebody’s or is told to be nobody’s', async () => {
    const read = await opened(rows);
    const { key } = layoutOf(read());
    const roles = fc.constantFrom(...roleGroups.flatMap((group) => group.roles), 'other');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('0', '1', '2', '3', '4', '5'), roles), (said) => {
        const ledger = read({ [key]: said });
        if (ledger.outcome === 'refused') {
          expect(ledger.reason).toBe('no-rows');
          return;
        }
        for (const [index, role] of Object.entries(said)) {
          const column = layoutOf(ledger).columns.find((one) => one.index === Number(index));
          expect([column?.role, column?.sure]).toEqual([role, 'given']);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has words for every role that is used', () => {
    const offered = roleGroups.flatMap(({ roles }) => roles);
    expect(offered.filter((role) => !isUsed(role))).toEqual([]);
    expect(new Set([...new Set(offered)].map(roleWord)).size).toBe(new Set(offered).size);
  });

  it('gives rows that name nobody whole, to be mended under their own headings', async () => {
    const ledger = (await opened([...rows, '3,,幸福里5栋1单元102,13900000003,打电话,']))();
    if (ledger.outcome === 'refused') throw new Error(ledger.reason);
    const { fileName, layouts = [], unreadable } = ledger;
    const list = mendList({ fileName, layouts, unreadable });
    expect(list.columns.slice(0, 6)).toEqual(['序号', '姓名', '住址', '电话', '怎么叫门', '备注']);
    expect(list.rows).toHaveLength(1);
    expect(list.rows[0]?.slice(0, 6)).toEqual(['3', '', '幸福里5栋1单元102', '13900000003', '打电话', '']);
  });
});
