import type { Sql } from '#server/postgres/connect.ts';
import type { Screen } from './screens.ts';

/**
 * What a screen may meet: an ordinary day, no signal, names longer than anybody drew, a station of the first hour, a
 * centre that does not answer yet, one that did not take what was done, and one that has changed the day meanwhile.
 */
export const states = ['ordinary', 'offline', 'long', 'empty', 'loading', 'refused', 'conflict'] as const;
export type State = (typeof states)[number];

/**
 * The states in which this screen is there. Nobody joins without a signal, and a station is asked for nothing before
 * somebody has joined; a station of the first hour has no records; and while the first answer of the centre is still to
 * come, every screen is the same one.
 */
export function statesOf({ path, who, kind, presses = [] }: Screen): readonly State[] {
  if (who === null) return ['ordinary', 'empty'];
  const hasRecord = /\d/.test(path) || presses.length > 0;
  const isFilled = kind === 'office' || path === '/';
  return states.filter((state) => (state !== 'empty' || !hasRecord) && (state !== 'loading' || isFilled));
}

const longName = '阿卜杜热合曼·吐尔逊买买提艾力';
const longPlace = '长沙市天心区文源街道天鸿小区二期安置房（原机床厂宿舍）';
const longNote = '敲门要重，听力不好，等两分钟；狗在阳台不咬人；药在鞋柜上第二格，红盖子的是早上吃的，蓝盖子的晚上吃';

/** Every name and note of the station as long as they come; before any device was filled, so that nothing has to follow. */
export async function makeLong(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`update elder set name = ${longName}, call_name = ${longName.slice(0, 8)}, access_note = ${longNote},
      door = '一单元 2801 右手边第二户', note = ${longNote}`;
    await tx`update building set estate = ${longPlace}, name = '安置房二期 12 栋西头'`;
    await tx`update route set name = ${longPlace}`;
    await tx`update person set name = ${longName}`;
    await tx`update community set name = ${longPlace}`;
    await tx`update contact set name = ${longName}, relation = '住在同一个小区的外甥媳妇'`;
    await tx`update escort set place_name = ${longPlace}`;
    await tx`update stop set note = ${longNote}`;
    await tx`update meal_variant set name = '低盐低脂软食加量'`;
  });
}
