import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableNote } from './printable-note.rules.ts';

describe('what of a note is printed', () => {
  it.each([
    ['耳背，敲响', null, '耳背，敲响'],
    ['敲门要重；单元门密码 2580#，有狗', '2580#', '敲门要重，有狗'],
    ['门口 甲12乙 按铃', '甲12乙', ''],
    ['打电话 13900001234；腿慢', null, '腿慢'],
    ['按 ３０２＃ 进', null, ''],
    ['钥匙在鞋柜，给 2 盒', null, '给 2 盒'],
    ['Code is hidden, ring twice', null, 'ring twice'],
    ['高血压，药在鞋柜上，走路慢', null, '走路慢'],
    ['Had a stroke; slow on her feet', null, 'slow on her feet'],
    [null, '2580', ''],
  ])('%s', (note, code, printed) => {
    expect(printableNote(note, code)).toBe(printed);
  });

  it('never the code of the door, wherever it stands', () => {
    const code = fc.stringMatching(/^[0-9A-D#*]{3,8}$/);
    fc.assert(
      fc.property(code, fc.string(), fc.string(), (secret, before, after) => {
        expect(printableNote(before + secret + after, secret).toLowerCase()).not.toContain(secret.toLowerCase());
      }),
    );
  });
});
