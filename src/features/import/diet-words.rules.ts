/**
 * What a ledger says about food. Three things must never be mixed up: an allergy (danger), a diet (medicine or faith)
 * and a dislike (taste). A drug allergy is none of the kitchen's business, and “不过敏” is no allergy.
 */
import type { DietProfile } from './ledger.ts';
import { isNothing } from './text.rules.ts';

type Words = [code: string, words: RegExp][];

const ALLERGENS: Words = [
  ['crustacean', /虾蟹|虾|蟹|甲壳|小龙虾|shrimp|prawn|crab|crustacean|shellfish/i],
  ['seafood', /海鲜|海产|水产|seafood/i],
  ['peanut', /花生|peanut/i],
  ['egg', /鸡蛋|蛋类|蛋清|蛋|\beggs?\b/i],
  ['milk', /牛奶|乳糖|乳制品|奶制品|奶|乳|milk|dairy|lactose/i],
  ['mango', /芒果|mango/i],
  ['nut', /坚果|核桃|腰果|杏仁|\bnuts?\b/i],
  ['soy', /大豆|黄豆|豆制品|豆类|\bsoy/i],
  ['wheat', /小麦|麸质|面筋|面粉|wheat|gluten/i],
  ['sesame', /芝麻|sesame/i],
  ['mollusc', /贝类|贝壳|螺|蛤/],
  ['fish', /鱼|\bfish\b/i],
  ['mushroom', /蘑菇|菌菇|菌类/],
  ['alcohol', /酒精|料酒|酒/],
  ['mutton', /羊肉/],
  ['beef', /牛肉/],
  ['pineapple', /菠萝|凤梨/],
];

const DRUGS: Words = [
  ['penicillin', /青霉素|盘尼西林|阿莫西林|penicillin/i],
  ['cephalosporin', /头孢|先锋霉素/],
  ['sulfonamide', /磺胺/],
  ['streptomycin', /链霉素/],
  ['aspirin', /阿司匹林|aspirin/i],
  ['iodine', /碘|造影剂/],
  ['other', /药物|药|抗生素|麻醉/],
];

const NOT_FOOD = /花粉|尘螨|紫外线|皮肤|油漆|酒精棉|胶布|冷空气|鼻炎|季节|金属|蚊虫/;

const TYPES: Words = [
  ['diabetic', /糖尿病|控糖|降糖|diabet/i],
  ['low-salt', /低盐|少盐|淡盐|低钠|减盐|无盐|少放盐|盐少|low[- ]?(salt|sodium)/i],
  ['low-oil', /低油|少油|低脂|少放油|油少|忌油腻|不油腻|low[- ]?(oil|fat)/i],
  ['low-sugar', /无糖|低糖|少糖|忌甜|不吃甜|忌糖|no sugar|low[- ]?sugar|sugar[- ]?free/i],
  ['halal', /清真|回民|回族|穆斯林|halal/i],
  ['vegetarian-lunar-1-15', /初一.{0,2}十五.{0,3}(吃|食)?(素|斋)/],
  ['vegetarian', /吃素|素食|全素|素餐|吃斋|长素|^素$|vegetarian|vegan/i],
  ['low-purine', /痛风|低嘌呤|purine|gout/i],
];

const TEXTURES: [DietProfile['texture'] & string, RegExp][] = [
  ['pureed', /半流|流食|流质|糊状|匀浆|打成糊|打碎|泥状|puree|puréed|blended|liquid/i],
  ['minced', /碎食|切碎|剁碎|细碎|切细|minced|chopped/i],
  ['soft', /软食|软烂|软饭|软餐|软一点|软些|煮烂|炖烂|烂一点|要软|牙口不好|没牙|缺牙|无牙|soft/i],
];

const DISLIKES: Words = [
  ['spicy', /辣/],
  ['coriander', /香菜|芫荽|coriander|cilantro/i],
  ['mutton', /羊肉|羊|mutton|lamb/i],
  ['beef', /牛肉|beef/i],
  ['pork', /猪肉|pork/i],
  ['fatty-meat', /肥肉/],
  ['offal', /内脏|下水|猪肝/],
  ['scallion', /葱/],
  ['ginger', /姜/],
  ['garlic', /蒜/],
  ['chives', /韭菜/],
  ['bitter-melon', /苦瓜/],
  ['eggplant', /茄子/],
  ['tofu', /豆腐|豆制品/],
  ['seafood', /海鲜/],
  ['fish', /鱼/],
  ['egg', /鸡蛋|蛋/],
  ['chicken', /鸡肉|鸡/],
  ['duck', /鸭/],
  ['milk', /牛奶/],
  ['meat', /荤|肉/],
  ['raw-cold', /生冷|凉菜|冷食/],
];

const REFUSAL = /不吃|不要|忌|不能吃|不放|不喜|讨厌|别放|免|怕|吃不得|no |dislikes?|hates?|without /i;

const codesIn = (words: Words, text: string): string[] =>
  words.filter(([, pattern]) => pattern.test(text)).map(([code]) => code);

export function emptyDiet(): DietProfile {
  return { types: [], allergens: [], texture: null, dislikes: [] };
}

