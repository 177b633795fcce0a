/**
 * Writes people who were read from one ledger into another one, as another community would have kept it: other
 * headings, other order, other dates, other addresses, another file format. Only tests use it.
 */
import { writeXlsx } from 'hucre/xlsx';
import type { ElderRow, MealListRow, VolunteerRow } from './ledger.ts';

export type Random = () => number;

/** A small repeatable generator (mulberry32): a failing style can be written again from its seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}

export type Value = string | number | Date | null;

export interface WrittenColumn<T> {
  field: string;
  heading: string;
  group?: string;
  value(person: T, index: number, random: Random): Value;
}

export interface WrittenTable {
  titles: Value[][];
  header: Value[][];
  rows: Value[][];
  footer: Value[][];
  merges: { startRow: number; startCol: number; endRow: number; endCol: number }[];
}

/** Lays columns out as a sheet: titles, one or two header rows, the people, sometimes totals and a footer. */
export function layOut<T>(people: T[], columns: WrittenColumn<T>[], random: Random): WrittenTable {
  const titles: Value[][] = pick(random, [
    [],
    [['社区老人信息登记表']],
    [['××街道某社区居民服务情况'], ['单位（盖章）：', null, null, '填报日期：2026年9月30日']],
    [['Community service register'], [null], ['Note: keep confidential'], [null]],
    Array.from({ length: 11 }, (_, line) => [line % 3 === 0 ? `说明${line + 1}：请如实填写` : null]),
  ]);
  const grouped = columns.some((column) => column.group) && random() < 0.7;
  const own = columns.map((column) => column.heading);
  const groups = columns.map((column, index) =>
    column.group && columns[index - 1]?.group === column.group ? null : (column.group ?? column.heading),
  );
  const header: Value[][] = grouped ? [groups, columns.map((column) => (column.group ? column.heading : null))] : [own];
  const merges = grouped ? groupMerges(columns, titles.length) : [];
  const rows = people.map((person, index) => columns.map((column) => column.value(person, index, random)));
  const footer: Value[][] =
    random() < 0.6
      ? [
          [pick(random, ['合计', '总计：', 'Total']), null, `${people.length}人`],
          ['制表人：', null, '审核人：'],
        ]
      : [];
  return { titles, header, rows, footer, merges };
}

function groupMerges<T>(columns: WrittenColumn<T>[], top: number): WrittenTable['merges'] {
  const merges: WrittenTable['merges'] = [];
  columns.forEach((column, index) => {
    if (!column.group) merges.push({ startRow: top, startCol: index, endRow: top + 1, endCol: index });
    else if (columns[index - 1]?.group !== column.group) {
      let last = index;
      while (columns[last + 1]?.group === column.group) last += 1;
      if (last > index) merges.push({ startRow: top, startCol: index, endRow: top, endCol: last });
    }
  });
  return merges;
}

export const allRows = (table: WrittenTable): Value[][] => [
  ...table.titles,
  ...table.header,
  ...table.rows,
  ...table.footer,
];

export async function asXlsx(tables: { name: string; table: WrittenTable }[]): Promise<Uint8Array> {
  const sheets = tables.map(({ name, table }) => ({ name, rows: allRows(table), merges: table.merges }));
  return new Uint8Array(await writeXlsx({ sheets }));
}

/** As text with commas or tabs, in the encoding of Chinese offices or in UTF-8 with a mark. */
export function asText(
  table: WrittenTable,
  encoding: 'gb18030' | 'utf-8' | 'utf-8-bom' | 'utf-16le',
  delimiter: string,
): Uint8Array {
  const cell = (value: Value) => {
    const text = value === null ? '' : value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
    return /["\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = allRows(table)
    .map((row) => row.map(cell).join(delimiter))
    .join('\r\n');
  if (encoding === 'gb18030') return toGb18030(text);
  if (encoding === 'utf-16le')
    return Uint8Array.from([
      0xff,
      0xfe,
      ...[...Array(text.length).keys()].flatMap((at) => [text.charCodeAt(at) & 0xff, text.charCodeAt(at) >> 8]),
    ]);
  const bytes = new TextEncoder().encode(text);
  return encoding === 'utf-8' ? bytes : Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes]);
}

let signsOfGb18030: Map<string, number[]> | undefined;

