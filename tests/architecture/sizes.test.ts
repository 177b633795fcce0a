import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './copy-tree.ts';
import { measureFile, sourceFiles, type Measure } from './measure.ts';
import marks from './sizes.json';

/**
 * What is larger than the house wants stands in sizes.json with the size it may have. A mark is only ever lowered or
 * taken out: what has become smaller by more than this many lines may not grow again.
 */
const slack = 5;

/** What breaks a limit or a mark, and marks that nothing needs any more; empty when all is well. */
function complaints(measures: readonly Measure[], allowed: Readonly<Record<string, number>>): string[] {
  const sizes = new Map<string, Measure>();
  for (const one of measures) if (one.lines > (sizes.get(one.what)?.lines ?? -1)) sizes.set(one.what, one);
  const tooLarge = [...sizes.values()]
    .filter(({ what, limit, lines }) => lines > Math.max(limit, allowed[what] ?? 0))
    .map(({ what, limit, lines }) => `${what}: ${lines} lines, ${allowed[what] ?? limit} are allowed`);
  const loose = Object.entries(allowed)
    .filter(([what, mark]) => {
      const one = sizes.get(what);
      return !one || one.lines <= one.limit || one.lines < mark - slack;
    })
    .map(([what, mark]) => `${what}: lower or remove its mark of ${mark} in sizes.json`);
  return [...tooLarge, ...loose];
}

const lines = (count: number): string => Array.from({ length: count }, (_none, at) => `  void ${at};`).join('\n');

describe('sizes', () => {
  it('stay within the limits of the house, and marks only go down', () => {
    const measures = sourceFiles(root).flatMap((file) =>
      measureFile(file, fs.readFileSync(path.join(root, file), 'utf8')),
    );
    expect(measures.length).toBeGreaterThan(500);
    expect(complaints(measures, marks)).toEqual([]);
  });

  it('a function, a file, a script or a markup that is too long is reported', () => {
    const planted = [
      ...measureFile('src/long.ts', `export function long() {\n${lines(69)}\n}`),
      ...measureFile('src/many.ts', lines(401)),
      ...measureFile('src/a.svelte', `<script>\n${lines(61)}\n</script>\n<p></p>\n`),
      ...measureFile('src/b.svelte', `<script></script>\n${'<p></p>\n'.repeat(121)}<style>\n${lines(99)}\n</style>`),
      ...measureFile('src/fits.ts', `export const fits = () => {\n${lines(68)}\n};`),
    ];
    expect(complaints(planted, {})).toEqual([
      'src/long.ts function long: 71 lines, 70 are allowed',
      'src/many.ts: 401 lines, 400 are allowed',
      'src/a.svelte script: 61 lines, 60 are allowed',
      'src/b.svelte markup: 121 lines, 120 are allowed',
    ]);
  });

  it('a mark lets nothing grow, and is taken down when it is no longer needed', () => {
    const many = measureFile('src/many.ts', lines(420));
    expect(complaints(many, { 'src/many.ts': 420 })).toEqual([]);
    expect(complaints(many, { 'src/many.ts': 419 })).toEqual(['src/many.ts: 420 lines, 419 are allowed']);
    expect(complaints(many, { 'src/many.ts': 430 })).toHaveLength(1);
    expect(complaints(measureFile('src/many.ts', lines(9)), { 'src/many.ts': 420 })).toHaveLength(1);
  });
});
