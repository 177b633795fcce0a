/** Workbooks of many sheets, volunteers, marks, orders and places, laid out as this reader had not seen them. */
import { describe, expect, test } from 'vitest';
import { toGb18030 } from './encodings.fixture.ts';
import type { EldersLedger, MealListLedger, MealMarksLedger, PlacesLedger, VolunteersLedger } from './ledger.ts';
import type { Value } from './rewrite.fixture.ts';
import { reasons, throughText, throughXlsx, utf8 } from './written-ledger.fixture.ts';

describe('a workbook with instructions, a summary, hidden sheets and headings inside', async () => {
  const head: Value[] = [
    '序号',
    '户 主',
    '姓\n名',
    '与户主关系',
    '性 别',
    '出 生\n年 月',
    '门 牌 号',
    '联 系 电 话',
    '是否 独居',
    '备  注',
  ];
  const people: Value[][] = [
    ['一、铁路新村网格'],
    [1, '郭长顺', '郭长顺', '户主', '男', '1939.5', '2栋1单元3楼301', '13900008001', '否', '耳背，敲门要重'],
    ['″', '〃', '刘翠萍', '妻', '女', '1942.11', '″', '″', '″', ''],
    [2, '贾玉兰', '贾玉兰', '本人', '女', '1935.1', '2栋2单元5楼502', '13900008002', '是', ''],
    ['小计', null, '3人'],
    ['二、机床厂网格'],
    [3, '于占海', '于占海', '户主', '男', '1944.7', '6栋3单元1楼101', '13900008003', '是', '人在敬老院'],
    [4, '宁桂芝', null, null, null, null, '6栋3单元1楼102', null, null, null],
    ['小计', null, '1人'],
    ['总计', null, '4人'],
    ['备注：空巢、独居以走访为准'],
  ];
  const ledger = await throughXlsx<EldersLedger>([
    {
      name: '填表说明',
      rows: [
        ['填表说明'],
        ['1、姓名：按身份证填写，例如 张三'],
        ['2、电话：填写本人手机，例如 13800138000'],
        ['3、备注：已故、搬走请注明'],
      ],
    },
    {
      name: '汇总',
      rows: [
        ['网格', '人数', '男', '女', '80岁以上'],
        ['铁路新村', 3, 1, 2, 3],
        ['机床厂', 1, 1, 0, 1],
        ['合计', 4, 2, 2, 4],
      ],
    },
    { name: '明细', rows: [['红星社区独居老人明细表'], head, ...people] },
    {
      name: '字典',
      hidden: true,
      rows: [
        ['性别', '关系'],
        ['男', '妻子'],
        ['女', '丈夫'],
      ],
    },
  ]);
  test('four people of one sheet', () => {
    expect(ledger).toMatchObject({ kind: 'elders', personRows: 4, distinctPeople: 4 });
    expect(ledger.sheets.map(({ name, personRows, hidden }) => [name, personRows, hidden])).toEqual([
      ['填表说明', 0, false],
      ['汇总', 0, false],
      ['明细', 4, false],
      ['字典', 0, true],
    ]);
    expect(reasons(ledger)).toEqual([[10, 'no-name']]);
    expect(ledger.warnings.filter(({ field }) => field === 'total' || field === 'sheet')).toEqual([]);
    expect(ledger.people).toMatchObject([
      {
        name: '郭长顺',
        birth: '1939-05',
        building: '2',
        unit: 1,
        room: '301',
        floor: 3,
        community: '红星社区',
        grid: '铁路新村网格',
      },
      { name: '刘翠萍', sex: 'F', room: '301', phones: ['13900008001'], grid: '铁路新村网格' },
      { name: '贾玉兰', living: '独居', room: '502' },
      { name: '于占海', living: '独居', status: 'institution', grid: '机床厂网格' },
    ]);
  });
});

describe('volunteers under other words', async () => {
  const ledger = await throughXlsx<VolunteersLedger>([
    {
      name: '义工',
      rows: [
        ['春风社工站义工登记（截至2026年10月）'],
        [
          '义工号',
          '称呼',
          '性别',
          '手机',
          '归属队伍',
          '会什么',
          '哪天有空',
          '怎么来',
          '累计服务（小时）',
          '健康证到期',
          '备注',
        ],
        [
          'V001',
          '岳小鹏',
          '男',
          13900009101,
          '青年突击队',
          '送餐 理发',
          '周六日全天',
          '骑电动车',
          36.5,
          new Date('2027-03-01T00:00:00Z'),
          '',
        ],
        [
          'V002',
          '齐玉芳',
          '女',
          '13900009102',
          '银龄互助队',
          '探访/代办',
          '一三五上午',
          '走路',
          '约120',
          '',
          '退休护士',
        ],
        ['V003', '同上', '女', '13900009103', '银龄互助队', '', '', '', '', '', ''],
        [
          'V004',
          '岳小鹏',
          '男',
          13900009101,
          '青年突击队',
          '送餐 理发',
          '周六日全天',
          '骑电动车',
          36.5,
          new Date('2027-03-01T00:00:00Z'),
          '',
        ],
        ['合计', '3人'],
      ],
    },
  ]);
  test('are read', () => {
    expect(ledger).toMatchObject({
      kind: 'volunteers',
      personRows: 3,
      distinctPeople: 2,
      duplicates: [{ row: 6, exact: true, sameAs: { row: 3 } }],
    });
    expect(reasons(ledger)).toEqual([[5, 'ditto-name']]);
    expect(ledger.people).toMatchObject([
      {
        name: '岳小鹏',
        phone: '13900009101',
        team: '青年突击队',
        skills: ['送餐', '理发'],
        availability: { days: [6, 7], parts: ['all'] },
        hours: 36.5,
      },
      {
        name: '齐玉芳',
        skills: ['探访', '代办'],
        availability: { days: [1, 3, 5], parts: ['am'] },
        hours: 120,
        hoursApproximate: true,
      },
      { name: '岳小鹏' },
    ]);
  });
});

