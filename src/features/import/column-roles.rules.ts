/**
 * What a column of a ledger may be, and how it is known: by what stands in its cells first, by its heading second.
 * Other communities word their headings differently, so `content` decides wherever cells speak for themselves.
 */
import { looksLikeAddress } from './address.rules.ts';
import { readDate } from './dates.rules.ts';
import { looksLikeDiet } from './diet-words.rules.ts';
import {
  isYesOrNo,
  looksLikeCategories,
  looksLikeHealth,
  looksLikeLiving,
  looksLikeMeals,
  looksLikeSex,
  looksLikeStatus,
  readMealMode,
  readRelation,
} from './elder-words.rules.ts';
import { looksLikeId } from './id-number.rules.ts';
import { isFood, looksLikeItems, looksLikeTime } from './meal-words.rules.ts';
import { looksLikeName, readCouple } from './names.rules.ts';
import { squash, type CellValue } from './text.rules.ts';
import {
  looksLikeAvailability,
  looksLikeSkills,
  looksLikeTeam,
  looksLikeTraining,
  looksLikeVehicle,
  readFixed,
} from './volunteer-words.rules.ts';

export interface RoleRule {
  role: string;
  heading: RegExp;
  /** Headings that look alike but mean something else. */
  notHeading?: RegExp;
  /** Share of speaking cells: true for a cell that fits. Without it only the heading can tell. */
  content?: (text: string, value: CellValue) => boolean;
  /** A stricter reading of the cells where no heading helps. */
  withoutHeading?: (text: string, value: CellValue) => boolean;
  /** Share of fitting cells from which the content alone is enough (default 0.6); 2 means never. */
  alone?: number;
}

const isInteger = (text: string, from: number, to: number) =>
  /^\d{1,4}$/.test(text) && Number(text) >= from && Number(text) <= to;

function isBirth(text: string, value: CellValue): boolean {
  const couple = /^(\S+?)[、,，/\n](\S+)$/.exec(text)?.[1];
  const date = readDate(value) ?? (couple ? readDate(couple) : null);
  return (
    date !== null && Number(date.iso.slice(0, 4)) <= 2010 && (date.precision !== 'year' || typeof value !== 'number')
  );
}

const isRecentDate = (_: string, value: CellValue) => Number(readDate(value)?.iso.slice(0, 4) ?? 0) >= 2015;
/** Both coordinates in one cell, in whichever order: in our part of the world the larger is the longitude. */
export function readLonLat(text: string): { lon: number; lat: number } | null {
  const match = /^[([（]?\s*(\d{2,3}\.\d{3,})\s*[,，;；\s/|]\s*(\d{2,3}\.\d{3,})\s*[)\]）]?$/.exec(
    text.replace(/[°EeNn东经北纬:：]/g, ''),
  );
  if (!match) return null;
  const [lat, lon] = [Number(match[1]), Number(match[2])].sort((a, b) => a - b);
  return lat !== undefined && lon !== undefined && lat >= 3 && lat <= 54 && lon >= 73 && lon <= 136
    ? { lat, lon }
    : null;
}

const isCoordinate = (low: number, high: number) => (text: string) =>
  /^\d{2,3}\.\d{3,}$/.test(text) && Number(text) >= low && Number(text) <= high;

const CONTACT =
  /联系人|家属|监护|紧急|子女|亲属|亲人|赡养|应急|emergency|guardian|family|\bkin\b|contact (person|name)|next of/i;
const PHONE_WORD = /电话|手机|联系方式|联络方式|号码|联系$|phone|mobile|\btel|contact no|contact number|cell/i;

