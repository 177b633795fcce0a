/** Addresses down to estate, building, unit, room and floor, in the many ways of writing them. */
import { isNothing, squash, wholeNumber } from './text.rules.ts';

export interface ReadAddress {
  community: string | null;
  estate: string | null;
  building: string | null;
  unit: number | null;
  room: string | null;
  floor: number | null;
}

export const NO_ADDRESS: ReadAddress = {
  community: null,
  estate: null,
  building: null,
  unit: null,
  room: null,
  floor: null,
};

const NUMBER = '(\\d{1,3}[A-Za-z]?|[零〇一二两三四五六七八九十百]{1,4}|[A-Za-z])';
const HOUSE = '(?:号楼|栋楼|栋|幢|座|#楼|#|号院|排)';
const ROOM = '(\\d{2,4}[A-Za-z]?)';
const DASH = '[-—–－_/~.·、 ]';

const SHAPES: RegExp[] = [
  // 3栋2单元501室, 五栋一单元501, 3号楼2门501
  new RegExp(
    `^(.*?)${NUMBER}${HOUSE}[-,]?${NUMBER}(?:单元|门洞|门|梯|单)[-,]?(?:第?(\\d{1,2})[楼层][-,]?)?${ROOM}(?:室|号|房|户)?`,
  ),
  // 3栋2-501
  new RegExp(`^(.*?)${NUMBER}${HOUSE}[-,]?(\\d{1,2})${DASH}${ROOM}(?:室|号|房|户)?`),
  // 3-2-501
  new RegExp(`^(.*?)(\\d{1,3}[A-Za-z]?|[A-Za-z])${DASH}(\\d{1,2})${DASH}${ROOM}(?:室|号|房|户)?`),
];
// 3栋501, 3号楼501室, 3-501
const WITHOUT_UNIT = [
  new RegExp(`^(.*?)${NUMBER}${HOUSE}[-,]?(?:第?(\\d{1,2})[楼层][-,]?)?${ROOM}(?:室|号|房|户)?`),
  new RegExp(`^(.*?)(\\d{1,3})${DASH}(\\d{3,4}[A-Za-z]?)(?:室|号|房|户)?$`),
];
const WITHOUT_ROOM = new RegExp(`^(.*?)${NUMBER}${HOUSE}(?:${NUMBER}(?:单元|门洞|门|梯))?$`);

/** Reads one address; parts that are not written stay null. */
export function readAddress(text: string): ReadAddress {
  if (isNothing(text)) return { ...NO_ADDRESS };
  const inEnglish = englishAddress(text);
  if (inEnglish) return inEnglish;
  const { community, rest, floor } = withoutPrefix(squash(text));
  const parts = shaped(rest) ?? { ...NO_ADDRESS, estate: estateName(rest) };
  return { ...parts, community, floor: floor ?? parts.floor ?? floorOfRoom(parts.room) };
}

const ENGLISH_PARTS = {
  building: /\b(?:bldg|building|block|blk|tower)\.?\s*(?:no\.?\s*)?(\d{1,3}[A-Z]?|[A-Z])\b/i,
  unit: /\b(?:unit|entrance|stair(?:case|well)?)\.?\s*(\d{1,2})\b/i,
  room: /\b(?:rm|room|flat|apt|apartment|door)\.?\s*(\d{1,4}[A-Z]?)\b/i,
  floor: /\b(?:floor|fl|level)\.?\s*(\d{1,2})\b|\b(\d{1,2})\/F\b/i,
};

/** Bldg 3, Unit 2, Rm 501, Lakeside Garden: the parts in any order, what is left is the estate. */
function englishAddress(text: string): ReadAddress | null {
  const found = Object.entries(ENGLISH_PARTS).map(([part, shape]) => [part, shape.exec(text)] as const);
  if (found.filter(([, match]) => match).length < 2) return null;
  const part = (name: string) => {
    const match = found.find(([each]) => each === name)?.[1];
    return match?.[1] ?? match?.[2] ?? null;
  };
  const rest = found.reduce((left, [, match]) => left.replace(match?.[0] ?? '', ''), text);
  const estate =
    rest
      .split(/[,;，；]/)
      .map((each) => each.trim())
      .find((each) => each !== '') ?? null;
  const room = part('room')?.toUpperCase() ?? null;
  return {
    community: null,
    estate,
    building: part('building')?.toUpperCase() ?? null,
    unit: part('unit') === null ? null : Number(part('unit')),
    room,
    floor: part('floor') === null ? floorOfRoom(room) : Number(part('floor')),
  };
}

function shaped(text: string): ReadAddress | null {
  for (const shape of SHAPES) {
    const match = shape.exec(text);
    if (!match) continue;
    const hasFloor = match.length === 6;
    return compose(match[1], match[2], match[3], match[hasFloor ? 5 : 4], hasFloor ? match[4] : undefined);
  }
  const [withHouse, dashed] = WITHOUT_UNIT;
  const house = withHouse?.exec(text);
  if (house) return compose(house[1], house[2], undefined, house[4], house[3]);
  const plain = dashed?.exec(text);
  if (plain) return compose(plain[1], plain[2], undefined, plain[3], undefined);
  const open = WITHOUT_ROOM.exec(text);
  return open ? compose(open[1], open[2], open[3], undefined, undefined) : null;
}