/** The platform only decodes GB18030, so its table is turned around: two bytes for common signs, four for the rest. */
export function toGb18030(text: string): Uint8Array {
  signsOfGb18030 ??= invertGb18030();
  const bytes: number[] = [];
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    bytes.push(...(code < 0x80 ? [code] : (signsOfGb18030.get(sign) ?? [0x3f])));
  }
  return Uint8Array.from(bytes);
}

function invertGb18030(): Map<string, number[]> {
  const decoder = new TextDecoder('gb18030');
  const signs = new Map<string, number[]>();
  const note = (bytes: number[]) => {
    const sign = decoder.decode(Uint8Array.from(bytes));
    if ([...sign].length === 1 && sign !== '\ufffd' && !signs.has(sign)) signs.set(sign, bytes);
  };
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  for (const lead of range(0x81, 0xfe)) for (const trail of range(0x40, 0xfe)) if (trail !== 0x7f) note([lead, trail]);
  // The four-byte part of the basic plane lies under the leads 81 to 84.
  for (const first of range(0x81, 0x84)) {
    for (const second of range(0x30, 0x39)) {
      for (const third of range(0x81, 0xfe))
        for (const fourth of range(0x30, 0x39)) note([first, second, third, fourth]);
    }
  }
  return signs;
}

const DATE_STYLES: ((iso: string) => Value)[] = [
  (iso) => new Date(`${iso}T00:00:00Z`),
  (iso) => iso,
  (iso) => iso.split('-').map(Number).join('.'),
  (iso) => iso.split('-').map(Number).join('/'),
  (iso) => `${iso.slice(0, 4)}年${Number(iso.slice(5, 7))}月${Number(iso.slice(8))}日`,
  (iso) => Number(iso.replaceAll('-', '')),
  (iso) => iso.replaceAll('-', ''),
];

const ADDRESS_STYLES: ((person: ElderRow | MealListRow) => string)[] = [
  ({ estate, building, unit, room }) => `${estate ?? ''}${building}栋${unit}单元${room}室`,
  ({ estate, building, unit, room }) => `${estate ?? ''}${building}号楼${unit}单元${room}`,
  ({ estate, building, unit, room }) => `${estate ?? ''}${building}-${unit}-${room}`,
  ({ estate, building, unit, room }) => `${estate ?? ''}${building}幢${unit}门${room}号`,
  ({ estate, building, unit, room }) => `某某市某某区某某街道${estate ?? ''}${building}栋${unit}单元${room}`,
];

const LIVING: Record<string, string[]> = {
  独居: ['独居', '独居老人', '单独居住', '独自居住'],
  空巢: ['空巢', '空巢老人'],
  与配偶同住: ['与配偶同住', '夫妻同住', '与老伴同住', '和老伴一起住'],
  与子女同住: ['与子女同住', '跟儿子住', '与儿女同住', '和女儿住'],
  与保姆同住: ['与保姆同住', '有住家保姆', '保姆照顾'],
  隔代居住: ['隔代居住', '隔代', '与孙辈同住'],
};
const MODES: Record<string, string[]> = {
  delivery: ['送餐', '送餐上门', '配送', '外送'],
  'dine-in': ['堂食', '到店就餐', '食堂用餐'],
  none: ['', '—', '无'],
};
const MEALS: Record<string, string[]> = {
  B: ['早', '早餐'],
  L: ['中', '午餐', '中餐', '午'],
  D: ['晚', '晚餐'],
  BL: ['早餐、午餐', '早、中'],
  LD: ['中晚', '午餐/晚餐', '中、晚', '午餐，晚餐'],
  BD: ['早晚', '早餐、晚餐'],
  BLD: ['早中晚', '一日三餐', '三餐', '早餐、午餐、晚餐'],
  '': ['', '—'],
};

/** Columns of an elders' ledger in one community's manner; `must` are never left out. */
export function elderColumns(random: Random, english: boolean): WrittenColumn<ElderRow>[] {
  const say: Say = (chinese, ...words) => pick(random, english ? words : chinese);
  const phone = phoneStyle(random);
  return arrange(
    random,
    ownColumns(random, say, phone),
    contactColumns(say, phone),
    addressColumns(random, say),
    extraColumns(say),
  );
}

type Say = (chinese: string[], ...words: string[]) => string;
type PhoneStyle = (text: string | null | undefined) => Value;

