/** What single cells of a ledger say in the manners of other offices: days, numbers, signs, English. */
import { describe, expect, test } from 'vitest';
import { toGb18030, toUtf16 } from './encodings.fixture.ts';
import { checkSign } from './id-number.rules.ts';
import type { EldersLedger } from './ledger.ts';
import type { Value } from './rewrite.fixture.ts';
import { numbered, reasons, throughText, throughXlsx, utf8 } from './written-ledger.fixture.ts';

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
  const ledger = await throughXlsx<EldersLedger>([
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
  const good = numbered('43019919380305001');
  const x = numbered('43019919380316006');
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
  const ledger = await throughXlsx<EldersLedger>([{ name: '数', rows }]);
  test('ids', () => {
    expect(ledger.people.map(({ id: number, idFlag }) => [number, idFlag])).toEqual([
      [null, 'precision-lost'],
      [null, 'precision-lost'],
      [null, 'precision-lost'],
      [numbered('43019919380305001'), undefined],
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
    const ledger = await throughText<EldersLedger>(bytes, name);
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
  const ledger = await throughText<EldersLedger>(
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
