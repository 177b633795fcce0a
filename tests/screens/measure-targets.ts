import { clipOf, isHidden, shortText, type Finding, type ScreenKind } from './measure-parts.ts';

const smallest: Readonly<Record<ScreenKind, number>> = { field: 60, kitchen: 60, office: 44 };
const gap: Readonly<Record<ScreenKind, number>> = { field: 12, kitchen: 12, office: 0 };
const slack = 0.6;
const pressed = 'button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]';

interface Target {
  readonly part: HTMLElement;
  readonly box: DOMRect;
}

export function targetFindings(kind: ScreenKind): Finding[] {
  const targets = seenTargets();
  const single = targets.flatMap((one) => [...sizeOf(one, kind), ...nameOf(one)]);
  return [...single, ...(gap[kind] > 0 ? gapsOf(targets, kind) : [])];
}

function seenTargets(): Target[] {
  return [...document.querySelectorAll<HTMLElement>(pressed)]
    .filter((part) => !isHidden(part) && !isInSentence(part))
    .map((part) => ({ part, box: pressable(part) }))
    .filter(({ box }) => box.width > 1 && box.height > 1 && !isPushedAway(box));
}

/** What one presses for a box with a label around it is the label. */
function pressable(part: HTMLElement): DOMRect {
  const label = part.matches('input') ? part.closest('label') : null;
  return (label ?? part).getBoundingClientRect();
}

/** A number or a name within running text is a link of the text's own size. */
function isInSentence(part: HTMLElement): boolean {
  if (getComputedStyle(part).display !== 'inline') return false;
  return [...(part.parentElement?.childNodes ?? [])].some(
    (one) => one.nodeType === Node.TEXT_NODE && one.textContent?.trim(),
  );
}

function isPushedAway(box: DOMRect): boolean {
  return box.right < 0 || box.left > innerWidth;
}

function sizeOf({ part, box }: Target, kind: ScreenKind): Finding[] {
  const least = smallest[kind] - slack;
  if (box.width >= least && box.height >= least) return [];
  return [{ what: `target of ${box.width.toFixed(0)}×${box.height.toFixed(0)}`, where: shortText(part) }];
}

function nameOf({ part }: Target): Finding[] {
  const labelled =
    part.getAttribute('aria-label') ?? part.getAttribute('aria-labelledby') ?? part.getAttribute('title');
  const label = part instanceof HTMLInputElement ? part.labels?.length : part.textContent?.trim();
  return labelled || label || part.closest('label') ? [] : [{ what: 'target without a name', where: shortText(part) }];
}

/** Two keys closer than a thumb can tell apart; one within the other is one key with two ways of pressing it. */
function gapsOf(targets: readonly Target[], kind: ScreenKind): Finding[] {
  const found: Finding[] = [];
  for (const [at, one] of targets.entries())
    for (const other of targets.slice(at + 1)) {
      if (one.part.contains(other.part) || other.part.contains(one.part)) continue;
      if (one.part.closest('label') && one.part.closest('label') === other.part.closest('label')) continue;
      if (clipOf(one.part) !== clipOf(other.part)) continue;
      const across = Math.max(one.box.left, other.box.left) - Math.min(one.box.right, other.box.right);
      const down = Math.max(one.box.top, other.box.top) - Math.min(one.box.bottom, other.box.bottom);
      const apart = Math.max(across, down);
      if (apart < gap[kind] - slack)
        found.push({ what: `gap of ${apart.toFixed(0)}`, where: `${shortText(one.part)} | ${shortText(other.part)}` });
    }
  return found;
}