/** Telephones are typed as numbers in every other ledger. */
function phoneStyle(random: Random): PhoneStyle {
  const asNumber = random() < 0.5;
  return (text) => (text && asNumber && /^\d+$/.test(text) ? Number(text) : (text ?? ''));
}

function ownColumns(random: Random, say: Say, phone: PhoneStyle): WrittenColumn<ElderRow>[] {
  const date = pick(random, DATE_STYLES);
  const sex = pick(random, [
    { F: '女', M: '男' },
    { F: '女性', M: '男性' },
    { F: 'F', M: 'M' },
  ]);
  return [
    { field: 'serial', heading: say(['序号', '编号', '序'], 'No.', '#'), value: (_, index) => index + 1 },
    {
      field: 'name',
      heading: say(['姓名', '老人姓名', '长者姓名', '服务对象姓名', '名字'], 'Name', 'Full name', 'Elder'),
      value: ({ name }) => name,
    },
    { field: 'sex', heading: say(['性别'], 'Sex', 'Gender'), value: (person) => (person.sex ? sex[person.sex] : '') },
    {
      field: 'id',
      heading: say(['身份证', '身份证号码', '公民身份号码', '证件号码'], 'ID number', 'ID card no.'),
      value: ({ id }) => id ?? '',
    },
    {
      field: 'birth',
      heading: say(['出生日期', '生日', '出生年月日'], 'Date of birth', 'Birthday'),
      value: ({ birth }) => (birth ? date(birth) : ''),
    },
    {
      field: 'phones',
      heading: say(['电话', '手机号码', '本人电话', '联系方式'], 'Phone', 'Mobile'),
      value: ({ phones }) => phone(phones[0]),
    },
    {
      field: 'living',
      heading: say(['居住情况', '居住类型', '家庭状况'], 'Living situation'),
      value: (person, _, r) => (person.living ? pick(r, LIVING[person.living] ?? [person.living]) : ''),
    },
    {
      field: 'diet',
      heading: say(['忌口', '饮食禁忌', '特殊饮食', '口味要求'], 'Diet', 'Food notes'),
      value: ({ dietText }) => dietText ?? '',
    },
    {
      field: 'mealMode',
      heading: say(['供餐方式', '用餐形式', '取餐方式', '就餐方式'], 'Meal mode', 'Delivery?'),
      value: ({ mealMode }, _, r) => pick(r, MODES[mealMode ?? 'none'] ?? ['']),
    },
    {
      field: 'meals',
      heading: say(['餐次', '餐别', '用餐时段'], 'Meals'),
      value: ({ meals }, _, r) => pick(r, MEALS[meals.join('')] ?? ['']),
    },
    {
      field: 'note',
      heading: say(['备注', '其他说明', '注意事项'], 'Remarks', 'Notes'),
      value: ({ note }) => note ?? '',
    },
  ];
}

function contactColumns(say: Say, phone: PhoneStyle): WrittenColumn<ElderRow>[] {
  const contactGroup = say(['紧急联系人', '家属信息', '监护人'], 'Emergency contact', 'Family');
  return [
    {
      field: 'contactName',
      group: contactGroup,
      heading: say(['姓名', '联系人'], 'Contact name'),
      value: (person) => person.contact?.name ?? '',
    },
    {
      field: 'contactRelation',
      group: contactGroup,
      heading: say(['关系', '与本人关系'], 'Relation', 'Relationship'),
      value: (person) => person.contact?.relation ?? '',
    },
    {
      field: 'contactPhone',
      group: contactGroup,
      heading: say(['家属电话', '联系人手机'], 'Contact phone'),
      value: (person) => phone(person.contact?.phone),
    },
  ];
}

function addressColumns(random: Random, say: Say): WrittenColumn<ElderRow>[] {
  const address = pick(random, ADDRESS_STYLES);
  return random() < 0.6
    ? [
        {
          field: 'address',
          heading: say(['地址', '家庭住址', '居住地址', '详细地址'], 'Address', 'Home address'),
          value: address,
        },
      ]
    : [
        {
          field: 'estate',
          heading: say(['小区', '小区名称', '楼盘'], 'Estate'),
          value: ({ estate }) => estate ?? '',
        },
        {
          field: 'building',
          heading: say(['楼栋', '栋号', '幢'], 'Building'),
          value: ({ building }) => `${building ?? ''}栋`,
        },
        { field: 'unit', heading: say(['单元'], 'Unit'), value: ({ unit }) => `${unit ?? ''}单元` },
        { field: 'room', heading: say(['房号', '门牌号', '室号'], 'Room', 'Door'), value: ({ room }) => room ?? '' },
      ];
}

