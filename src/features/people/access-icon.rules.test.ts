import { expect, it } from 'vitest';
import { accessIcon } from './access-icon.rules.ts';

it.each([
  ['有狗，先打电话', 'dog'],
  ['敲重一点，狗不咬人', 'dog'],
  ['钥匙在对门 501', 'key'],
  ['敲门要重，听力不好', 'ear'],
  ['右耳背', 'ear'],
  ['走后门', 'note'],
  ['重病，慢慢走', 'note'],
  ['Knock hard', 'ear'],
  ['Mind the dog', 'dog'],
])('%s is told by %s', (note, icon) => expect(accessIcon(note)).toBe(icon));
