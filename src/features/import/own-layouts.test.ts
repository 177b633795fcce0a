import { describe, expect, test } from 'vitest';
import { checkSign } from './id-number.rules.ts';
import type { ElderRow, Ledger } from './ledger.ts';
import { readLedger } from './read-ledger.ts';

const read = (lines: string[], name = 'ledger.csv'): Promise<Ledger> =>
  readLedger(new TextEncoder().encode(lines.join('\n')), name, { today: '2026-11-22' });

async function elders(lines: string[]): Promise<ElderRow[]> {
  const ledger = await read(lines);
  if (ledger.outcome !== 'read' || ledger.kind !== 'elders') throw new Error(JSON.stringify(ledger));
  return ledger.people;
}

const id = (first17: string) => first17 + checkSign(first17);

describe('ledgers as other communities keep them', () => {
  test('by households, ages only, the contact in one cell', async () => {
    const people = await elders([
      '红旗街道向阳里社区80岁以上高龄老人摸底表,,,,,,,,,',
      '序号,户主姓名,与户主关系,被访老人,性别,年龄,联系方式,门牌号,紧急联络（姓名/电话/关系）,身体及生活情况说明',
      '1,张建国,本人,张建国,男,83岁,0731-88881234 / 13900001111,3号楼2单元501,张小明 13800002222（儿子）,独居',
      '2,张建国,妻子,李桂兰,女,81岁,同上,同上,同上,住院，花生过敏',
      '3,王德福,本人,王德福,男,90岁,,5号楼1单元102,王芳 13800003333 女儿,老伴已故，独居',
      '4,赵玉珍,本人,赵玉珍,女,八十五,138 0000 4444,6号楼303,无,已过世',
      ',,,,,,,,,',
      '5,买买提·艾力,本人,买买提·艾力,男,82岁,13900005555,7-2-201,古丽 13800006666（女儿）,',
      '小计,,,5人,,,,,,',
      '社区负责人：陈某  填报日期：2026年3月1日,,,,,,,,,',
    ]);
    expect(people).toMatchObject([
      {
        name: '张建国',
        age: 83,
        phones: ['0731-88881234', '13900001111'],
        building: '3',
        unit: 2,
        room: '501',
        contact: { name: '张小明', relation: '儿子', phone: '13800002222' },
      },
      {
        name: '李桂兰',
        age: 81,
        room: '501',
        status: 'hospital',
        contact: { name: '张小明' },
        diet: { allergens: ['peanut'] },
      },
      { name: '王德福', status: 'active', contact: { name: '王芳', relation: '女儿', phone: '13800003333' } },
      {
        name: '赵玉珍',
        age: 85,
        phones: ['13800004444'],
        building: '6',
        unit: null,
        room: '303',
        contact: null,
        status: 'died',
      },
      { name: '买买提·艾力', contact: { name: '古丽' } },
    ]);
    expect(people[0]?.community).toBe('向阳里社区');
  });

  test('without any heading', async () => {
    const people = await elders([
      `张建国,男,${id('43019919400101001')},13900001111,幸福小区3栋2单元501,独居`,
      `李桂兰,女,${id('43019919420304002')},13900001112,幸福小区3栋2单元502,空巢`,
      '王德福,男,,13900001113,幸福小区5-1-102,与子女同住',
    ]);
    expect(people).toMatchObject([
      { name: '张建国', birth: '1940-01-01', sex: 'M', phones: ['13900001111'], estate: '幸福小区', living: '独居' },
      { name: '李桂兰', birth: '1942-03-04', sex: 'F', room: '502', living: '空巢' },
      { name: '王德福', idFlag: 'missing', building: '5', unit: 1, room: '102', living: '与子女同住' },
    ]);
  });

  test('in English', async () => {
    const people = await elders([
      'Elderly Residents,,,,,,,,,,,,,',
      'Name,Gender,Date of Birth,National ID,Block,Unit,Flat,Tel.,Lives with,Allergies / diet,Next of kin,Kin phone,Status,Remarks',
      `Zhang Wei,Male,5 March 1938,${id('43019919380305001')},3,2,501,13900001111,alone,"Diabetic, low salt",Zhang Min (son),13800002222,Active,`,
      '李桂兰,Female,1942-03-04,,3,1,402,13900001112,Lives with son,Peanut allergy; soft food,Wang Li (daughter),13800003333,Deceased,',
      '陈大文,M,1940/12/1,,5,1,101,,Spouse,Vegetarian,,,Active,moved to nursing home',
    ]);
    expect(people).toMatchObject([
      {
        name: 'Zhang Wei',
        sex: 'M',
        birth: '1938-03-05',
        building: '3',
        unit: 2,
        room: '501',
        living: '独居',
        diet: { types: ['diabetic', 'low-salt'] },
        contact: { name: 'Zhang Min', relation: 'son', phone: '13800002222' },
        status: 'active',
      },
      {
        name: '李桂兰',
        sex: 'F',
        living: '与子女同住',
        diet: { allergens: ['peanut'], texture: 'soft' },
        status: 'died',
      },
      {
        name: '陈大文',
        birth: '1940-12-01',
        living: '与配偶同住',
        diet: { types: ['vegetarian'] },
        contact: null,
        status: 'institution',
      },
    ]);
  });

  test('by grids, with ticks for meals, months and lunar dates', async () => {
    const people = await elders([
      '向阳里社区居家养老服务对象名册',
      '第一网格（网格长：刘敏）',
      '姓名,出生年月,现住小区,楼-单元-室,电话1,电话2,低保/特困/失能,用餐,午,晚,特殊要求',
      '陈玉兰,38年3月,向阳里,3-2-501,13900001111,13800001111,低保、失能,送,√,,"少盐；青霉素过敏；花生、鸡蛋过敏"',
      '周 桂 芳,1941.12,向阳里,3-2-502,13900001112,,,堂,√,√,"对海鲜过敏，不吃葱姜蒜"',
      '第二网格（网格长：王敏）',
      '吴大勇,农历1940年正月初五,向阳里,5-1-101,13900001113,,特困,送,,√,口味清淡',
      '郑秀英,1939年腊月,向阳里,5-1-102,,,,,,,住养老院了',
    ]);
    expect(people).toMatchObject([
      {
        name: '陈玉兰',
        grid: '第一网格',
        birth: '1938-03',
        phones: ['13900001111', '13800001111'],
        categories: ['低保', '失能'],
        mealMode: 'delivery',
        meals: ['L'],
        diet: { types: ['low-salt'], allergens: ['peanut', 'egg'], drugAllergies: ['penicillin'] },
      },
      {
        name: '周桂芳',
        birth: '1941-12',
        mealMode: 'dine-in',
        meals: ['L', 'D'],
        diet: { allergens: ['seafood'], dislikes: ['scallion', 'ginger', 'garlic'] },
      },
      { name: '吴大勇', grid: '第二网格', birth: '1940-02-12', meals: ['D'] },
      { name: '郑秀英', estate: '向阳里', status: 'institution' },
    ]);
  });

  test('a volunteers’ list with tabs', async () => {
    const ledger = await read(
      [
        '志愿者信息登记',
        '姓名\t性别\t身份证号\t手机\t服务队\t意向服务\t每周可服务时间\t出行\t已服务小时',
        `刘敏\t女\t${id('43019919800101002')}\t13900001111\t红马甲服务队\t送餐、陪诊\t周一、三、五上午\t电动车\t120`,
        '张丽\t女\t\t13900001113\t大学生志愿队\t探访/代购\t周二至周四 14:00-17:00\t自行车\t约8.5小时',
      ],
      'ledger.txt',
    );
    expect(ledger).toMatchObject({
      kind: 'volunteers',
      people: [
        {
          name: '刘敏',
          team: '红马甲服务队',
          skills: ['送餐', '陪诊'],
          availability: { days: [1, 3, 5], parts: ['am'] },
          hours: 120,
        },
        {
          name: '张丽',
          availability: { days: [2, 3, 4], parts: ['pm'], from: '14:00', to: '17:00' },
          hours: 8.5,
          hoursApproximate: true,
        },
      ],
    });
  });

  test('an ID number that a spreadsheet rounded, and one of fifteen digits', async () => {
    const people = await elders([
      '姓名,身份证号,电话',
      '张建国,4.30199E+17,13900001111',
      '李桂兰,430199420304002,13900001112',
    ]);
    expect(people).toMatchObject([
      { id: null, idFlag: 'precision-lost' },
      { id: id('43019919420304002'), birth: '1942-03-04', sex: 'F' },
    ]);
  });

  test.each(Array.from({ length: 20 }, (_none, at) => at + 1))('with the header in row %i', async (row) => {
    const above = Array.from({ length: row - 1 }, (_none, at) =>
      at % 3 === 1 ? ',,,' : `填表说明第${at + 1}条：电话、住址要写全，不清楚的先问本人,,,`,
    );
    const people = await elders([
      ...above,
      '姓名,性别,住址,联系电话',
      '张建国,男,幸福里3栋2单元501,13900000001',
      '李桂兰,女,幸福里3栋2单元502,13900000002',
    ]);
    expect(people.map(({ row: at, name }) => [at, name])).toEqual([
      [row + 1, '张建国'],
      [row + 2, '李桂兰'],
    ]);
    expect(people[0]).toMatchObject({ building: '3', unit: 2, room: '501', phones: ['13900000001'] });
  });

  test('with groups over the headings, and each person over two rows', async () => {
    const people = await elders([
      '基本情况,,,居住情况,,家属联系人,,',
      '姓名,性别,年龄,小区,房号,姓名,关系,电话',
      '张建国,男,83,幸福里,3-2-501,张小明,儿子,13800002222',
      ',,,,,张小红,女儿,13800003333',
      '𠮷桂兰,女,81,幸福里,3-2-502,李军,儿子,13800004444',
      ',,,,,李芳,女儿,13800005555',
    ]);
    expect(people.map(({ name, age }) => [name, age])).toEqual([
      ['张建国', 83],
      ['𠮷桂兰', 81],
    ]);
    expect(people[0]?.contacts).toEqual([
      { name: '张小明', relation: '儿子', phone: '13800002222' },
      { name: '张小红', relation: '女儿', phone: '13800003333' },
    ]);
  });

  test('the same file twice says the same', async () => {
    const lines = ['姓名,性别,电话', '张建国,男,13900001111', '李桂兰,女,13900001112'];
    expect(await read(lines)).toEqual(await read(lines));
  });
});
