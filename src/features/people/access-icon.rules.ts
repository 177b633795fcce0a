/** A sign of the sprite. */
export type AccessIcon = 'dog' | 'key' | 'ear' | 'note';

const signs: readonly (readonly [AccessIcon, RegExp])[] = [
  ['dog', /狗|\bdogs?\b/i],
  ['key', /钥匙|密码|门禁|\b(keys?|codes?)\b/i],
  ['ear', /听|耳|聋|敲.*重|大声|\b(hear|deaf|loud|hard)/i],
];

/** The sign before what is said of how one gets in; one that says something else would lead astray. */
export function accessIcon(note: string): AccessIcon {
  return signs.find(([, words]) => words.test(note))?.[0] ?? 'note';
}
