/**
 * Where the focus of the keyboard is and what is wrong with it there, measured in the page itself. Carried into the page as
 * text, so everything it needs stands inside.
 */
export interface Focus {
  /** Its words and class; empty when nothing has the focus. */
  readonly name: string;
  /** Its words alone, as a person would call it. */
  readonly words: string;
  /** A number of its own in this page, so that a round can be told. */
  readonly id: number;
  readonly problems: readonly string[];
}

/** What has the focus; a page in which nothing has it answers with an empty name. */
export function focusNow(): Focus {
  const part = document.activeElement;
  if (!(part instanceof HTMLElement) || part === document.body) return { name: '', words: '', id: 0, problems: [] };
  const known = (window as unknown as { focused?: Element[] }).focused ?? [];
  (window as unknown as { focused: Element[] }).focused = known;
  if (!known.includes(part)) known.push(part);
  const labels = 'labels' in part ? [...((part as HTMLInputElement).labels ?? [])] : [];
  const words = (part.getAttribute('aria-label') ?? (labels[0] ?? part).textContent ?? '').replace(/\s+/g, ' ').trim();
  const problems = [...unseen(), ...withoutRing()];
  return {
    name: `<${part.tagName.toLowerCase()}> ${words.slice(0, 24)}`,
    words,
    id: known.indexOf(part) + 1,
    problems,
  };

  /** What one sees of it: a box for a thumb has its label around it. */
  function seen(): HTMLElement {
    return part instanceof HTMLInputElement && part.getBoundingClientRect().width < 8 && labels[0]
      ? labels[0]
      : (part as HTMLElement);
  }

  /** Out of view, or with something else lying on all of it. */
  function unseen(): string[] {
    // A heading for readers is seen by nobody.
    if ((part as HTMLElement).tabIndex < 0 && (part as HTMLElement).closest('.sr')) return [];
    const box = seen().getBoundingClientRect();
    const left = Math.max(box.left, 0);
    const right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0);
    const bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 2 || bottom - top < 2) return ['is out of view'];
    // What is larger than the screen is seen by its part that is on it.
    const points = [0.1, 0.5, 0.9].flatMap((x) => [0.15, 0.5, 0.85].map((y) => [x, y] as const));
    const tops = points.map(([x, y]) => document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y));
    const covering = tops.filter((one) => one && !seen().contains(one) && !one.contains(seen()));
    const share = (Math.min(box.bottom, innerHeight) - Math.max(box.top, 0)) / Math.min(box.height, innerHeight);
    if (covering.length > points.length / 2) return [`lies under ${nameOf(covering[0] as Element)}`];
    return share < 0.5 ? ['is half out of view'] : [];
  }

  /** No outline on it, nor on what is drawn for it. A heading that was given the focus is no control and needs none. */
  function withoutRing(): string[] {
    if ((part as HTMLElement).tabIndex < 0) return [];
    const drawn: Element[] = [part as HTMLElement, ...labels];
    for (let around = (part as HTMLElement).parentElement; around && drawn.length < 5; around = around.parentElement)
      drawn.push(around);
    if ((part as HTMLElement).nextElementSibling) drawn.push((part as HTMLElement).nextElementSibling as Element);
    return drawn.some(hasRing) ? [] : ['shows no ring'];
  }

  function hasRing(one: Element): boolean {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    const isClear = outlineColor === 'transparent' || outlineColor.endsWith(', 0)');
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && !isClear;
  }

  function nameOf(one: Element): string {
    return `<${one.tagName.toLowerCase()}> ${(one.textContent ?? '').trim().slice(0, 16)}`;
  }
}

/** Every control that is seen and that the keyboard has not been on; radio keys count as one, of which one is reached. */
export function unreached(): string[] {
  const known = (window as unknown as { focused?: Element[] }).focused ?? [];
  const sheet = document.querySelector('dialog:modal') ?? document.body;
  const controls = 'button, a[href], input:not([type=hidden]), select, textarea, summary';
  return [...sheet.querySelectorAll<HTMLElement>(controls)]
    .filter((one) => one.tabIndex >= 0 && !one.matches('input[type=radio], :disabled') && !one.closest('[inert]'))
    .filter((one) => one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && !known.includes(one))
    .map((one) => `<${one.tagName.toLowerCase()}> ${(one.textContent ?? '').trim().slice(0, 24)}`);
}
