/**
 * The columns of people who were read from one ledger, as another community would have headed and filled them: other
 * words, other order, other dates, other addresses. Only tests use it.
 */
import type { ElderRow, MealListRow, VolunteerRow } from './ledger.ts';
import { pick, shuffled, type Random, type Value, type WrittenColumn } from './rewrite.fixture.ts';

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
