/** The words of a volunteers' list: when somebody has time, what for, how they come, what they were trained in. */
import { readDate } from './dates.rules.ts';
import type { Availability } from './ledger.ts';
import { isNothing, squash } from './text.rules.ts';

const DAY_NAMES = '一二三四五六日';
const ENGLISH_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WORKDAYS = [1, 2, 3, 4, 5];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** Reads when somebody can come. No days and no parts mean: only by arrangement, ask first. */
export function readAvailability(text: string): Availability {
  const plain = squash(text);
  if (isNothing(plain) || /排班|提前联系|电话联系|不定|面议|另约/.test(plain)) return { days: [], parts: [] };
  if (/寒暑假|寒假|暑假|假期/.test(plain)) return { days: [], parts: [], irregular: true };
  const monthDays = /每月(.+?)[号日]/.exec(plain);
  if (monthDays) return byMonthDays(monthDays[1] ?? '', plain);
  const availability: Availability = { days: readDays(text), parts: readParts(text) };
  const hours = /(\d{1,2})[:点时](\d{2})?\s*[-—–~至到]+\s*(\d{1,2})[:点时](\d{2})?/.exec(plain);
  if (hours) {
    availability.from = clock(hours[1], hours[2]);
    availability.to = clock(hours[3], hours[4]);
    if (!/早|上午|中午|下午|晚|全天/.test(plain)) availability.parts = [partOf(Number(hours[1]))];
  }
  if (availability.parts.length === 0) availability.parts = ['all'];
  if (/单周|双周(?!休)|隔周|单双周|有时|偶尔/.test(plain)) availability.irregular = true;
  return availability;
}

function byMonthDays(days: string, plain: string): Availability {
  const monthDays = (days.match(/\d{1,2}/g) ?? []).map(Number).filter((day) => day >= 1 && day <= 31);
  const parts = readParts(plain);
  return { days: [], parts: parts.length > 0 ? parts : ['all'], monthDays, irregular: true };
}

function clock(hour = '0', minute = '00'): string {
  return `${hour.padStart(2, '0')}:${minute}`;
}

function partOf(hour: number): Availability['parts'][number] {
  if (hour < 8) return 'early';
  if (hour < 11) return 'am';
  if (hour < 14) return 'noon';
  return hour < 18 ? 'pm' : 'evening';
}

function readParts(text: string): Availability['parts'] {
  const parts: Availability['parts'] = [];
  if (/早上|清早|清晨|早晨|early/i.test(text)) parts.push('early');
  if (/上午|morning/i.test(text)) parts.push('am');
  if (/中午|noon/i.test(text)) parts.push('noon');
  if (/下午|afternoon/i.test(text)) parts.push('pm');
  if (/晚|evening/i.test(text)) parts.push('evening');
  return /全天|整天|all day/i.test(text) ? ['all'] : parts;
}

function readDays(text: string): number[] {
  const plain = squash(text)
    .replace(/星期|礼拜/g, '周')
    .replace(/周天/g, '周日');
  const except = /(除|不含|以外)/.test(plain) ? weekdaysIn(plain) : [];
  if (except.length > 0) return EVERY_DAY.filter((day) => !except.includes(day));
  const named = weekdaysIn(
    plain.replace(
      /^([一二三四五六日]{2,7}|[一二三四五六日](?:[、,，][一二三四五六日])+)(?=上午|下午|晚|中午|全天|早|$)/,
      '周$1',
    ),
  );
  if (/工作日|weekdays?/i.test(plain)) return [...new Set([...WORKDAYS, ...named])].sort();
  if (/双休|周末|weekends?/i.test(plain)) return [...new Set([...named, 6, 7])].sort();
  if (named.length > 0) return named;
  const english = englishDays(text);
  return english.length > 0 ? english : EVERY_DAY;
}

/** 周一至周五, 周一三五, 周二、周四 */
function weekdaysIn(plain: string): number[] {
  const days = new Set<number>();
  for (const match of plain.matchAll(/周([一二三四五六日、,，和及]+)(?:[至到\-—–~]+周?([一二三四五六日]))?/g)) {
    const listed = [...(match[1] ?? '')].map((sign) => DAY_NAMES.indexOf(sign) + 1).filter((day) => day > 0);
    for (const day of listed) days.add(day);
    const last = match[2] ? DAY_NAMES.indexOf(match[2]) + 1 : 0;
    for (let day = listed.at(-1) ?? 8; day <= last; day += 1) days.add(day);
  }
  return [...days].sort((a, b) => a - b);
}

