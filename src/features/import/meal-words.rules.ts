/** What a list of meals or buns orders: 菜包2个、豆浆×1, 2 × 馒头, 一份白粥. */
import type { Meal } from './ledger.ts';
import { chineseNumber, squash } from './text.rules.ts';

const MEASURE = '(?:个|份|碗|杯|盒|根|袋|只|瓶|块|张|笼)';
const FOOD =
  /馒头|包子|菜包|肉包|糖包|豆沙包|豆浆|花卷|鸡蛋|茶叶蛋|白粥|稀饭|小米粥|粥|油条|烧麦|发糕|牛奶|面条|米粉|粉|饼|玉米|红薯|蒸饺|饺子|馄饨|汤|套餐|A餐|B餐|荤餐|素餐|软餐|糖尿病餐|普通餐|普餐|米饭|盒饭|包点|bun|porridge|egg|soy ?milk|noodle|rice/i;

export function isFood(text: string): boolean {
  return FOOD.test(text) && [...text].length <= 12;
}

/** Reads the items of one cell; null when it names none. An item without a number is one piece. */
export function readItems(text: string): Record<string, number> | null {
  const items: Record<string, number> = {};
  for (const part of text.split(
    /[\n、,，;；+＋]+|\s{2,}|(?<=\d\s?(?:个|份|碗|杯|盒|根|袋|只))\s*(?=\p{Script=Han})/u,
  )) {
    const item = readItem(squash(part));
    if (item) items[item.name] = (items[item.name] ?? 0) + item.count;
  }
  return Object.keys(items).length > 0 ? items : null;
}

function readItem(part: string): { name: string; count: number } | null {
  if (part === '') return null;
  const after = new RegExp(`^(\\D+?)[×xX*:：]?(\\d{1,3}|[一二两三四五六七八九十]+)?${MEASURE}?(?:[(（].*)?$`).exec(
    part,
  );
  const before = new RegExp(`^(\\d{1,3}|[一二两三四五六七八九十])${MEASURE}?[×xX*]?(\\D+)$`).exec(part);
  const [name, count] = before ? [before[2], before[1]] : [after?.[1], after?.[2]];
  if (!name || !isFood(name)) return null;
  return { name, count: count === undefined ? 1 : /^\d/.test(count) ? Number(count) : (chineseNumber(count) ?? 1) };
}

export function looksLikeItems(text: string): boolean {
  return [...text].length <= 60 && readItems(text) !== null && !/过敏|不吃|忌/.test(text);
}

export function looksLikeTime(text: string): boolean {
  return /^(早上|早晨|上午|中午|下午|晚上)?\d{1,2}([:点时]\d{0,2}半?)(分)?(前|后|左右|以前)?$/.test(squash(text));
}

/** The meal that a title or a sheet is about; null when it names none or several. */
export function mealInText(text: string): Meal | null {
  const meals: Meal[] = [];
  if (/早餐|早点|早饭|breakfast/i.test(text)) meals.push('B');
  if (/午餐|中餐|午饭|中饭|lunch/i.test(text)) meals.push('L');
  if (/晚餐|晚饭|dinner|supper/i.test(text)) meals.push('D');
  return meals.length === 1 ? (meals[0] ?? null) : null;
}