describe('a month of marks, month and days in two rows, numbers for portions', async () => {
  const days = Array.from({ length: 30 }, (_, day) => day + 1);
  const row = (name: string, door: string, marks: Record<number, Value>, total: Value): Value[] => [
    name,
    door,
    ...days.map((day) => marks[day] ?? null),
    total,
  ];
  const ledger = await throughXlsx<MealMarksLedger>([
    {
      name: '晚餐',
      rows: [
        ['幸福里长者食堂二〇二六年十一月晚餐签到'],
        ['说明：√送到家，○在食堂吃，数字为份数，半=半份送到家，假=请假，×=订了没吃'],
        ['长者', '房号', '11月', ...days.slice(1).map(() => null), '小计'],
        [null, null, ...days, null],
        row('卜庆云', '1-1-101', { 1: '✓', 2: '√', 3: '半', 4: '假', 5: '×' }, 3),
        row('柴玉琴', '1-1-102', { 1: 1, 2: 2, 3: '○', 4: '〇' }, 5),
        row('昌德胜', '1-1-201', {}, 0),
        ['合计', null, 2, 2, 2, 1, ...days.slice(4).map(() => 0), 7],
        ['制表：食堂', '审核：'],
      ],
      merges: [
        { startRow: 2, startCol: 2, endRow: 2, endCol: 31 },
        { startRow: 2, startCol: 0, endRow: 3, endCol: 0 },
        { startRow: 2, startCol: 1, endRow: 3, endCol: 1 },
        { startRow: 2, startCol: 32, endRow: 3, endCol: 32 },
      ],
    },
  ]);
  test('says who ate where', () => {
    expect(ledger).toMatchObject({
      kind: 'meal-marks',
      month: '2026-11',
      meal: 'D',
      personRows: 3,
      distinctPeople: 3,
      unknownMarks: [],
    });
    expect(
      ledger.people.map(({ name, room, delivered, dineIn, notTaken, leave }) => [
        name,
        room,
        delivered,
        dineIn,
        notTaken,
        leave,
      ]),
    ).toEqual([
      ['卜庆云', '101', 3, 0, 1, 1],
      ['柴玉琴', '102', 2, 2, 0, 0],
      ['昌德胜', '201', 0, 0, 0, 0],
    ]);
  });
});

describe('a list of orders, one column for each dish', async () => {
  const ledger = await throughText<MealListLedger>(
    toGb18030(
      [
        '幸福里早点预订（每日7:00前送到）',
        '姓名\t住处\t联系人电话\t肉包\t豆浆（杯）\t茶叶蛋\t合计\t几点送\t叮嘱',
        '晁福生\t幸福里2-1-301\t13900009301\t2\t1\t\t3\t6:50\t挂门把手',
        '巢玉英\t幸福里2-1-302\t13900009302\t\t1杯\t２\t3\t7点前\t',
        '\t幸福里2-1-303\t13900009303\t1\t\t\t1\t\t',
        '合计\t\t\t3\t2\t2\t7\t\t',
      ].join('\n'),
    ),
    '早点.txt',
  );
  test('is read', () => {
    expect(ledger).toMatchObject({ kind: 'meal-list', meal: 'B', personRows: 2, encoding: 'GB18030' });
    expect(reasons(ledger)).toEqual([[5, 'no-name']]);
    expect(ledger.people).toMatchObject([
      { name: '晁福生', items: { 肉包: 2, 豆浆: 1 }, quantity: 3, room: '301', phone: '13900009301' },
      { name: '巢玉英', items: { 豆浆: 1, 茶叶蛋: 2 }, quantity: 3 },
    ]);
  });
});

describe('places, each table in another order', () => {
  const check = (ledger: PlacesLedger) => {
    expect(ledger).toMatchObject({ kind: 'places', counts: { rows: 3, buildings: 2, kitchens: 1 } });
    expect(ledger.places.map(({ lat, lon }) => [lat, lon])).toEqual([
      [28.11451, 112.99281],
      [28.11462, 112.99301],
      [28.1151, 112.9911],
    ]);
    expect(ledger.places[0]).toMatchObject({ kind: 'building', estate: '幸福里', building: '1' });
    expect(ledger.places[2]).toMatchObject({ kind: 'kitchen', name: '幸福里中心厨房' });
  };
  test('longitude first, in columns of their own', async () => {
    check(
      await throughText(
        utf8([
          'X经度;Y纬度;小区;楼号;用途',
          '112.99281;28.11451;幸福里;1栋;住宅楼',
          '112.99301;28.11462;幸福里;2栋;住宅楼',
          '112.9911;28.1151;幸福里中心厨房;;厨房',
        ]),
      ),
    );
  });
  test('both in one cell', async () => {
    check(
      await throughText(
        utf8([
          '名称,楼栋,类别,坐标（经度,纬度）'.replace('经度,纬度', '经纬度'),
          '幸福里,1栋,楼栋,"112.99281,28.11451"',
          '幸福里,2栋,楼栋,"112.99301, 28.11462"',
          '幸福里中心厨房,,中央厨房,112.9911，28.1151',
        ]),
      ),
    );
  });
  test('in English, latitude first', async () => {
    check(
      await throughText(
        utf8([
          'name\tbuilding\tkind\tlatitude\tlongitude',
          '幸福里\t1\tbuilding\t28.11451\t112.99281',
          '幸福里\t2\tbuilding\t28.11462\t112.99301',
          '幸福里中心厨房\t\tkitchen\t28.1151\t112.9911',
        ]),
        'places.txt',
      ),
    );
  });
});
