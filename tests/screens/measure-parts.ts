/** Carried to doors, standing in a kitchen (a tablet, or the cook's own phone), on a desk. */
export type ScreenKind = 'field' | 'kitchen' | 'office';

/** Something wrong, and the words or the part it is about. */
export interface Finding {
  readonly what: string;
  readonly where: string;
}

const seenByReadersOnly = '#svelte-announcer, .sr, style, script, title, symbol, noscript, template, option';

/** Whether nobody sees it: not laid out, told to readers only, or under an open sheet. */
export function isHidden(part: Element): boolean {
  if (part.closest(seenByReadersOnly) || part.closest('[inert], [hidden]') || isBehindSheet(part)) return true;
  // Heads of columns that stand below each other on a phone: readers go on hearing them.
  const heads = part.closest('thead');
  if (heads && getComputedStyle(heads).clipPath === 'inset(50%)') return true;
  return !part.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
}

/** A sheet that is open takes everything; what is behind it only shows through. */
function isBehindSheet(part: Element): boolean {
  const sheet = document.querySelector('dialog:modal');
  return sheet !== null && !sheet.contains(part);
}

/** Its first words and its class, enough to find it in the source. */
export function shortText(part: Element): string {
  const words = (part.getAttribute('aria-label') ?? part.textContent ?? '').replace(/\s+/g, ' ').trim();
  const named = typeof part.className === 'string' && part.className !== '' ? `.${plainClasses(part.className)}` : '';
  return `<${part.tagName.toLowerCase()}${named}> ${words.slice(0, 24)}`.trim();
}

/** Classes without the ones a compiler made. */
function plainClasses(classes: string): string {
  return classes
    .split(/\s+/)
    .filter((one) => !one.startsWith('svelte-'))
    .slice(0, 2)
    .join('.');
}

export interface SeenText {
  readonly node: Text;
  readonly owner: HTMLElement;
  readonly words: string;
  /** One box for each line. */
  readonly lines: readonly DOMRect[];
}

/** Every piece of text that is laid out. */
export function seenTexts(): SeenText[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: SeenText[] = [];
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    const words = node.data.trim();
    const owner = node.parentElement;
    if (words === '' || !owner || isHidden(owner)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = linesOf(range, Number.parseFloat(getComputedStyle(owner).lineHeight) * zoomOf(owner));
    if (lines.length > 0) found.push({ node, owner, words, lines });
  }
  return found;
}

/** Boxes are told as they are seen, heights of lines as they were before a sheet was made smaller. */
const zoomOf = (part: Element): number => (part as Element & { currentCSSZoom?: number }).currentCSSZoom ?? 1;

/** The box of each line; that of large figures is made as low as the line they stand in. */
function linesOf(range: Range, lineHeight: number): DOMRect[] {
  return [...range.getClientRects()]
    .filter(({ width, height }) => width > 0.5 && height > 0.5)
    .map((box) => {
      const over = Math.max(0, box.height - lineHeight) || 0;
      return new DOMRect(box.x, box.y + over / 2, box.width, box.height - over);
    });
}

/** The nearest part around it that cuts off or scrolls what does not fit; null when the page itself does. */
export function clipOf(part: Element): Element | null {
  for (let around = part.parentElement; around && around !== document.body; around = around.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(around);
    if (overflowX !== 'visible' || overflowY !== 'visible') return around;
  }
  return null;
}

/** Whether it can be pushed into view. */
export function scrolls(part: Element): boolean {
  const { overflowX, overflowY } = getComputedStyle(part);
  return [overflowX, overflowY].some((one) => one === 'auto' || one === 'scroll');
}
