import { describe, expect, it } from 'vitest';
import { openWorkbook, type Workbook } from '#features/import/workbook.ts';
import type { ElderRow, Ledger } from '#features/import/ledger.ts';
import { readLedger } from '#features/import/read-ledger.ts';
import { workbookOf, type ShownList } from './workbook-of.ts';

const opened = async (list: ShownList) => (await openWorkbook(await workbookOf(list), '名单.xlsx')) as Workbook;

describe('a list as a file', () => {
  it.each([
    '=1+1',
    '+8613900001111',
    '-5',
    '@SUM(A1)',
    '=HYPERLINK("http://x","y")',
    '013900001111',
    '4301991940010100',
  ])('keeps %s as the text it is', async (text) => {
    const { grids } = await opened({ name: '人员', columns: ['姓名', '电话'], rows: [[text, text]] });
    expect(grids[0]?.rows[1]).toEqual([text, text]);
    expect(grids[0]?.formulas.size).toBe(0);
  });

  it('keeps figures as figures, and a name that no sheet may have in signs that it may', async () => {
    const { grids } = await opened({ name: '人员/2026:[全部]', columns: ['姓名', '年龄'], rows: [['周桂兰', 81]] });
    expect(grids[0]?.rows[1]).toEqual(['周桂兰', 81]);
    expect(grids[0]?.name).toBe('人员 2026  全部 ');
  });

  it('is read by our own import as the people it was made of', async () => {
    const columns = ['姓名', '年龄', '社区', '地址', '居住情况', '饮食', '状态'];
    const rows = [
      ['周桂兰', 81, '文源社区', '鸿雁里小区4栋2单元302室', '独居', '花生过敏、低盐', ''],
      ['吕秀梅', 77, '文源社区', '银杏苑3栋1单元201室', '空巢', '', '暂停服务'],
      ['=何丽', 79, '文源社区', '银杏苑3栋1单元202室', '独居', '软食', ''],
    ];
    const bytes = await workbookOf({ name: '人员', columns, rows });
    const ledger: Ledger = await readLedger(bytes, '人员.xlsx', { today: '2026-11-22' });
    const people = (ledger as unknown as { people: ElderRow[] }).people;
    expect(people).toMatchObject([
      {
        name: '周桂兰',
        age: 81,
        building: '4',
        unit: 2,
        room: '302',
        diet: { allergens: ['peanut'], types: ['low-salt'] },
      },
      { name: '吕秀梅', age: 77, building: '3', unit: 1, room: '201' },
      { age: 79, room: '202', diet: { texture: 'soft' } },
    ]);
  });
});
