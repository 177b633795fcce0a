import { randomOf } from '../sync/random.ts';

/** One way of looking at a screen. */
export interface Look {
  readonly state: string;
  readonly language: string;
  readonly theme: string;
  readonly size: number;
  readonly width: number;
}

/** What may be chosen of each part of a look. */
export interface Choices {
  readonly states: readonly string[];
  readonly languages: readonly string[];
  readonly themes: readonly string[];
  readonly sizes: readonly number[];
  readonly widths: readonly number[];
}

/** Every look there is: the full product. */
export function allLooks({ states, languages, themes, sizes, widths }: Choices): readonly Look[] {
  return states.flatMap((state) =>
    languages.flatMap((language) =>
      themes.flatMap((theme) =>
        sizes.flatMap((size) => widths.map((width) => ({ state, language, theme, size, width }))),
      ),
    ),
  );
}

/**
 * As few looks as a greedy choice finds in which any two choices of different parts stand together at least once, and the
 * largest letters on the narrowest screen in every language, where things are cut first. The same seed gives the same
 * looks; screens that bring seeds of their own are looked at in different ways, so that together they see more.
 */
export function coveringLooks(choices: Choices, seed: string): readonly Look[] {
  const random = randomOf(seed);
  const left = allLooks(choices).map((look) => ({ look, pairs: pairsOf(look, choices), lot: random.next() }));
  const open = new Set(left.flatMap(({ pairs }) => pairs));
  const chosen: Look[] = [];
  while (open.size > 0) {
    const gain = left.map(({ pairs }) => pairs.filter((pair) => open.has(pair)).length);
    const most = Math.max(...gain);
    const best = left.filter((_, at) => gain[at] === most).sort((a, b) => a.lot - b.lot)[0];
    if (!best) break;
    for (const pair of best.pairs) open.delete(pair);
    chosen.push(best.look);
  }
  return chosen;
}

/** What this look shows together: each two of its parts, and whether it is the tightest of its language. */
export function pairsOf(look: Look, { sizes, widths }: Choices): readonly string[] {
  const parts = Object.entries(look).map(([part, choice]) => `${part} ${choice}`);
  const pairs = parts.flatMap((one, at) => parts.slice(at + 1).map((other) => `${one}, ${other}`));
  const isTightest = look.size === Math.max(...sizes) && look.width === Math.min(...widths);
  return isTightest ? [...pairs, `tightest ${look.language}`] : pairs;
}
