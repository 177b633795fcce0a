/**
 * Finding anything of a whole station by what somebody remembers of it: a part of a name, its sounds or their first
 * letters, a house or a door in the way it is spoken, the end of a telephone number. Pure; entries are made once, and
 * ten thousand of them are asked at every key stroke.
 */
export const findSorts = ['elder', 'person', 'route', 'act', 'page'] as const;
export type FindSort = (typeof findSorts)[number];

export interface Findable {
  readonly sort: FindSort;
  readonly id: string;
  readonly name: string;
  /** "zhouguilan zgl". */
  readonly sounds: string | null;
  /** Addresses, in every form in which they are written or said. */
  readonly places: readonly string[];
  readonly phones: readonly string[];
  /** Telephone numbers of those who are called about somebody: the family. */
  readonly kin: readonly string[];
  /** What else belongs to it: a team, a skill, whoever walks a route. */
  readonly words: readonly string[];
  /** No longer served or here; listed after all others that are found as well. */
  readonly ended: boolean;
}

/** Why somebody was found. */
export type FoundBy = 'name' | 'sound' | 'initials' | 'place' | 'phone' | 'kin' | 'word';

export interface Entry {
  readonly sort: FindSort;
  readonly id: string;
  readonly ended: boolean;
  /** Sorts those that are found equally well. */
  readonly order: string;
  readonly name: string;
  readonly sounds: readonly Sounds[];
  readonly places: readonly string[];
  readonly phones: readonly string[];
  readonly kin: readonly string[];
  readonly words: readonly string[];
  /** All of the above in one: what is not in here is found in none of them. */
  readonly text: string;
}

interface Sounds {
  readonly full: string;
  readonly initials: string;
}

export interface Found {
  readonly entry: Entry;
  /** One way for each word that was typed, each once. */
  readonly by: readonly FoundBy[];
}

/** How well a word fits: it is the whole, the beginning, or somewhere within. */
const [whole, beginning, within] = [0, 1, 2];
export const notAtAll = 3;

/** At least so many digits before a number is taken for the end of a telephone number. */
const phoneTailMin = 4;
/** Digits with blanks between them from this length on are one telephone number. */
const phoneMin = 7;

export function entryOf({ sort, id, name, sounds, places, phones, kin, words, ended }: Findable): Entry {
  const spoken = plain(sounds ?? '');
  const forms = {
    name: nameForm(name),
    sounds: soundsOf(spoken),
    places: [...new Set(places.flatMap(placeForms))],
    phones: phoneForms(phones),
    kin: phoneForms(kin),
    words: words.map(nameForm).filter(Boolean),
  };
  const said = forms.sounds.flatMap(({ full, initials }) => [full, initials]);
  const text = [forms.name, ...said, ...forms.places, ...forms.phones, ...forms.kin, ...forms.words].join('\n');
  return { sort, id, ended, order: spoken || plain(name), ...forms, text };
}

/**
 * How well every word of a query fits this entry: 0 the whole, 1 the beginning, 2 within, `notAtAll` when one fits
 * nowhere. Asked of thousands at each key stroke, so that it makes no objects.
 */
export function levelOf(entry: Entry, words: readonly Word[]): number {
  let level = whole;
  for (const word of words) {
    const good = wordLevel(entry, word);
    if (good === notAtAll) return notAtAll;
    level = Math.max(level, good);
  }
  return level;
}

/** Most entries have a word nowhere; that is seen at one glance, without asking each of their names, places and numbers. */
function wordLevel(entry: Entry, word: Word): number {
  if (!word.forms.some((form) => entry.text.includes(form))) return levelBy.sound(entry, word);
  let good = notAtAll;
  for (const by of ways) {
    good = Math.min(good, levelBy[by](entry, word));
    if (good === whole) break;
  }
  return good;
}

/** Where the words of a query fit this entry best, each way once. */
export function reasonsOf(entry: Entry, words: readonly Word[]): readonly FoundBy[] {
  const reasons = words.map((word) =>
    ways.reduce((good, by) => (levelBy[by](entry, word) < levelBy[good](entry, word) ? by : good)),
  );
  return [...new Set(reasons)];
}

/** A word of a query in the forms in which entries keep their names, places and numbers. */
export interface Word {
  readonly name: string;
  readonly place: string;
  readonly letters: string | null;
  readonly digits: string | null;
  /** The different ones of these. */
  readonly forms: readonly string[];
}

export function wordsOf(query: string): readonly Word[] {
  const text = plain(query);
  const digits = text.replace(/[\s-]/g, '');
  const parts = /^\d+$/.test(digits) && digits.length >= phoneMin ? [digits] : text.split(/\s+/).filter(Boolean);
  return parts.map(wordOf).filter(({ name, place }) => name !== '' || place !== '');
}

function wordOf(part: string): Word {
  const name = nameForm(part);
  const digits = part.replace(/-/g, '');
  const word = {
    name,
    place: placeForm(part),
    letters: /^[a-zü]+$/.test(name) ? name.replaceAll('ü', 'v') : null,
    digits: /^\d+$/.test(digits) && digits.length >= phoneTailMin ? digits : null,
  };
  const forms = [...new Set([word.name, word.place, word.letters, word.digits])].filter((form) => form !== null);
  return { ...word, forms: forms.filter((form) => form !== '') };
}

