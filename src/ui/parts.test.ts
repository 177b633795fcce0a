import fs from 'node:fs';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { readTextSize, readTheme, rootLook, textSizeKey, themeKey } from './appearance.ts';
import { buttonClass } from './button-kind.ts';
import { cleanCode } from './code.ts';
import { iconNames } from './icon-names.ts';
import { countBelow } from './paper-below.ts';
import { qrPath } from './qr-path.ts';

const read = (from: string) => fs.readFileSync(new URL(from, import.meta.url), 'utf8');
const fromStatic = (name: string) => read(`../../static/${name}`);
const sprite = read('../icons.svg');

/** Runs the script of the shell against a page and a storage of its own; returns what it wrote on <html>. */
function beforePaint(kept: Record<string, string>) {
  const classes = new Set<string>();
  const dataset: Record<string, string> = {};
  const root = { dataset, classList: { add: (name: string) => classes.add(name) }, lang: 'zh-CN' };
  vm.runInNewContext(fromStatic('appearance.js'), {
    document: { documentElement: root },
    localStorage: { getItem: (key: string) => kept[key] ?? null },
  });
  return { theme: dataset.theme ?? null, size: dataset.size ?? null, bigText: classes.has('big-text') };
}

describe('appearance', () => {
  it.each([null, 'phone', 'light', 'dark', 'sun', 'neon'])(
    'theme %s is the same before the paint and after',
    (theme) => {
      for (const size of [null, '20', '24', '30', '36', '99']) {
        const kept: Record<string, string> = {};
        if (theme !== null) kept[themeKey] = theme;
        if (size !== null) kept[textSizeKey] = size;
        expect(beforePaint(kept)).toEqual(rootLook(readTheme(theme), readTextSize(size)));
      }
    },
  );
});

describe('the sprite', () => {
  const ids = [...sprite.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);

  it('holds exactly the icons that are named, and the six doors', () => {
    expect(ids.filter((id) => id.startsWith('i-'))).toEqual(iconNames.map((name) => `i-${name}`));
    expect(ids.filter((id) => id.startsWith('d-')).sort()).toEqual(
      ['d-alarm', 'd-none', 'd-now', 'd-ok', 'd-other', 'd-wait'].sort(),
    );
  });

  it('stands in the page that every address gets', () => {
    expect(read('../app.html')).toContain('%sprite%');
  });

  it('carries no classes: the styles of the page do not reach into it', () => {
    expect(sprite).not.toMatch(/class=|style=/);
  });
});

describe('small rules', () => {
  it('counts what lies under the shelf by more than half', () => {
    const things = [0, 40, 80, 120].map((top) => ({ top, bottom: top + 40 }));
    expect(countBelow(160, things)).toBe(0);
    expect(countBelow(101, things)).toBe(1);
    expect(countBelow(99, things)).toBe(2);
  });

  it('takes a code as it is typed, dictated or pasted', () => {
    expect(cleanCode(' 7k2m-9r4t ')).toBe('7K2M9R4T');
    expect(cleanCode('７Ｋ２Ｍ９Ｒ４Ｔ')).toBe('7K2M9R4T');
    expect(cleanCode('7K2M9R4TX')).toBe('7K2M9R4T');
    expect(cleanCode('码：7K')).toBe('7K');
  });

  it('names the classes of a key', () => {
    expect(buttonClass('main', { stack: true, on: false })).toBe('btn main-btn stack');
    expect(buttonClass('office', { blocked: true })).toBe('o-btn blocked');
  });

  it('draws runs of modules', () => {
    expect(
      qrPath([
        [true, true, false],
        [false, false, true],
      ]),
    ).toBe('M0 0h2v1H0zM2 1h1v1H2z');
  });
});
