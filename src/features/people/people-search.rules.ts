/**
 * Finding one of a thousand by what somebody remembers: a name, its sounds or their first letters, a house, a door, the
 * end of a telephone number. Pure; the index is made once and asked at every key stroke.
 */
export interface Findable {
  readonly id: string;
  readonly name: string;
  /** "liushuzhen lsz". */
  readonly pinyin: string | null;
  readonly phones: readonly string[] | null;
  /** "银杏苑 3栋 2-502". */
  readonly door: string;
}

export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly sounds: readonly string[];
  readonly phones: readonly string[];
  readonly door: string;
}

/** At least so many digits before a number is taken for the end of a telephone number. */
const phoneTailMin = 3;

export function searchEntry({ id, name, pinyin, phones, door }: Findable): Entry {
  return {
    id,
    name: plain(name),
    sounds: plain(pinyin ?? '')
      .split(' ')
      .filter(Boolean),
    phones: (phones ?? []).map((phone) => phone.replace(/\D/g, '')),
    door: plain(door).replace(/\s/g, ''),
  };
}

/** Whether everything that was typed, word by word, is found in this entry. */
export function matches(entry: Entry, query: string): boolean {
  return plain(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => matchesWord(entry, word));
}

function matchesWord({ name, sounds, phones, door }: Entry, word: string): boolean {
  if (name.includes(word) || door.includes(word)) return true;
  if (/^[a-z]+$/.test(word)) return sounds.some((sound) => sound.startsWith(word));
  return /^\d+$/.test(word) && word.length >= phoneTailMin && phones.some((phone) => phone.endsWith(word));
}

/** Full-width letters and digits made plain, capitals small. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}

/** Whole years on a day; null when the birth date is not known. */
export function ageOn(birthDate: string | null, day: string): number | null {
  if (birthDate === null) return null;
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return birthDate.slice(5) <= day.slice(5) ? years : years - 1;
}

/** An ID number as it is shown until somebody opens it: place and tail only. */
export function masked(idNumber: string): string {
  return `${idNumber.slice(0, 6)}${'*'.repeat(Math.max(0, idNumber.length - 10))}${idNumber.slice(-4)}`;
}