function compose(
  estate: string | undefined,
  building: string | undefined,
  unit: string | undefined,
  room: string | undefined,
  floor: string | undefined,
): ReadAddress {
  return {
    community: null,
    estate: estateName(estate ?? ''),
    building: readBuilding(building ?? ''),
    unit: unit === undefined ? null : wholeNumber(unit),
    room: room?.toUpperCase() ?? null,
    floor: floor === undefined ? null : Number(floor),
  };
}

/** Province, city, district, subdistrict and community are taken off; the community is kept. */
function withoutPrefix(text: string): { community: string | null; rest: string; floor: number | null } {
  const floorNote = /[(]第?(\d{1,2})[楼层F][)]/i.exec(text);
  let rest = text.replace(/[([【].*?[)\]】]/g, '');
  rest = rest.replace(
    /^(?:[\p{Script=Han}]{2,8}?(?:省|自治区))?(?:[\p{Script=Han}]{2,8}?市)?(?:[\p{Script=Han}]{2,6}?(?:区|县)(?!\d))?(?=[\p{Script=Han}]*(?:街道|镇|乡|社区|路|街|小区|栋|号楼))/u,
    (prefix) => (/(小区|社区)$/.test(prefix) ? prefix : ''),
  );
  rest = rest.replace(/^[\p{Script=Han}]{1,8}?(?:街道办事处|街道|镇|乡)/u, '');
  const match = /^([\p{Script=Han}]{1,8}?(?:社区居委会|社区|居委会))/u.exec(rest);
  return {
    community: match ? communityName(match[1] ?? '') : null,
    rest: match ? rest.slice(match[0].length) : rest,
    floor: floorNote ? Number(floorNote[1]) : null,
  };
}

/** 文源街道文源社区居委会 is 文源社区; null when the text names no community. */
export function communityName(text: string): string | null {
  const match = /([\p{Script=Han}]{1,8}?)(社区|居委会)/u.exec(squash(text).replace(/^.*?(街道|镇|乡)/, ''));
  return match ? `${match[1]}社区` : null;
}

function estateName(text: string): string | null {
  const name = text.replace(/^[,，、:\-—]+|[,，、:\-—第]+$/g, '');
  return name === '' || /^\d+$/.test(name) ? null : name;
}

/** 五栋 → 5, 12号楼 → 12, A座 → A. */
export function readBuilding(text: string): string | null {
  const bare = squash(text)
    .replace(/(号楼|栋楼|栋|幢|座|#|楼|号)$/, '')
    .replace(/^第/, '');
  if (bare === '') return null;
  const number = wholeNumber(bare);
  return number === null ? bare.toUpperCase() : String(number);
}

/** 2单元 → 2. */
export function readUnit(text: string): number | null {
  return wholeNumber(
    squash(text)
      .replace(/(单元|门洞|门|梯)$/, '')
      .replace(/^第/, ''),
  );
}

/** 501室 → 501. */
export function readRoom(text: string): string | null {
  const bare = squash(text).replace(/(室|号|房|户)$/, '');
  return isNothing(bare) ? null : bare.toUpperCase();
}

/** 5楼, 5层, 5F. */
export function readFloor(text: string): number | null {
  return wholeNumber(
    squash(text)
      .replace(/(楼|层|F)$/i, '')
      .replace(/^第/, ''),
  );
}

/** 502 is on the fifth floor, 2004 on the twentieth. */
export function floorOfRoom(room: string | null): number | null {
  const digits = /^(\d{3,4})/.exec(room ?? '')?.[1];
  return digits ? Number(digits.slice(0, -2)) : null;
}

/** True for what is meant as a whole address. */
export function looksLikeAddress(text: string): boolean {
  const plain = squash(text);
  if (/^\d{4}[-./年]\d{1,2}([-./月]\d{1,2}日?)?$/.test(plain) || /^0\d{2,3}-\d{7,8}$/.test(plain)) return false;
  const read = readAddress(plain);
  return read.building !== null && (read.room !== null || (read.unit !== null && read.estate !== null));
}

/** What makes two addresses the same door, however they were written. */
export function doorKey(address: { building: string | null; unit: number | null; room: string | null }): string | null {
  return address.building && address.room ? `${address.building}-${address.unit ?? ''}-${address.room}` : null;
}

const GENERIC_ENDING = /^(小区|花园|家园|苑|院|园|里|村|新村|公寓|宿舍|家属院|社区|大院|城|新城|佳苑|居|台|府)$/;

/**
 * People shorten estates: 铁四院 for 铁四院小区. A short form that only one longer name begins with means that one.
 * Returns the full name for every short form among `names`.
 */
export function fullEstateNames(names: Map<string, number>): Map<string, string> {
  const full = new Map<string, string>();
  for (const [short, count] of names) {
    const longer = [...names].filter(
      ([name, other]) =>
        name !== short && name.startsWith(short) && other > count && GENERIC_ENDING.test(name.slice(short.length)),
    );
    if (longer.length === 1) full.set(short, longer[0]?.[0] ?? short);
  }
  return full;
}