/** Reads what one cell says about food. Words that mean nothing to us are left to the remark. */
export function readDiet(text: string): DietProfile {
  const diet = emptyDiet();
  if (isNothing(text)) return diet;
  const calm = withoutDenials(text);
  const allergyParts = readAllergies(calm, diet);
  const rest = allergyParts.reduce((left, part) => left.replace(part, '，'), calm);
  for (const segment of rest.split(/[，,、;；。/\n+]+/)) readSegment(segment.trim(), diet);
  // A diabetic's 忌甜 or 无糖 says the same thing twice.
  if (diet.types.includes('diabetic')) remove(diet.types, 'low-sugar');
  if (diet.types.includes('vegetarian-lunar-1-15')) remove(diet.types, 'vegetarian');
  return diet;
}

/** 不过敏, 无过敏史, 过敏：无 say that there is nothing. */
function withoutDenials(text: string): string {
  return text
    .replace(/[([（]?\s*(不|无|没有|否认|未发现|非)(任何|食物|药物)*过敏史?\s*[)\]）]?/g, '')
    .replace(/过敏[史源原]?\s*[:：]\s*(无|没有|-|—)/g, '')
    .replace(/no (known )?allerg(y|ies)/gi, '');
}

const ALLERGY_PATTERNS = [
  // no peanuts (allergy)
  /(?:no |without )?([a-z]+)\s*\((?:severe )?allerg[a-z]*\)/gi,
  // 海鲜、花生过敏（严重）, 对虾蟹过敏
  /(?:对)?([^，,;；。\n过敏]*?)(?:类|等|食物)?(?:严重|重度|轻度|中度|有点)?过敏(?![史源原]?[:：])[([（]?(?:严重|重)?[)\]）]?/g,
  // 过敏：海鲜, 过敏源:花生、鸡蛋
  /(?:食物)?过敏[史源原]?[:：]([^;；。\n]+)/g,
  /([a-z ,]+?) allerg(?:y|ies|ic)/gi,
  /allerg(?:y|ies|ic)(?: to)?:? ([a-z ,]+)/gi,
];

/** Notes every allergy and returns the pieces of text that spoke of one. */
function readAllergies(text: string, diet: DietProfile): string[] {
  const pieces: string[] = [];
  for (const pattern of ALLERGY_PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const subject = allergySubject(match[1] ?? '');
      noteAllergy(subject, diet);
      if (/严重|重度|severe/i.test(match[0])) diet.note = 'severe';
      pieces.push(subject === match[1] ? match[0] : match[0].slice(match[0].indexOf(subject)));
    }
  }
  return pieces;
}

/** In 低盐、花生过敏 only 花生 is meant; in 花生、鸡蛋过敏 both are. */
function allergySubject(text: string): string {
  const parts = text.split(/(?<=[、/ 和及与])/);
  let start = parts.length - 1;
  while (start > 0 && isFoodOrDrug(parts[start - 1] ?? '')) start -= 1;
  return parts.slice(start).join('');
}

function isFoodOrDrug(part: string): boolean {
  const bare = part.replace(/[、/ 和及与]/g, '');
  if (codesIn(TYPES, bare).length > 0 || REFUSAL.test(bare) || TEXTURES.some(([, words]) => words.test(bare)))
    return false;
  return codesIn(ALLERGENS, bare).length > 0 || codesIn(DRUGS, bare).length > 0;
}

function noteAllergy(subject: string, diet: DietProfile): void {
  if (NOT_FOOD.test(subject)) return;
  const drugs = codesIn(DRUGS, subject).filter((code, _, all) => code !== 'other' || all.length === 1);
  if (drugs.length > 0) diet.drugAllergies = [...new Set([...(diet.drugAllergies ?? []), ...drugs])];
  const foods = codesIn(ALLERGENS, subject);
  for (const code of foods) add(diet.allergens, code);
  // What the kitchen has no code for is kept in the ledger's own word: an unread allergy is worse than an odd label.
  const word = subject.replace(/[对、/\s]/g, '');
  if (foods.length === 0 && drugs.length === 0 && word !== '' && !/食物|有/.test(word)) add(diet.allergens, word);
}

function readSegment(segment: string, diet: DietProfile): void {
  if (segment === '') return;
  for (const code of codesIn(TYPES, segment)) add(diet.types, code);
  diet.texture ??= TEXTURES.find(([, words]) => words.test(segment))?.[0] ?? null;
  if (/不辣|免辣/.test(segment)) add(diet.dislikes, 'spicy');
  const refused = REFUSAL.exec(segment);
  if (!refused || /忌口/.test(segment)) return;
  const object = segment.slice(refused.index + refused[0].length);
  const matched = codesIn(DISLIKES, object);
  for (const code of matched.filter((code) => code !== 'meat' || matched.length === 1)) {
    if (code === 'fish' && matched.includes('seafood')) continue;
    add(diet.dislikes, code);
  }
}

function add(list: string[], code: string): void {
  if (!list.includes(code)) list.push(code);
}

function remove(list: string[], code: string): void {
  const at = list.indexOf(code);
  if (at >= 0) list.splice(at, 1);
}

/** The share of a column that speaks of food: used to recognise the column, not to read it. */
export function looksLikeDiet(text: string): boolean {
  if (/过敏|忌口|吃|餐$|食$|半流|软/.test(text) && !/过敏性|哮喘/.test(text)) return true;
  return (
    codesIn(
      TYPES.filter(([code]) => code !== 'diabetic' && code !== 'low-purine'),
      text,
    ).length > 0 || TEXTURES.some(([, words]) => words.test(text))
  );
}
