import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogueProblems } from './catalogue.ts';
import { root } from './copy-tree.ts';

/** A tree with one feature and one module that uses its words. */
function problemsOf(zh: string, en: string, source: string): string[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-words-'));
  try {
    const messages = path.join(folder, 'src/features/tea/messages');
    fs.mkdirSync(messages, { recursive: true });
    fs.writeFileSync(path.join(messages, 'zh-CN.json'), zh);
    fs.writeFileSync(path.join(messages, 'en.json'), en);
    fs.writeFileSync(path.join(folder, 'src/features/tea/pot.ts'), `import { m } from '#messages';\n${source}`);
    return catalogueProblems(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** English has no room for the place beside the time; the row above names it. */
const saysLess = ['routes_just_noted'];

describe('the catalogue of words', () => {
  it('is complete, in both languages, and every text is used', () => {
    expect(catalogueProblems(root, saysLess)).toEqual([]);
  });

  const zh = '{\n  "tea_hot": "热茶{n}杯"\n}';
  const en = '{\n  "tea_hot": "{n} hot teas"\n}';

  it('has nothing to say about a feature that is in order', () => {
    expect(problemsOf(zh, en, 'm.tea_hot({ n: 1 });')).toEqual([]);
  });

  it('takes a text with a form for one', () => {
    const forms = '{\n  "tea_hot": { "by": "n", "one": "one hot tea", "other": "{n} hot teas" }\n}';
    expect(problemsOf(zh, forms, 'm.tea_hot({ n: 1 });')).toEqual([]);
  });

  it.each([
    ['a text that one language lacks', zh, '{}', 'm.tea_hot', '"tea_hot" has no text in en'],
    ['a text nobody uses', zh, en, '', '"tea_hot" is used nowhere'],
    [
      'a text nobody has written',
      zh,
      en,
      'm.tea_hot; m.tea_cold',
      '"tea_cold" is used in src/features/tea/pot.ts and nowhere said',
    ],
    [
      'a key of somebody else',
      '{\n"hot": "热"\n}',
      '{\n"hot": "hot"\n}',
      'm.hot',
      '"hot" in src/features/tea/messages/zh-CN.json does not begin with "tea_"',
    ],
    [
      'a key that stands twice',
      '{\n"tea_hot": "热{n}",\n"tea_hot": "烫{n}"\n}',
      en,
      'm.tea_hot',
      '"tea_hot" stands twice, again in src/features/tea/messages/zh-CN.json',
    ],
    [
      'another placeholder',
      '{\n"tea_hot": "热茶"\n}',
      en,
      'm.tea_hot',
      '"tea_hot" has other placeholders in zh-CN than in en',
    ],
    [
      'forms that do not fit each other',
      zh,
      '{\n  "tea_hot": { "by": "n", "one": "{m} hot tea", "other": "{n} hot teas" }\n}',
      'm.tea_hot',
      '"tea_hot" has forms in en that do not fit each other',
    ],
    [
      'an empty text',
      '{\n"tea_hot": ""\n}',
      '{\n"tea_hot": ""\n}',
      'm.tea_hot',
      '"tea_hot" says nothing in any language',
    ],
  ])('reports %s', (_what, chinese, english, source, sentence) => {
    expect(problemsOf(chinese, english, source)).toContain(sentence);
  });
});
