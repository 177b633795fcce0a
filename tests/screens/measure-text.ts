import {
  clipOf,
  scrolls,
  seenTexts,
  shortText,
  type Finding,
  type ScreenKind,
  type SeenText,
} from './measure-parts.ts';

const smallest: Readonly<Record<ScreenKind, number>> = { field: 20, kitchen: 20, office: 13 };
/** On a sheet of paper, and on a label, which is as small as a box (px). */
const smallestOnPaper = { sheet: (14 * 4) / 3, label: (11 * 4) / 3 };
/** Parts of signs whose figures are drawn, not read: the strip, glyphs, the rungs of the ladder; and what a sheet says of itself. */
const drawn = '.glyph, .rung, .strip, svg, .a4 > .pf, .pt .whose';
const overlapPx = 3;

export function textFindings(kind: ScreenKind): Finding[] {
  const texts = seenTexts();
  return [...texts.flatMap((one) => [...sizeOf(one, kind), ...cutOf(one), ...brokenWords(one)]), ...overlaps(texts)];
}

function sizeOf({ owner, words }: SeenText, kind: ScreenKind): Finding[] {
  if (owner.closest(drawn)) return [];
  const size = Number.parseFloat(getComputedStyle(owner).fontSize);
  const bound = owner.closest('.a4') ? smallestOnPaper[owner.closest('.labels') ? 'label' : 'sheet'] : smallest[kind];
  return size < bound - 0.1
    ? [{ what: `text of ${size.toFixed(1)} px`, where: `${words.slice(0, 24)} ${shortText(owner)}` }]
    : [];
}

/** Text beside the screen, or beyond the edge of a part that cuts it off and cannot be pushed. */
function cutOf({ owner, words, lines }: SeenText): Finding[] {
  const right = Math.max(...lines.map((line) => line.right));
  const left = Math.min(...lines.map((line) => line.left));
  const clip = clipOf(owner);
  if (clip && scrolls(clip)) return [];
  if (right > innerWidth + 1 || left < -1) return [{ what: 'text beside the screen', where: words.slice(0, 24) }];
  const style = getComputedStyle(owner);
  if (style.textOverflow === 'ellipsis' && owner.scrollWidth > owner.clientWidth + 1)
    return [{ what: 'text cut short', where: words.slice(0, 24) }];
  if (!clip) return [];
  const box = clip.getBoundingClientRect();
  const bottom = Math.max(...lines.map((line) => line.bottom));
  const isCut = right > box.right + 2 || left < box.left - 2 || bottom > box.bottom + 4;
  return isCut ? [{ what: 'text cut off', where: `${words.slice(0, 24)} in ${shortText(clip)}` }] : [];
}

/** A word of letters that goes on in the next line without a hyphen. */
function brokenWords({ node }: SeenText): Finding[] {
  return [...node.data.matchAll(/[A-Za-z]{3,}/g)].flatMap(({ 0: word, index }) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
    return tops.size > 1 ? [{ what: 'word broken', where: `${word} in ${node.data.trim().slice(0, 24)}` }] : [];
  });
}

/** Two texts on one place, where neither lies in a part that stands above the page. */
function overlaps(texts: readonly SeenText[]): Finding[] {
  const found: Finding[] = [];
  const boxes = texts.flatMap((text) => inSight(text).map((line) => ({ text, line, above: layerOf(text.owner) })));
  const byTop = boxes.sort((a, b) => a.line.top - b.line.top);
  for (let at = 0; at < byTop.length; at += 1) {
    const one = byTop[at]!;
    for (let next = at + 1; next < byTop.length && byTop[next]!.line.top < one.line.bottom - overlapPx; next += 1) {
      const other = byTop[next]!;
      if (other.text === one.text || other.above !== one.above || isDrawnOver(one.text, other.text)) continue;
      const across = Math.min(one.line.right, other.line.right) - Math.max(one.line.left, other.line.left);
      const down = Math.min(one.line.bottom, other.line.bottom) - other.line.top;
      // Boxes of lines are higher than what is drawn in them.
      const lap = Math.max(overlapPx, Math.min(one.line.height, other.line.height) * 0.3);
      if (across > overlapPx && down > lap)
        found.push({
          what: 'text over text',
          where: `${one.text.words.slice(0, 16)} | ${other.text.words.slice(0, 16)}`,
        });
    }
  }
  return found;
}

/** Lines that are not pushed out of the part that holds them. */
function inSight({ owner, lines }: SeenText): SeenText['lines'] {
  const clip = clipOf(owner);
  if (!clip || !scrolls(clip)) return lines;
  const box = clip.getBoundingClientRect();
  return lines.filter(({ top, bottom }) => top < box.bottom - overlapPx && bottom > box.top + overlapPx);
}

/** The part that is taken out of the flow and stands above the rest, if it lies in one. */
function layerOf(part: Element): Element | null {
  for (let around: Element | null = part; around && around !== document.body; around = around.parentElement)
    if (['fixed', 'sticky'].includes(getComputedStyle(around).position)) return around;
  return clipOf(part);
}

function isDrawnOver(one: SeenText, other: SeenText): boolean {
  return Boolean(one.owner.closest('svg') ?? other.owner.closest('svg'));
}
