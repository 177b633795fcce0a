/** Tables with the days of a month across: which columns are days, and what a sign in a cell says. */
import { monthInText, readDate } from './dates.rules.ts';
import type { Mark, Meal, MealMode } from './ledger.ts';
import { mealInText } from './meal-words.rules.ts';
import type { Header, Table } from './table.rules.ts';
import { isDay, squash } from './text.rules.ts';

export interface DayColumn {
  index: number;
  day: number;
  /** `YYYY-MM` when the heading itself is a full date. */
  month: string | null;
  meal: Meal | null;
}

const FEWEST_DAYS = 5;

/** The run of day columns in the header, left to right; empty when this is no table of days. */
export function findDayColumns(table: Table, header: Header): DayColumn[] {
  if (header.bottom < 0) return [];
  const days: DayColumn[] = [];
  for (let column = 0; column < table.width; column += 1) {
    const day = dayOfColumn(table, header, column);
    if (day) days.push(day);
  }
  const run = longestRun(days);
  return run.length >= FEWEST_DAYS ? run : [];
}

function dayOfColumn(table: Table, header: Header, column: number): DayColumn | null {
  let found: Omit<DayColumn, 'index' | 'meal'> | null = null;
  for (let row = header.top; row <= header.bottom; row += 1) {
    const value = table.value(row, column);
    const text = squash(table.text(row, column));
    const full = isDay(value) || /^\d{4}[-./年]\d/.test(text) ? readDate(value) : null;
    const short = /^(?:(\d{1,2})[月/.-])?(\d{1,2})(?:日|号)?(?:\(?周?星?期?[一二三四五六日天]?\)?)?$/.exec(text);
    if (full?.precision === 'day') found ??= { day: Number(full.iso.slice(8)), month: full.iso.slice(0, 7) };
    else if (short && Number(short[2]) >= 1 && Number(short[2]) <= 31) found ??= { day: Number(short[2]), month: null };
  }
  const meal =
    (header.paths[column] ?? []).map((word) => mealInText(word) ?? mealSign(word)).find((each) => each !== null) ??
    null;
  return found ? { index: column, ...found, meal } : null;
}

function mealSign(word: string): Meal | null {
  return word === '早' ? 'B' : word === '中' || word === '午' ? 'L' : word === '晚' ? 'D' : null;
}

/** Days count up; a stray number among the headings does not. */
function longestRun(days: DayColumn[]): DayColumn[] {
  let best: DayColumn[] = [];
  let run: DayColumn[] = [];
  for (const day of days) {
    const last = run.at(-1);
    const follows =
      last &&
      day.index - last.index <= 2 &&
      (day.day === last.day + 1 || day.day === last.day || day.day === last.day + 2 || day.day === last.day + 3);
    run = follows ? [...run, day] : [day];
    if (run.length > best.length) best = run;
  }
  return best;
}

/** The month of the table: from its headings, titles, sheet name, file name, in this order. */
export function monthOf(days: DayColumn[], table: Table, header: Header, names: string[]): string | null {
  const stated = days.find((day) => day.month !== null)?.month;
  if (stated) return stated;
  const titles: string[] = [];
  for (let row = 0; row < header.top; row += 1) titles.push(table.text(row, 0), table.text(row, 1));
  for (const text of [...titles, ...names]) {
    const month = monthInText(text);
    if (month) return month;
  }
  return null;
}

const MARK_WORDS: [Mark, RegExp][] = [
  ['hospital', /住院|医院|hospital/i],
  ['leave', /请假|外出|探亲|离开|回老家|旅游|暂停|停餐|on leave|away|absent/i],
  [
    'not-taken',
    /未取|未领|未吃|未用|未到|未送达|退餐|退订|取消|拒收|没取|没吃|没领|没来|无人|not taken|refused|cancel/i,
  ],
  ['dine-in', /堂食|到店|食堂|堂吃|在店|餐厅|现场|dine/i],
  ['delivered', /送餐|送达|配送|已送|外送|送到|送上门|上门|deliver/i],
];

function markOfWords(text: string): Mark | null {
  return MARK_WORDS.find(([, words]) => words.test(text))?.[0] ?? null;
}

const LOOKALIKES: [string, string][] = [
  ['√✓✔☑vV', '√'],
  ['○〇Oo◯⭕', '○'],
  ['×xX✗✘╳☓', '×'],
  ['△▲∆', '△'],
  ['●⚫', '●'],
  ['■◼', '■'],
  ['□◻', '□'],
  ['☆★', '☆'],
];

/** How many portions a mark stands for: a number says it, every other sign is one. */
export function portionsOf(text: string): number {
  const number = /^(\d(?:\.5)?)份?$/.exec(squash(text))?.[1];
  return number === undefined ? 1 : Number(number);
}

/** Signs that a hand would draw alike are one sign. */
export function plainMark(text: string): string {
  const sign = squash(text);
  return LOOKALIKES.find(([alike]) => [...alike].includes(sign))?.[1] ?? sign;
}

export type Legend = Map<string, Mark>;

/** Reads a table's own legend (√=送餐 ○=堂食 …); signs it does not explain keep their usual meaning. */
export function readLegend(texts: string[]): Legend {
  const legend: Legend = new Map();
  for (const text of texts) {
    for (const match of text.matchAll(
      /([^\s=＝:：,，;；、。]{1,2})\s*(?:=|＝|:|：|表示|代表|为|是|—)\s*([^\s,，;；、。○√×△●]{1,12})/g,
    )) {
      const mark = markOfWords(match[2] ?? '');
      if (mark) legend.set(plainMark(match[1] ?? ''), mark);
    }
    // √送到家，○在食堂吃: the sign and its words without anything between.
    for (const match of text.matchAll(/([√✓✔☑○〇◯●△▲■□☆★×✗✘])\s*(\p{Script=Han}{2,10})/gu)) {
      const mark = markOfWords(match[2] ?? '');
      if (mark && !legend.has(plainMark(match[1] ?? ''))) legend.set(plainMark(match[1] ?? ''), mark);
    }
  }
  return legend;
}

const USUAL: Record<string, Mark> = {
  '×': 'not-taken',
  '○': 'dine-in',
  假: 'leave',
  住: 'hospital',
  院: 'hospital',
  退: 'not-taken',
  送: 'delivered',
  堂: 'dine-in',
};

/**
 * What one cell says: a mark, `none` when nothing was ordered, or null when nobody can tell. A tick without a legend
 * means that the person ate, the way this person usually does.
 */
export function readMark(text: string, legend: Legend, mode: MealMode | null): Mark | 'none' | null {
  const plain = plainMark(text);
  if (plain === '' || /^([-—/\\]+|0)$/.test(plain)) return 'none';
  const known = legend.get(plain) ?? markOfWords(text) ?? USUAL[plain];
  if (known) return known;
  if (/^(√|半份?|[1-9]份?|0\.5|½|0\.5份)$/.test(plain)) return mode === 'dine-in' ? 'dine-in' : 'delivered';
  return null;
}
