/** Elders in layouts that were written after the reader, each with what a careful person makes of them. */
import { describe, expect, test } from 'vitest';
import { toGb18030 } from './encodings.fixture.ts';
import type { EldersLedger } from './ledger.ts';
import type { Value } from './rewrite.fixture.ts';
import { at, numbered, reasons, throughText, throughXlsx, utf8 } from './written-ledger.fixture.ts';

describe('a survey with a header in row 15, two rows deep, the address in eight columns', async () => {
  const hints = Array.from({ length: 13 }, (_, line): Value[] => [
    line === 0
      ? '附件2'
      : line === 1
        ? '江北区七旬以上老年人口摸底登记'
        : `${line - 1}．请逐户核对，不得漏登；年龄按周岁填写`,
  ]);
  const rows: Value[][] = [
    ...hints,
    [
      '编号',
      '被调查人',
      null,
      null,
      '现居住地',
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      '联络',
      '代际情况',
      '需要留意',
    ],
    [null, '称谓', '男/女', '岁', '省', '市', '区县', '街道', '居住小区', '楼', '单元', '室', null, null, null],
    [
      '甲001',
      '邱玉梅',
      '女',
      '79岁',
      '湖南省',
      '长沙市',
      '江北区',
      '望城坡街道',
      '枫林小区',
      '7',
      '3',
      '402',
      '０７３１—８８８８１２３４',
      '老两口',
      '牙不好，饭要软',
    ],
    [
      '甲002',
      '欧阳振华',
      '男',
      '八十六',
      '同上',
      '同上',
      '同上',
      '同上',
      '同上',
      '12号楼',
      '二',
      '1103',
      13900001234,
      '一个人住',
      '对花生过敏！',
    ],
    [
      '甲003',
      '待补',
      null,
      null,
      '湖南省',
      '长沙市',
      '江北区',
      '望城坡街道',
      '枫林小区',
      '9',
      '1',
      '101',
      null,
      null,
      null,
    ],
    [
      '甲004',
      '薛桂兰',
      '女',
      91,
      '湖南省',
      '长沙市',
      '江北区',
      '望城坡街道',
      '二机厂宿舍',
      '3',
      '1',
      '201',
      '139 0000 1235 / 0731-88881235',
      '儿子家',
      '2026年8月去世',
    ],
    ['共计', '3人', null, null, null, null, null, null, null, null, null, null, null, null, null],
    ['说明：本表一式两份，一份留存社区，一份报街道民政办', null],
  ];
  const merges = [
    { startRow: 13, startCol: 1, endRow: 13, endCol: 3 },
    { startRow: 13, startCol: 4, endRow: 13, endCol: 11 },
    { startRow: 13, startCol: 0, endRow: 14, endCol: 0 },
    ...[12, 13, 14].map((col) => ({ startRow: 13, startCol: col, endRow: 14, endCol: col })),
  ];
  const ledger = await throughXlsx<EldersLedger>([{ name: '摸底', rows, merges }]);

  test('reads three people and the one who is still missing', () => {
    expect(ledger).toMatchObject({ outcome: 'read', kind: 'elders', personRows: 3, distinctPeople: 3, duplicates: [] });
    expect(reasons(ledger)).toEqual([[18, 'placeholder-name']]);
    expect(ledger.warnings.filter(({ field }) => field === 'total')).toEqual([]);
  });
  test('reads each of them', () => {
    expect(at(ledger.people, 16)).toMatchObject({
      name: '邱玉梅',
      sex: 'F',
      age: 79,
      birth: null,
      estate: '枫林小区',
      building: '7',
      unit: 3,
      room: '402',
      floor: 4,
      phones: ['0731-88881234'],
      living: '与配偶同住',
      diet: { texture: 'soft' },
    });
    expect(at(ledger.people, 17)).toMatchObject({
      name: '欧阳振华',
      sex: 'M',
      age: 86,
      estate: '枫林小区',
      building: '12',
      unit: 2,
      room: '1103',
      floor: 11,
      phones: ['13900001234'],
      living: '独居',
      diet: { allergens: ['peanut'] },
    });
    expect(at(ledger.people, 19)).toMatchObject({
      name: '薛桂兰',
      age: 91,
      estate: '二机厂宿舍',
      building: '3',
      phones: ['13900001235', '0731-88881235'],
      status: 'died',
      living: '与子女同住',
    });
  });
});

