import { pinyin } from 'pinyin-pro';

/** Full spelling and initials of a name, for search: "liushuzhen lsz"; null when it has no Chinese sign. */
export function pinyinOf(name: string): string | null {
  const syllables = pinyin(name, { toneType: 'none', type: 'array', mode: 'surname', nonZh: 'removed' });
  const words = `${syllables.join('')} ${syllables.map((one) => one[0]).join('')}`;
  return syllables.length === 0 ? null : words.slice(0, 120);
}
