/**
 * Sounds and initials of a name, "liushuzhen lsz", for search. The dictionary is large, so it is loaded when somebody in
 * the office writes a name, and never on a field phone.
 */
export async function pinyinOf(name: string): Promise<string | null> {
  return (await pinyinReader())(name);
}

/** The same for many names: loads once, then answers at once. */
export async function pinyinReader(): Promise<(name: string) => string | null> {
  const { pinyin } = await import('pinyin-pro');
  return (name) => {
    const syllables = pinyin(name, { toneType: 'none', type: 'array', mode: 'surname', nonZh: 'removed' });
    if (syllables.length === 0) return null;
    return `${syllables.join('')} ${syllables.map((one) => one[0] ?? '').join('')}`.slice(0, 120);
  };
}
