/** Ledgers in layouts that were written after the reader, each with what a careful person makes of it. */
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { toGb18030, toUtf16 } from './encodings.fixture.ts';
import { checkSign } from './id-number.rules.ts';
import type {
  EldersLedger,
  Ledger,
  MealListLedger,
  MealMarksLedger,
  PlacesLedger,
  VolunteersLedger,
} from './ledger.ts';
import { readLedger } from './read-ledger.ts';
import type { Value } from './rewrite.fixture.ts';

const today = '2026-11-22';
const id = (first17: string) => first17 + checkSign(first17);
const utf8 = (lines: string[]) => new TextEncoder().encode(lines.join('\r\n'));

type Sheet = Parameters<typeof writeXlsx>[0]['sheets'][number];
async function xlsx<L extends Ledger>(sheets: Sheet[]): Promise<L> {
  return (await readLedger(new Uint8Array(await writeXlsx({ sheets })), '名单.xlsx', { today })) as L;
}
const text = async <L extends Ledger>(bytes: Uint8Array, name = '名单.csv') =>
  (await readLedger(bytes, name, { today })) as L;
const at = <R extends { row: number }>(people: R[], row: number) => people.find((one) => one.row === row);
const reasons = (ledger: { unreadable: { row: number; reason: string }[] }) =>
  ledger.unreadable.map(({ row, reason }) => [row, reason]);

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
  const ledger = await xlsx<EldersLedger>([{ name: '摸底', rows, merges }]);

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
    [1, '谢德全', id('43019919360712003'), '桃花井12栋2门601', '13900002001', '谢明（长子）', '13800002001'],
    [null, null, null, '门禁2580#', '0731-82220001', '谢芳（次女）', '13800002002'],
    [2, '白秀珠', id('43019919400102004'), '桃花井3栋1门102', '13900002002', '白云（侄女）', '13800002003'],
    [null, null, null, '一楼，有狗', null, null, null],
    [3, '罗有才', id('43019919330303005'), '桃花井5栋4门303', '13900002003', '罗军（儿子）', '13800002004'],
    [null, null, null, null, '13900002004', null, null],
    [null, null, null, null, null, null, null],
    ['填表人：王静', null, null, null, '2026年10月8日', null, null],
  ];
  const merges = [2, 4, 6].flatMap((row) =>
    [0, 1, 2].map((col) => ({ startRow: row, startCol: col, endRow: row + 1, endCol: col })),
  );
  const layouts: [string, Promise<EldersLedger>][] = [
    ['with merged cells', xlsx<EldersLedger>([{ name: '名册', rows, merges }])],
    ['with empty cells', xlsx<EldersLedger>([{ name: '名册', rows }])],
    ['as text', text<EldersLedger>(toGb18030(rows.map((row) => row.map((cell) => cell ?? '').join(',')).join('\r\n')))],
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
  ].map(id);
  const ledger = await text<EldersLedger>(
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

describe('birthdays in every manner', async () => {
  const cases: [Value, string | null][] = [
    [new Date('1938-03-05T00:00:00Z'), '1938-03-05'],
    [13944, '1938-03-05'],
    ['38年3月', '1938-03'],
    ['３８年３月５日', '1938-03-05'],
    ['民国27年3月5日', '1938-03-05'],
    ['民国二十七年', '1938'],
    ['一九三八年三月五日', '1938-03-05'],
    ['1938.03', '1938-03'],
    ['1938年3月5日(身份证)', '1938-03-05'],
    ['农历1938年二月初四', '1938-03-05'],
    ['1938.2.4（农历）', '1938-03-05'],
    ['阴历38年2月初四', '1938-03-05'],
    ['戊寅年二月初四', '1938-03-05'],
    ['1938-3-5 00:00:00', '1938-03-05'],
    [19380305, '1938-03-05'],
    ['38-3-5', '1938-03-05'],
    ['1938/03/05', '1938-03-05'],
    ['1938', '1938'],
    ['不详', null],
    ["'38.3.5", '1938-03-05'],
  ];
  const surnames = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许';
  const ledger = await xlsx<EldersLedger>([
    {
      name: 'Sheet1',
      rows: [
        ['老人', '生日', '手机号'],
        ...cases.map(([value], index): Value[] => [`${surnames[index]}玉华`, value, 13900004000 + index]),
      ],
    },
  ]);
  test.each(
    cases.map(
      ([value, wanted], index) => [value instanceof Date ? 'date cell' : String(value), wanted, index] as const,
    ),
  )('%s', (_, wanted, index) => {
    expect(ledger.people[index]?.birth).toBe(wanted);
  });
});

describe('numbers that went through a spreadsheet', async () => {
  const good = id('43019919380305001');
  const x = id('43019919380316006');
  const first17WithX = Array.from(
    { length: 400 },
    (_, order) => `43019919380305${String(order).padStart(3, '0')}`,
  ).find((each) => checkSign(each) === 'X') as string;
  const rows: Value[][] = [
    ['姓名', '身份证', '联系方式', '住址'],
    ['范一鸣', 430199193803050000, '13900005001', '南湖3栋2单元501'],
    ['方二妹', '430199193803050000', 13900005002, '南湖3栋2单元502'],
    ['费三元', '4.30199E+17', '1390000500', '南湖3栋2单元503'],
    ['丰四喜', '430199380305001', '8613900005004', '南湖3栋2单元504'],
    ['封五福', `${first17WithX}x`, '+86 139-0000-5005', '南湖3栋2单元505'],
    ['傅六合', `${first17WithX}Ｘ`.replace('305', '305'), '０１３９００００５００６', '南湖3栋2单元506'],
    ['甘七巧', ` ${good.slice(0, 6)} ${good.slice(6, 14)} ${good.slice(14)}`, '13900005007（儿子）', '南湖3栋2单元507'],
    ['葛八方', `'${x}`, '0731-85550008转801', '南湖3栋2单元508'],
    ['耿九如', '无', '(0731)85550009', '南湖3栋2单元509'],
    ['龚十全', '43019919380230001X', '85550010', '南湖3栋2单元510'],
  ];
  const ledger = await xlsx<EldersLedger>([{ name: '数', rows }]);
  test('ids', () => {
    expect(ledger.people.map(({ id: number, idFlag }) => [number, idFlag])).toEqual([
      [null, 'precision-lost'],
      [null, 'precision-lost'],
      [null, 'precision-lost'],
      [id('43019919380305001'), undefined],
      [`${first17WithX}X`, undefined],
      [`${first17WithX}X`, undefined],
      [good, undefined],
      [x, undefined],
      [null, 'missing'],
      [null, expect.stringMatching(/wrong|impossible/)],
    ]);
  });
  test('telephones', () => {
    expect(ledger.people.map(({ phones }) => phones)).toEqual([
      ['13900005001'],
      ['13900005002'],
      [],
      ['13900005004'],
      ['13900005005'],
      ['13900005006'],
      ['13900005007'],
      ['0731-85550008-801'],
      ['0731-85550009'],
      ['85550010'],
    ]);
  });
});

describe('signs from everywhere, in every encoding', async () => {
  const lines = (sign: string) =>
    [
      ['姓名', '联系电话', '小区', '门牌', '备注'],
      ['阿卜杜拉•买买提', '13900006001', '胡杨里', '1栋1单元101', '清真'],
      ['古丽・帕夏', '13900006002', '胡杨里', '1栋1单元102', ''],
      ['\u200b孙\u200d玉\ufeff兰', '13900006003\u200b', '胡杨里', '1栋1单元103', '\u2060'],
      ['𠮷玉兰', '13900006004', '胡杨里', '1栋1单元104', '名字第一个字电脑打不出'],
      ['赵𬭎', '13900006005', '胡杨里', '1栋1单元201', '“门铃坏了”'],
      ['迪丽热巴‧艾尼', '13900006006', '胡杨里', '1栋1单元202', ''],
    ]
      .map((row) => row.join(sign))
      .join('\r\n');
  const files: [string, Uint8Array, string][] = [
    ['UTF-16LE, tabs', toUtf16(lines('\t'), 'le'), '名单.txt'],
    ['UTF-16BE, tabs', toUtf16(lines('\t'), 'be'), '名单.txt'],
    ['GB18030, semicolons', toGb18030(lines(';')), '名单.txt'],
    ['UTF-8 with a mark, commas', utf8([`\ufeff${lines(',')}`]), '名单.csv'],
    ['UTF-8, bars', utf8([lines('|')]), '名单.txt'],
  ];
  test.each(files)('%s', async (_, bytes, name) => {
    const ledger = await text<EldersLedger>(bytes, name);
    expect(ledger).toMatchObject({ kind: 'elders', personRows: 6, unreadable: [] });
    expect(ledger.people.map(({ name: read, phones }) => [read, phones[0]])).toEqual([
      ['阿卜杜拉·买买提', '13900006001'],
      ['古丽·帕夏', '13900006002'],
      ['孙玉兰', '13900006003'],
      ['𠮷玉兰', '13900006004'],
      ['赵𬭎', '13900006005'],
      ['迪丽热巴·艾尼', '13900006006'],
    ]);
    expect(ledger.people.map(({ room, estate }) => `${estate} ${room}`)).toEqual(
      ['101', '102', '103', '104', '201', '202'].map((room) => `胡杨里 ${room}`),
    );
  });
});

describe('in English, with notes and totals', async () => {
  const ledger = await text<EldersLedger>(
    utf8([
      'RIVERSIDE NEIGHBOURHOOD - SENIORS RECEIVING HOME SUPPORT,,,,,,,,',
      'Updated 30/09/2026 by L. Chen,,,,,,,,',
      ',,,,,,,,',
      'S/N,Surname & given name,M/F,DOB,Age,Residence,Contact no.,Household,Emergency contact (name / relation / phone),Dietary needs,Comments',
      `1,CHEN Guilan,F,05-Mar-1938,88,"Bldg 3, Unit 2, Rm 501, Lakeside Garden",+86 139 0000 7001,Lives alone,Chen Min / daughter / 13800007001,Low salt; no peanuts (allergy),Door code 1234#`,
      '2,Wang Jianguo,M,1940-12-01,,"Bldg 5, Unit 1, Rm 102, Lakeside Garden",13900007002,With spouse,,Diabetic,',
      '3,Li Xiuying,F,,90,ditto,13900007003,With son,Li Qiang / son / 13800007003,Soft food,In hospital since Sept',
      '4,TBD,,,,,,,,,',
      'Subtotal,3 persons,,,,,,,,',
      'Note: please update before the 5th of each month,,,,,,,,',
    ]),
  );
  test('three people', () => {
    expect(ledger).toMatchObject({ kind: 'elders', personRows: 3, distinctPeople: 3 });
    expect(reasons(ledger)).toEqual([[8, 'placeholder-name']]);
    expect(ledger.people).toMatchObject([
      {
        name: 'CHEN Guilan',
        sex: 'F',
        birth: '1938-03-05',
        building: '3',
        unit: 2,
        room: '501',
        estate: 'Lakeside Garden',
        phones: ['13900007001'],
        living: '独居',
        contact: { name: 'Chen Min', relation: 'daughter', phone: '13800007001' },
        diet: { types: ['low-salt'], allergens: ['peanut'] },
      },
      { name: 'Wang Jianguo', birth: '1940-12-01', living: '与配偶同住', diet: { types: ['diabetic'] }, contact: null },
      { name: 'Li Xiuying', sex: 'F', age: 90, building: '5', room: '102', status: 'hospital', living: '与子女同住' },
    ]);
  });
});

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
  const ledger = await xlsx<EldersLedger>([
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
  const ledger = await xlsx<VolunteersLedger>([
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
  const ledger = await xlsx<MealMarksLedger>([
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
  const ledger = await text<MealListLedger>(
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
      await text(
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
      await text(
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
      await text(
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
