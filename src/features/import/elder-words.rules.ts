/** The words of an elders' ledger: living situation, categories, meals, relations, and what remarks reveal. */
import type { ElderStatus, Meal, MealMode, Sex } from './ledger.ts';
import { isNothing, splitList, squash } from './text.rules.ts';

const LIVING: [string, RegExp][] = [
  ['独居', /独居|独住|一个人住|单独居住|孤寡|独自|living alone|lives alone|^alone$/i],
  ['隔代居住', /隔代|孙辈|与孙|grandchild/i],
  ['与保姆同住', /保姆|护工|住家阿姨|caregiver|nanny|carer/i],
  ['与子女同住', /子女|儿子|女儿|儿女|与家人|家属同住|child|son|daughter|family/i],
  ['空巢', /空巢|empty[- ]?nest/i],
  ['与配偶同住', /配偶|老伴|夫妻|夫妇|双老|老两口|二老|spouse|husband|wife|couple/i],
  ['留守', /留守/],
  ['机构', /养老院|敬老院|机构|nursing home/i],
];

/** The station's word for how somebody lives; an unknown wording is kept as it is. */
export function readLiving(text: string): string | null {
  if (isNothing(text)) return null;
  return LIVING.find(([, words]) => words.test(text))?.[0] ?? squash(text);
}