/** Ordered: among equal scores the earlier rule wins. */
export const ROLE_RULES: RoleRule[] = [
  { role: 'householdRelation', heading: /户主关系|与户主|户内关系/ },
  {
    role: 'id',
    heading: /身份证|证件号|证件号码|公民身份|\bid\b|id ?(card|no|number)|identity/i,
    notHeading: CONTACT,
    content: looksLikeIds,
    alone: 0.5,
  },
  { role: 'sex', heading: /^性别$|^sex$|^gender$|^m ?\/ ?f$|男[/／、]?女/i, content: looksLikeSex },
  { role: 'birth', heading: /出生|生日|诞辰|birth|\bdob\b/i, content: isBirth },
  {
    role: 'recorded',
    heading: /录入|登记(时间|日期)|更新|建档|填表|加入(时间|日期)|注册|入队|record|updated|joined/i,
    content: isRecentDate,
    alone: 0.8,
  },
  {
    role: 'age',
    heading: /年龄|周岁|岁数|^岁$|^age\b/i,
    content: (text) => isInteger(text, 30, 115) || /^\d{2,3}[/、,]\d{2,3}$/.test(text),
    alone: 0.97,
  },
  {
    role: 'lonLat',
    heading: /坐标|经纬度|位置|定位|coordinate|location|lat.*lon|lon.*lat/i,
    notHeading: /坐标系/,
    content: (text) => readLonLat(text) !== null,
  },
  { role: 'lat', heading: /纬度|^lat/i, content: isCoordinate(17, 54) },
  { role: 'lon', heading: /经度|^lon|^lng/i, content: isCoordinate(73, 136) },
  {
    role: 'datum',
    heading: /坐标系|datum|crs|坐标类型/i,
    content: (text) => /^(wgs-?84|gcj-?02|bd-?09|cgcs2000)$/i.test(text),
  },
  {
    role: 'community',
    heading: /所属社区|所在社区|^社区(名称)?$|^居委会$|^(neighbou?rhood )?community$|^村居$/i,
    content: (text) => /^[^\d，。,;；]{2,14}(社区|居委会)$/.test(squash(text)),
  },
  {
    role: 'microGrid',
    heading: /微网格|微格|micro[- ]?grid/i,
    content: (text) => /^\p{Script=Han}+-\d{1,2}-\d{1,2}$/u.test(text),
  },
  {
    role: 'grid',
    heading: /网格(?!员|长)|^片区$|^grid\b/i,
    content: (text) => /^(第?.{1,4}|.{1,8}\d)网格$|^网格.{1,3}$/.test(squash(text)),
  },
  {
    role: 'address',
    heading: /住址|地址|住所|居住地|房号|门牌|楼栋房号|家庭住|现住|address|where .*live|residence/i,
    content: looksLikeAddress,
    alone: 0.5,
  },
  {
    role: 'estate',
    heading:
      /^(所在|现住|居住|所属)?(小区|楼盘|院落|住宅区|小区名称|院子|estate|compound|residential (area|estate))(名称)?$/i,
    content: (text) =>
      [...text].length <= 12 &&
      /(小区|花园|家园|村|佳苑|苑|公寓|宿舍|家属院|大院|里|园|城|府|居|台)$/.test(text) &&
      !/\d/.test(text),
  },
  { role: 'units', heading: /单元数|units/i },
  { role: 'floors', heading: /层数|总层|楼层数|floors|storeys/i },
  {
    role: 'building',
    heading: /^(楼栋|栋|幢|楼号|栋号|幢号|楼|楼栋号|楼座|号楼|building|block|bldg)(号|no\.?)?$/i,
    content: (text) => /^[\d一二三四五六七八九十A-Z]{1,4}(栋|幢|号楼|座|#)$/i.test(squash(text)),
  },
  {
    role: 'unit',
    heading: /^(单元|单元号|门洞|unit|entrance)$/i,
    content: (text) => /^[\d一二三四五六七八九十]{1,2}(单元|门洞)$/.test(squash(text)),
  },
  {
    role: 'room',
    heading: /^(房号|房间号|房间|室|室号|门牌|门牌号|户室|房门号|room|flat|door|apt|room no\.?)$/i,
    content: (text) => /^\d{3,4}[A-Z]?(室|号|房|户)?$/i.test(squash(text)),
    // Three or four digits may be anything; without a heading only a sign of a door tells.
    withoutHeading: (text) => /^\d{3,4}([A-Z]?(室|房|户)|[A-Z])$/i.test(squash(text)),
  },
  {
    role: 'floor',
    heading: /^(楼层|层|所在楼层|floor)$/i,
    content: (text) => /^\d{1,2}(楼|层)$/.test(squash(text)),
  },
  { role: 'lift', heading: /电梯|lift|elevator/i },
  {
    role: 'placeKind',
    heading: /^(类型|类别|地点类型|type|kind)$/i,
    content: (text) =>
      /^(楼栋|楼房|中央厨房|厨房|助餐点|食堂|配送点|送餐点|服务站|building|kitchen|meal point)$/i.test(text),
  },
  { role: 'livingTick', heading: /独居|空巢|孤寡|留守|lives? alone/i, content: isYesOrNo, alone: 2 },
  {
    role: 'categoryTick',
    heading: /低保|特困|五保|失能|失智|残疾|失独|优抚|高龄|计生|困难|disab|low income/i,
    content: isYesOrNo,
    alone: 2,
  },
  {
    role: 'living',
    heading: /居住|同住|代际|家庭(状况|结构|情况)|living|lives with|household/i,
    content: looksLikeLiving,
  },
  { role: 'meals', heading: /餐次|餐别|用餐时段|订餐类型|哪餐|^meals?$/i, content: looksLikeMeals },
  {
    // One column per meal with a tick in it.
    role: 'mealTick',
    heading: /^(早|中|午|晚)(餐|饭)?$|^(breakfast|lunch|dinner)$/i,
    content: (text) => /^[√✓✔☑vVyY1是○]$|^\d份?$/.test(text),
    alone: 2,
  },
  {
    role: 'mealMode',
    heading: /用餐方式|就餐方式|送餐方式|^方式$|取餐|供餐方式|助餐方式|是否送餐|delivery|meal (mode|type)|service/i,
    content: (text) => [...text].length <= 8 && readMealMode(text) !== null && !/队|技/.test(text),
  },
  {
    role: 'items',
    heading: /包点|品种|菜品|餐品|内容|订购|点餐|食品|品名|所订|items?|order/i,
    content: looksLikeItems,
  },
  { role: 'quantity', heading: /数量|份数|个数|quantity|qty|count/i },
  { role: 'time', heading: /送达|送餐时间|时间$|时段|time/i, content: looksLikeTime, alone: 0.6 },
  { role: 'diet', heading: /饮食|忌口|口味|膳食|特殊(饮食|需求|要求)|过敏|diet|food|allerg/i, content: looksLikeDiet },
  { role: 'health', heading: /健康|身体状况|病史|疾病|慢病|health|condition|illness/i, content: looksLikeHealth },
  {
    role: 'skills',
    heading: /技能|特长|服务(类别|类型|项目|内容|意向)|专长|擅长|skill|can do|service types?/i,
    content: looksLikeSkills,
  },
  {
    role: 'categories',
    heading: /人员类别|类别|对象类别|身份类别|人群|标签|困难类型|特殊(人群|群体)|categor|group/i,
    content: looksLikeCategories,
    alone: 0.7,
  },
  { role: 'status', heading: /^(状态|在册状态|当前状态|人员状态|status|动态)$/i, content: looksLikeStatus, alone: 0.8 },
  {
    role: 'contactRelation',
    heading: /关系|relation/i,
    notHeading: /户主/,
    content: (text) => readRelation(text) !== null,
  },
  {
    role: 'availability',
    heading: /服务时间|可服务|有空|空闲|时间段|可用时间|availab|when/i,
    content: looksLikeAvailability,
  },
  { role: 'vehicle', heading: /交通|车辆|出行|vehicle|transport|travel/i, content: looksLikeVehicle },
  { role: 'training', heading: /培训|证书|资质|training|certificate/i, content: looksLikeTraining },
  { role: 'team', heading: /团队|队伍|所属(队|组织|团体)|志愿队|小队|组织|team|squad/i, content: looksLikeTeam },
  {
    role: 'fixed',
    heading: /固定|流动|fixed|regular/i,
    content: (text) => readFixed(text) !== null && [...text].length <= 8,
  },
  {
    role: 'hours',
    heading: /时长|小时|工时|服务时数|累计服务|hours/i,
    notHeading: /时间段|可服务/,
    content: (text) => /\d/.test(text) && [...text].length <= 10 && !/[-/年月]/.test(text),
    alone: 2,
  },
  { role: 'points', heading: /积分|points|credits/i },
  {
    role: 'ethnicity',
    heading: /民族|ethnic|nationality/i,
    content: (text) => /^(汉|回|满|壮|苗|侗|瑶|土家|维吾尔|蒙古|藏|彝|布依|朝鲜|白)(族)?$/.test(text),
    alone: 0.7,
  },
  { role: 'access', heading: /门禁|进门|开门|door code|access|entry/i, notHeading: /备注|说明|note/i },
  { role: 'note', heading: /备注|说明|其他|注意|情况|note|remark|comment/i },
  { role: 'household', heading: /户号|户编号|household (no|id|number|code)/i },
  { role: 'code', heading: /^编号$|编码|代码|^code$|志愿者编号|工号|^no\.?$/i },
  {
    role: 'serial',
    heading: /^(序号|序|编号|号|no\.?|#|s\/?n|serial|index)$/i,
    content: (text) => /^\d{1,6}$/.test(text),
    alone: 2,
  },
  { role: 'total', heading: /合计|小计|总计|总数|次数|天数|总份数|^total|^sum$/i },
];

function looksLikeIds(text: string): boolean {
  return looksLikeId(text) || text.split(/[、,，;；/\n]/).every(looksLikeId);
}

/** Columns of names and telephones need their neighbours to tell whose they are; these are their headings. */
export const NAME_HEADINGS = {
  person:
    /^((服务)?(老人|老年人|长者|居民|服务对象|对象|就餐人|用餐人|订餐人|志愿者|队员|成员|人员|被访老人|受访人|被服务人|收餐人|收货人)?(姓名|名字|名称)|姓名.{0,4}|被访老人|老人|长者|服务对象|志愿者|full ?name|(elder|client|person|resident|volunteer|senior|participant|beneficiary)?('s)? ?name|(surname|family name|last name|given name|first name).*|name.*|elder|senior|client|resident|participant|beneficiary)$/i,
  contact: CONTACT,
  helper:
    /志愿者|结对|帮扶|包户|责任人|网格员|网格长|楼栋长|助老员|负责人|送餐员|volunteer|helper|buddy|paired|worker/i,
};
export const PHONE_HEADING = PHONE_WORD;

export function looksLikePersonName(text: string): boolean {
  return (
    looksLikeName(text) ||
    readCouple(text) !== null ||
    (/^([A-Z]{2,12},? )?[A-Z][a-z]+([-'][A-Z]?[a-z]+)?( [A-Z][a-z]+(-[A-Z]?[a-z]+)?){0,2}$/.test(text) &&
      text.includes(' '))
  );
}

/** A contact written into one cell: name, telephone and often the relation. */
export function looksLikeContactCell(text: string): boolean {
  // 谢明(长子): a name and what they are to somebody.
  const kin = /^(.{2,4})[(（](.{1,4})[)）]$/.exec(squash(text));
  if (kin && looksLikeName(kin[1] ?? '') && readRelation(kin[2] ?? '') !== null) return true;
  const digits = /1[3-9]\d{9}|0\d{2,3}-?\d{7,8}/.exec(squash(text));
  return digits !== null && /\p{Script=Han}{2,}|[A-Za-z]{2,}/u.test(text);
}

/** The role a heading speaks of, or null when it is no heading we know. */
export function headerRole(heading: string): string | null {
  const plain = plainHeading(heading);
  if (plain === '' || /\d{3,}/.test(plain)) return null;
  if (NAME_HEADINGS.person.test(plain)) return 'name';
  if (PHONE_WORD.test(plain)) return 'phone';
  const rule = ROLE_RULES.find(({ heading: words, notHeading }) => words.test(plain) && !notHeading?.test(plain));
  if (rule) return rule.role;
  if (NAME_HEADINGS.contact.test(plain)) return 'contactName';
  return NAME_HEADINGS.helper.test(plain) ? 'helper' : isFood(plain) ? 'item' : null;
}

/** Without blanks between Chinese signs, brackets and stars: 姓  名* is 姓名. */
export function plainHeading(heading: string): string {
  const bare = heading
    .replace(/[*：:]/g, '')
    .replace(/[(（][^)）]{0,20}[)）]/g, (brackets) =>
      /门禁/.test(brackets)
        ? ''
        : /^[(（](必填|可多选|选填|岁|周岁|元|小时|杯|个|份|碗|只|根|盒)/.test(brackets)
          ? ''
          : brackets,
    );
  return /[A-Za-z]{2}/.test(bare) ? bare.replace(/\s+/g, ' ').trim() : squash(bare);
}