describe('two rows for each person', async () => {
  const rows: Value[][] = [
    ['桃花井社区高龄津贴人员花名册（2026年第三季度）'],
    ['序', '领取人', '公民身份号码', '住哪里', '手机或座机', '家里谁管事', '谁的手机'],
    [1, '谢德全', numbered('43019919360712003'), '桃花井12栋2门601', '13900002001', '谢明（长子）', '13800002001'],
    [null, null, null, '门禁2580#', '0731-82220001', '谢芳（次女）', '13800002002'],
    [2, '白秀珠', numbered('43019919400102004'), '桃花井3栋1门102', '13900002002', '白云（侄女）', '13800002003'],
    [null, null, null, '一楼，有狗', null, null, null],
    [3, '罗有才', numbered('43019919330303005'), '桃花井5栋4门303', '13900002003', '罗军（儿子）', '13800002004'],
    [null, null, null, null, '13900002004', null, null],
    [null, null, null, null, null, null, null],
    ['填表人：王静', null, null, null, '2026年10月8日', null, null],
  ];
  const merges = [2, 4, 6].flatMap((row) =>
    [0, 1, 2].map((col) => ({ startRow: row, startCol: col, endRow: row + 1, endCol: col })),
  );
  const layouts: [string, Promise<EldersLedger>][] = [
    ['with merged cells', throughXlsx<EldersLedger>([{ name: '名册', rows, merges }])],
    ['with empty cells', throughXlsx<EldersLedger>([{ name: '名册', rows }])],
    [
      'as text',
      throughText<EldersLedger>(toGb18030(rows.map((row) => row.map((cell) => cell ?? '').join(',')).join('\r\n'))),
    ],
  ];
  test.each(layouts)('%s', async (_, opened) => {
    const ledger = await opened;
    expect(ledger).toMatchObject({
      kind: 'elders',
      personRows: 3,
      distinctPeople: 3,
      unreadable: [],
      ledgerDate: '2026-10-08',
    });
    expect(ledger.people.map(({ row, name, phones }) => [row, name, phones])).toEqual([
      [3, '谢德全', ['13900002001', '0731-82220001']],
      [5, '白秀珠', ['13900002002']],
      [7, '罗有才', ['13900002003', '13900002004']],
    ]);
    expect(ledger.people[0]).toMatchObject({
      building: '12',
      unit: 2,
      room: '601',
      birth: '1936-07-12',
      contacts: [
        { name: '谢明', relation: '长子', phone: '13800002001' },
        { name: '谢芳', relation: '次女', phone: '13800002002' },
      ],
    });
    expect(ledger.people[0]?.accessNote).toContain('2580#');
    expect(ledger.people[1]?.accessNote).toContain('有狗');
  });
});

describe('couples in one cell, each written another way', async () => {
  const ids = [
    '43019919380305001',
    '43019919400606002',
    '43019919410101003',
    '43019919430909004',
    '43019919350505007',
    '43019919370707008',
  ].map(numbered);
  const ledger = await throughText<EldersLedger>(
    utf8([
      '\ufeff服务对象;性别;证件号码;年龄;家住;电话号码;同住情况',
      `段国安、秦玉珍;男、女;${ids[0]}、${ids[1]};88、86;和平里4-1-301;13900003001;夫妻`,
      `石长根／梅素芬;男／女;${ids[2]}／${ids[3]};;和平里4-1-302;13900003002／13900003003;夫妇`,
      `康有福和冉桂英;;"${ids[4]}\n${ids[5]}";;和平里4-1-401;;老伴`,
      '陶大明(夫)卢小妹(妻);;;83/80;和平里5-2-101;13900003004;夫妻二人',
      '万山红 蓝采和（夫妻）;男 女;;79 77;和平里5-2-102;;夫妻同住',
      '合计：5户10人;;;;;;',
    ]),
  );
  test('are two people each', () => {
    expect(ledger).toMatchObject({ kind: 'elders', personRows: 5, distinctPeople: 10, unreadable: [], duplicates: [] });
    expect(ledger.people.map(({ name, sex, id: number, age, partner }) => [name, sex, number, age, partner])).toEqual([
      ['段国安', 'M', ids[0], 88, '秦玉珍'],
      ['秦玉珍', 'F', ids[1], 86, '段国安'],
      ['石长根', 'M', ids[2], 85, '梅素芬'],
      ['梅素芬', 'F', ids[3], 83, '石长根'],
      ['康有福', 'M', ids[4], 91, '冉桂英'],
      ['冉桂英', 'F', ids[5], 89, '康有福'],
      ['陶大明', 'M', null, 83, '卢小妹'],
      ['卢小妹', 'F', null, 80, '陶大明'],
      ['万山红', 'M', null, 79, '蓝采和'],
      ['蓝采和', 'F', null, 77, '万山红'],
    ]);
    expect(ledger.people[3]).toMatchObject({ phones: ['13900003003'], building: '4', unit: 1, room: '302' });
  });
});
