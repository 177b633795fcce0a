import { seenTexts, shortText, type Finding } from './measure-parts.ts';

const wanted = 7;
const wantedOfKeyFacts = 10;
type Colour = readonly [red: number, green: number, blue: number, cover: number];

export function contrastFindings(): Finding[] {
  return seenTexts().flatMap(({ owner, words }) => {
    if (owner.closest('svg')) return [];
    const ground = groundOf(owner);
    const ink = over(colourOf(getComputedStyle(owner).color), ground);
    const ratio = contrast(ink, ground);
    const least = owner.closest('[data-key]') ? wantedOfKeyFacts : wanted;
    return ratio < least - 0.01
      ? [{ what: `contrast of ${ratio.toFixed(1)} (${least})`, where: `${words.slice(0, 16)} ${shortText(owner)}` }]
      : [];
  });
}

function colourOf(text: string): Colour {
  const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [];
  const [red = 0, green = 0, blue = 0, cover = 1] = text.startsWith('color(')
    ? numbers.map((one, at) => (at < 3 ? one * 255 : one))
    : numbers;
  return [red, green, blue, cover];
}

function over(top: Colour, below: Colour): Colour {
  const mixed = (at: 0 | 1 | 2): number => top[at] * top[3] + below[at] * (1 - top[3]);
  return [mixed(0), mixed(1), mixed(2), 1];
}

/** What is painted behind a part: its own and all grounds around it, the nearest on top. */
function groundOf(part: Element): Colour {
  const layers: Colour[] = [];
  for (let around: Element | null = part; around; around = around.parentElement) {
    const colour = colourOf(getComputedStyle(around).backgroundColor);
    if (colour[3] > 0) layers.push(colour);
    if (colour[3] === 1) break;
  }
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1] as Colour);
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number): number => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(one: Colour, other: Colour): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
