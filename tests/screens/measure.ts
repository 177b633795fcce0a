/**
 * What can be wrong with a screen, measured in the page itself: built into one script and put into every page. Bounds
 * from the language sheet: field text ≥ 20 px, field targets ≥ 60 and 12 apart, office targets ≥ 44, contrast ≥ 7, key
 * facts ≥ 10, nothing cut, nothing over anything else, nothing beside the screen.
 */
import { contrastFindings } from './measure-contrast.ts';
import { isHidden, shortText, type Finding, type ScreenKind } from './measure-parts.ts';
import { targetFindings } from './measure-targets.ts';
import { textFindings } from './measure-text.ts';

declare global {
  interface Window {
    measureScreen: typeof measureScreen;
  }
}

/** Every finding of the page as it stands. */
function measureScreen(kind: ScreenKind): Finding[] {
  return [...sideways(), ...textFindings(kind), ...targetFindings(kind), ...contrastFindings()];
}

/** Parts that are wider than the screen, or than the part that holds them, without being made to be pushed. */
function sideways(): Finding[] {
  const found: Finding[] = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 1) found.push({ what: 'the page is wider than the screen', where: `${wide} px` });
  for (const part of document.querySelectorAll<HTMLElement>('body *')) {
    const style = getComputedStyle(part);
    const over = part.scrollWidth - part.clientWidth;
    if (over <= 1 || part.clientWidth === 0 || style.display === 'inline' || part.closest('svg') || isHidden(part))
      continue;
    // What is typed may be longer than its field, as everywhere.
    if (style.overflowX === 'auto' || style.overflowX === 'scroll' || part.matches('input')) continue;
    found.push({ what: 'wider than its place', where: `${over} px ${shortText(part)}` });
  }
  return found;
}

window.measureScreen = measureScreen;