/** In this order where two ways fit alike. */
const ways: readonly FoundBy[] = ['name', 'initials', 'sound', 'place', 'phone', 'kin', 'word'];

const levelBy: Readonly<Record<FoundBy, (entry: Entry, word: Word) => number>> = {
  name: ({ name }, word) => textLevel(name, word.name),
  initials: ({ sounds }, { letters }) =>
    letters === null ? notAtAll : best(sounds, letters, ({ initials }) => textLevel(initials, letters)),
  sound: ({ sounds }, { letters }) => (letters === null ? notAtAll : best(sounds, letters, soundLevel)),
  place: ({ places }, { place }) => best(places, place, placeLevel),
  phone: ({ phones }, { digits }) => (digits === null ? notAtAll : best(phones, digits, tailLevel)),
  // Whose own number it is comes before whose family's.
  kin: ({ kin }, { digits }) => (digits === null || best(kin, digits, tailLevel) === notAtAll ? notAtAll : within),
  word: ({ words }, { name }) => best(words, name, textLevel),
};

function best<T>(among: readonly T[], sought: string, level: (one: T, sought: string) => number): number {
  let good = notAtAll;
  for (const one of among) good = Math.min(good, level(one, sought));
  return good;
}

function textLevel(text: string, word: string): number {
  if (word === '') return notAtAll;
  const at = text.indexOf(word);
  return at < 0 ? notAtAll : at > 0 ? within : text.length === word.length ? whole : beginning;
}

function soundLevel({ full, initials }: Sounds, letters: string): number {
  const level = textLevel(full, letters);
  if (level !== notAtAll || letters.length < 2 || letters[0] !== full[0]) return level;
  return isMixed(full, initials, letters) ? within : notAtAll;
}

/** Some syllables written out and others not: "zhougl", "zguil". Each syllable begins with its initial. */
function isMixed(full: string, initials: string, letters: string): boolean {
  const goesOn = (syllable: number, from: number, typed: number): boolean => {
    if (typed === letters.length) return true;
    const initial = initials[syllable];
    if (initial === undefined) return false;
    for (let at = full.indexOf(initial, from); at >= 0; at = full.indexOf(initial, at + 1)) {
      for (let more = 0; typed + more < letters.length && full[at + more] === letters[typed + more]; more += 1)
        if (goesOn(syllable + 1, at + more + 1, typed + more + 1)) return true;
      // A name is typed from its first syllable on.
      if (syllable === 0) return false;
    }
    return false;
  };
  return goesOn(0, 0, 0);
}

/** A number is only found from its first digit on: 4栋 is not 14栋. Up to the end it names the very door. */
function placeLevel(place: string, word: string): number {
  if (word === '') return notAtAll;
  const startsWithDigit = isDigit(word[0]);
  let level = notAtAll;
  for (let at = place.indexOf(word); at >= 0; at = place.indexOf(word, at + 1)) {
    if (startsWithDigit && isDigit(place[at - 1])) continue;
    const reachesEnd = at + word.length === place.length;
    if (at === 0 && reachesEnd) return whole;
    level = Math.min(level, at === 0 || reachesEnd ? beginning : within);
  }
  return level;
}

function tailLevel(phone: string, digits: string): number {
  return !phone.endsWith(digits) ? notAtAll : phone.length === digits.length ? whole : beginning;
}

/** Digits alone, of numbers long enough to be known by their end. */
function phoneForms(phones: readonly string[]): string[] {
  return phones.map((phone) => phone.replace(/\D/g, '')).filter((phone) => phone.length >= phoneTailMin);
}

function isDigit(sign: string | undefined): boolean {
  return sign !== undefined && sign >= '0' && sign <= '9';
}

/** 吕 is typed "lv" by most and "lu" by some, and kept as "lü". */
function soundsOf(spoken: string): Sounds[] {
  const [full = '', initials = ''] = spoken.split(' ');
  if (full === '') return [];
  if (!full.includes('ü')) return [{ full, initials }];
  return [...'vu'].map((sign) => ({ full: full.replaceAll('ü', sign), initials: initials.replaceAll('ü', sign) }));
}

/** Full-width letters and digits made plain, capitals small. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}

/** A name without the signs that people leave out, and that a keyboard puts between syllables while one types. */
function nameForm(text: string): string {
  return plain(text).replace(/[\s·•・.'’\u200b-\u200f]/g, '');
}

/** 号楼 and 幢 are said for 栋 and 室 is left out, so one form stands for all. */
function placeForm(text: string): string {
  return plain(text)
    .replace(/[\s,，]/g, '')
    .replace(/号楼|幢|座/g, '栋')
    .replace(/单元/g, '-')
    .replace(/(\d)[室户号]$/, '$1')
    .replace(/[—–_]/g, '-');
}

/** A door as it is written (4栋2-302), without its entrance (4栋302), and in figures alone (4-2-302). */
function placeForms(text: string): string[] {
  const form = placeForm(text);
  if (form === '') return [];
  const parts = /^(.*\d栋)([^-]+)-(.+)$/.exec(form);
  const short = parts ? [`${parts[1]}${parts[3]}`] : [];
  return [form, ...short, form.replace(/(\d)栋(?=.)/, '$1-')];
}

/** The number that was typed for the end of a telephone number; empty without one. */
export function typedDigits(query: string): string {
  return wordsOf(query).find(({ digits }) => digits !== null)?.digits ?? '';
}