export function looksLikeLiving(text: string): boolean {
  return (
    [...text].length <= 24 &&
    !/[(\d]|过世|去世|外地|电话/.test(text) &&
    LIVING.slice(0, 7).some(([, words]) => words.test(text)) &&
    !readRelation(text)
  );
}

const CATEGORY_WORDS =
  /低保|特困|五保|三无|残疾|残|失能|半失能|失智|失独|计生特殊|计划生育特殊|优抚|高龄|烈属|军属|退役|伤残|空巢|困难|孤老|孤寡|劳模|离休|党员|low income|disab|veteran|very old/i;

/** Categories as written, one by one; several spellings of one category are the configured list's business. */
export function readCategories(text: string): string[] {
  return splitList(text).filter((word) => !/^(普通|一般|其他|正常|无)(老人|人员)?$/.test(word));
}

export function looksLikeCategories(text: string): boolean {
  return (
    [...text].length <= 40 &&
    splitList(text).length > 0 &&
    splitList(text).every((word) => CATEGORY_WORDS.test(word) || /^(普通|一般|其他)(老人|人员)?$/.test(word))
  );
}

const RELATION =
  /^(大|小|二|三|长|次|幼|老|养|继|干)?(女儿|儿子|儿|女|子|儿媳|媳妇|女婿|孙子|孙女|孙|外孙|外孙女|外甥|外甥女|侄子|侄女|侄儿|侄|妹妹|妹|弟弟|弟|姐姐|姐|哥哥|哥|兄|老伴|配偶|丈夫|妻子|夫|妻|邻居|朋友|同事|社区干部|社工|保姆|护工|亲戚|亲属|家属|子女|监护人|父子|母子|母女|父女|夫妻|表弟|表妹|表哥|表姐|堂弟|堂妹|本人|战友|同学|房东|楼长|网格员)$/;
const RELATION_ENGLISH =
  /^(son|daughter|wife|husband|spouse|neighbou?r|friend|niece|nephew|brother|sister|grand(son|daughter|child)|(son|daughter)-in-law|relative|carer)$/i;

export function readRelation(text: string): string | null {
  const plain = squash(text);
  if (isNothing(plain)) return null;
  return RELATION.test(plain) || RELATION_ENGLISH.test(text.trim()) ? text.trim() : null;
}

export function readSex(text: string): Sex | null {
  const plain = squash(text).toLowerCase();
  if (/^(男|男性|m|male|先生|♂)$/.test(plain)) return 'M';
  return /^(女|女性|f|female|女士|♀)$/.test(plain) ? 'F' : null;
}

export function looksLikeSex(text: string): boolean {
  return readSex(text) !== null || /^(男|女)[/、,和](男|女)$/.test(squash(text));
}

export function readMealMode(text: string): MealMode | null {
  if (isNothing(text)) return null;
  if (/送|配餐|上门|外送|deliver/i.test(text)) return 'delivery';
  return /堂|到店|到点|食堂|就餐点|自取|dine|eat[- ]?in|canteen/i.test(text) ? 'dine-in' : null;
}

/** 是, √, 1: somebody said yes in a column of yes and no. */
export function isTicked(text: string): boolean {
  return /^(是|有|对|√|✓|✔|☑|v|y|yes|1|true|○)$/i.test(squash(text));
}

export function isYesOrNo(text: string): boolean {
  return isTicked(text) || /^(否|无|不是|没有|×|x|✗|✘|n|no|0|false)$/i.test(squash(text));
}

/** 中, 午餐、晚餐, 早中晚, 一日三餐, L/D → meals in the order of the day. */
export function readMeals(text: string): Meal[] {
  const plain = squash(text);
  if (isNothing(plain)) return [];
  if (/三餐|全天|全餐|早中晚|all (meals|three)/i.test(text) || /^3餐$/.test(plain)) return ['B', 'L', 'D'];
  if (/两餐|二餐|2餐/.test(plain) && !/[早晚]/.test(plain)) return ['L', 'D'];
  const meals: Meal[] = [];
  if (/早|breakfast|\bB\b/i.test(text)) meals.push('B');
  if (/中|午|lunch|\bL\b/i.test(text)) meals.push('L');
  if (/晚|夜|dinner|supper|\bD\b/i.test(text)) meals.push('D');
  return meals;
}

export function looksLikeMeals(text: string): boolean {
  const plain = squash(text);
  return (
    [...plain].length <= 12 &&
    readMeals(text).length > 0 &&
    /^[早中午晚餐饭、,，/和\s一日三两]+$|^([BLD][/,]?)+$|lunch|dinner|breakfast/i.test(plain)
  );
}

const KIN =
  /(老伴|配偶|丈夫|妻子|爱人|老公|老婆|儿子|女儿|儿媳|女婿|父亲|母亲|子女|孙子|孙女|哥哥|弟弟|姐姐|妹妹|儿|女)[^，,。;；]{0,3}$/;

const STATUS: [ElderStatus, RegExp][] = [
  ['died', /已故|去世|病故|死亡|离世|过世|逝世|亡故|身故|辞世|仙逝|已殁|deceased|passed away|\bdied\b/i],
  [
    'institution',
    /(入住|住|住进|转入|送|在)[^，,。;；]{0,6}(养老院|敬老院|福利院|康养|护理院|养老公寓|托养|老年公寓|医养)|(养老院|敬老院|福利院|康养中心|护理院)(入住|居住|养老)|机构养老|nursing home|care home/i,
  ],
  ['moved', /已?搬(至|到|走|离|家|去|出|往)|迁出|迁走|外迁|迁往|迁至|已迁|移居|搬迁|长期在外地|moved (away|out|to)/i],
  ['hospital', /住院|在医院|hospitali[sz]ed|in hospital/i],
];

/** What a remark says about somebody's whereabouts; what it says about a husband or a daughter does not count. */
export function readStatus(text: string): ElderStatus {
  for (const clause of text.split(/[，,。;；\n]/)) {
    if (/出院|住院史|曾住院|住院部|未住院|拟住院|搬家前|不?搬(东西|运)/.test(clause)) continue;
    for (const [status, words] of STATUS) {
      const found = words.exec(clause);
      if (found && !KIN.test(clause.slice(0, found.index))) return status;
    }
  }
  return 'active';
}

/** A column that only speaks of whereabouts: 正常, 已故, 迁出 … */
export function looksLikeStatus(text: string): boolean {
  return (
    /^(正常|在世|健在|在册|在住|常住|服务中|有效|active|normal)$/i.test(text) ||
    ([...text].length <= 8 && readStatus(text) !== 'active')
  );
}

/** A remark about the door or about where somebody is. */
export function looksLikeRemark(text: string): boolean {
  return (
    /门禁|敲门|开门|电梯|有狗|有猫|钥匙|轮椅|耳背|听力|普通话|单元门|楼下|门口|上楼|先打电话|不在家|在家|转入|人户分离/.test(
      text,
    ) || readStatus(text) !== 'active'
  );
}

export function looksLikeHealth(text: string): boolean {
  return (
    /^(良好|一般|较差|差|健康|体弱|good|fair|poor)$/i.test(text) ||
    /高血压|糖尿病|冠心病|白内障|慢阻肺|中风|帕金森|痴呆|阿尔茨海默|关节|术后|痛风|肿瘤|癌|心脏|脑梗|偏瘫|耳背|耳聋|骨折|肾|哮喘/.test(
      text,
    )
  );
}

/** What somebody at the door has to know; statuses and moves are not repeated there. */
export function accessNote(access: string, remark: string): string | null {
  const door = isNothing(access) ? '' : /^[\d#*＊A-Za-z-]+$/.test(squash(access)) ? `门禁${squash(access)}` : access;
  const useful = remark
    .split(/[;；。\n]/)
    .map((part) => part.trim())
    .filter(
      (part) => !isNothing(part) && readStatus(part) === 'active' && !/转入|转出|人户分离|重复登记|待核/.test(part),
    );
  return [door, ...useful].filter((part) => part !== '').join('；') || null;
}