function englishDays(text: string): number[] {
  const words = text.toLowerCase().match(/[a-z]+|-|–/g) ?? [];
  const days = new Set<number>();
  words.forEach((word, index) => {
    const day = ENGLISH_DAYS.indexOf(word.slice(0, 3)) + 1;
    if (day === 0) return;
    const until = words[index + 1] === '-' ? ENGLISH_DAYS.indexOf((words[index + 2] ?? '').slice(0, 3)) + 1 : day;
    for (let each = day; each <= until; each += 1) days.add(each);
  });
  return [...days].sort((a, b) => a - b);
}

export function looksLikeAvailability(text: string): boolean {
  return (
    /周[一二三四五六日末]|星期|礼拜|双休|工作日|随时|每天|全天|寒暑假|排班|每月.*[号日]|上午|下午|晚上有空|weekday|weekend|anytime|every day|(mon|tues|wednes|thurs|fri|satur|sun)day|^(mon|tue|wed|thu|fri|sat|sun)\b/i.test(
      text,
    ) && !/前|后|送达/.test(text)
  );
}

const SKILLS =
  /送餐|配送|打包|分餐|理发|法律|水电|维修|探访|巡访|陪诊|陪取钱|陪护|代购|代办|心理|文艺|医疗|护理|义诊|厨艺|帮厨|摄影|教学|书法|缝补|按摩|家电|电脑|翻译|deliver|haircut|repair|visit|escort|legal|counsel/i;

export function readSkills(text: string): string[] {
  return text
    .split(/[、,，;；/\n\s+＋]+/)
    .map((word) => word.trim())
    .filter((word) => !isNothing(word));
}

export function looksLikeSkills(text: string): boolean {
  const words = readSkills(text);
  return (
    words.length > 0 && [...text].length <= 60 && words.every((word) => SKILLS.test(word) && [...word].length <= 8)
  );
}

const VEHICLE =
  /^(步行|走路|自行车|单车|电动车|电瓶车|电单车|摩托车?|汽车|小车|私家车|三轮车|电动三轮|公交|地铁|无车|on foot|walk(ing)?|bike|bicycle|e-?bike|car|bus|motorbike)$/i;

export function looksLikeVehicle(text: string): boolean {
  return VEHICLE.test(text.trim());
}

export function looksLikeTeam(text: string): boolean {
  return (
    /(队|团|协会|服务社|社团|合唱团|志愿者之家|工作室|联盟|中队|支队|team|club)$/i.test(squash(text)) &&
    [...text].length >= 3
  );
}

/** 食品安全（2026.7.13）、急救2025-07-16 → kind and day each. */
export function readTraining(text: string): { kind: string; date: string | null }[] {
  if (isNothing(text)) return [];
  return text
    .split(/[、,，;；\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const dated = /((?:19|20)\d\d[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?)/.exec(part);
      const kind = part
        .replace(dated?.[0] ?? '', '')
        .replace(/[()（）[\]:：\s]/g, '')
        .replace(/(培训|证|已)$/, '');
      return { kind: kind === '' ? '培训' : kind, date: dated ? (readDate(dated[0])?.iso ?? null) : null };
    });
}

export function looksLikeTraining(text: string): boolean {
  return /(食品安全|急救|陪诊|消防|健康证|护理|培训|first aid|food safety|training)/i.test(text) && /\d/.test(text);
}

/** 178小时, 约91, 173h, 45分钟 → hours; null when there is no number. */
export function readHours(text: string): { hours: number; approximate: boolean } | null {
  const plain = squash(text).replaceAll(',', '');
  const match = /(\d+(?:\.\d+)?)/.exec(plain);
  if (!match) return null;
  const number = Number(match[1]);
  return {
    hours: /分钟|min/i.test(plain) ? number / 60 : number,
    approximate: /约|大概|左右|多|\+$|about|~|≈/i.test(plain),
  };
}

export function readFixed(text: string): boolean | null {
  if (/^(固定|长期|骨干|常驻|fixed|regular)/i.test(text.trim())) return true;
  return /^(流动|临时|机动|floating|casual)/i.test(text.trim()) ? false : null;
}
