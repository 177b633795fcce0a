import fs from 'node:fs';
import { describe, expect, it } from 'vitest';

const tokens = fs.readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The declarations of the first block that follows `selector`, sorted. */
function block(selector: string): string[] {
  const start = tokens.indexOf('{', tokens.indexOf(selector)) + 1;
  const body = tokens.slice(start, tokens.indexOf('}', start)).replace(/\/\*.*?\*\//gs, '');
  return body
    .split(';')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
    .sort();
}

function values(selector: string): Record<string, string> {
  return Object.fromEntries(block(selector).map((line) => line.split(/: ?/, 2) as [string, string]));
}

/** WCAG relative luminance of '#rrggbb'. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('the dark block', () => {
  it('is the same whether the person or the phone chose it', () => {
    const chosen = block("[data-theme='dark']");
    expect(chosen.length).toBeGreaterThan(20);
    expect(block(':root:not([data-theme])')).toEqual(chosen);
  });
});

describe.each([
  ['light', ':root {'],
  ['dark', "[data-theme='dark']"],
  ['sun', "[data-theme='sun']"],
])('contrast, %s', (_, selector) => {
  const colour = { ...values(':root {'), ...values(selector) };
  const papers = ['--ground', '--surface'];
  const pairs: [string, string][] = [
    ...['--ink', '--ink-2', '--safe', '--alarm', '--warm-line'].flatMap((ink) =>
      papers.map((paper): [string, string] => [ink, paper]),
    ),
    ['--ink-2', '--sunken'],
    ['--on-warm', '--warm'],
    ['--on-here', '--here'],
    ['--on-alarm', '--alarm-fill'],
    ['--on-heed', '--heed'],
    ['--safe', '--safe-tint'],
    ['--alarm', '--alarm-tint'],
    ['--ink', '--warm-tint'],
    ['--ink-2', '--warm-tint'],
  ];

  it.each(pairs)('%s on %s is at least 7', (ink, paper) => {
    expect(contrast(colour[ink]!, colour[paper]!)).toBeGreaterThanOrEqual(7);
  });
});