function extraColumns(say: Say): WrittenColumn<ElderRow>[] {
  return [
    {
      field: 'extra',
      heading: say(['文化程度'], 'Education'),
      value: (_, index) => ['小学', '初中', '文盲', '高中'][index % 4] ?? '',
    },
    {
      field: 'extra',
      heading: say(['是否签约家庭医生'], 'Family doctor'),
      value: (_, index) => (index % 3 === 0 ? '是' : '否'),
    },
    { field: 'extra', heading: say(['退休金'], 'Pension'), value: (_, index) => 2100 + index * 7 },
  ];
}

/** Shuffles the blocks (a contact's columns and the parts of an address stay together) and leaves some columns out. */
function arrange<T>(random: Random, singles: WrittenColumn<T>[], ...blocks: WrittenColumn<T>[][]): WrittenColumn<T>[] {
  const keep = ['name', 'id', 'birth'];
  const kept = singles.filter((column) => keep.includes(column.field) || random() < 0.8);
  return shuffled(random, [...kept.map((column) => [column]), ...blocks.filter(() => random() < 0.85)]).flat();
}

/** Columns of a volunteers' list in another manner. */
export function volunteerColumns(random: Random, english: boolean): WrittenColumn<VolunteerRow>[] {
  const say = (chinese: string[], ...words: string[]) => pick(random, english ? words : chinese);
  const separator = pick(random, ['、', '，', '/', ' ', '；']);
  const columns: WrittenColumn<VolunteerRow>[] = [
    { field: 'serial', heading: say(['序号', '编号'], 'No.'), value: (_, index) => index + 1 },
    {
      field: 'name',
      heading: say(['姓名', '志愿者姓名', '队员姓名'], 'Name', 'Volunteer name'),
      value: ({ name }) => name,
    },
    {
      field: 'birth',
      heading: say(['联系电话', '手机', '电话号码'], 'Mobile', 'Phone number'),
      value: ({ phone }) => phone ?? '',
    },
    { field: 'team', heading: say(['所属队伍', '服务队', '组织'], 'Team'), value: ({ team }) => team ?? '' },
    {
      field: 'skills',
      heading: say(['特长', '服务类型', '擅长'], 'Skills', 'Can do'),
      value: ({ skills }) => skills.join(separator),
    },
    {
      field: 'availability',
      heading: say(['服务时间', '空闲时间', '有空时间'], 'Available', 'When'),
      value: ({ availabilityText }) => availabilityText ?? '',
    },
    { field: 'vehicle', heading: say(['出行方式', '交通方式'], 'Transport'), value: ({ vehicle }) => vehicle ?? '' },
    {
      field: 'hours',
      heading: say(['服务时长', '总时长（小时）', '志愿时长'], 'Service hours'),
      value: ({ hours }) => hours ?? '',
    },
  ];
  return arrange(random, columns);
}

/** Columns of a list of orders; items in one cell or one column each. */
export function mealListColumns(random: Random, items: string[]): WrittenColumn<MealListRow>[] {
  const address = pick(random, ADDRESS_STYLES.slice(0, 3));
  const sign = pick(random, ['×', '*', '', ' x']);
  const measure = pick(random, ['个', '份', '']);
  const written = ({ items: own }: MealListRow) =>
    Object.entries(own)
      .map(([name, count]) => `${name}${sign}${count}${measure}`)
      .join(pick(random, ['、', '\n', '，']));
  const food: WrittenColumn<MealListRow>[] =
    random() < 0.5
      ? [{ field: 'items', heading: pick(random, ['订餐内容', '品种', '早点', '所订食品']), value: written }]
      : items.map((item) => ({
          field: 'item',
          heading: item,
          value: (person: MealListRow) => person.items[item] ?? '',
        }));
  const columns: WrittenColumn<MealListRow>[] = [
    { field: 'name', heading: pick(random, ['姓名', '订餐人', '老人姓名']), value: ({ name }) => name },
    { field: 'birth', heading: pick(random, ['地址', '送餐地址', '房号']), value: address },
    { field: 'phones', heading: pick(random, ['电话', '联系电话', '手机']), value: ({ phones }) => phones[0] ?? '' },
  ];
  return arrange(random, columns).concat(food);
}
