import type { Page } from 'playwright-core';
import type { Look } from './cover.ts';
import type { Finding, ScreenKind } from './measure-parts.ts';

const heights: Readonly<Record<ScreenKind, number>> = { field: 800, kitchen: 768, office: 768 };

/** Gives the page this look and waits until it is drawn so. */
export async function show(page: Page, kind: ScreenKind, { theme, size, width }: Look): Promise<void> {
  const window = page.viewportSize();
  if (window?.width !== width || window.height !== heights[kind])
    await page.setViewportSize({ width, height: heights[kind] });
  await page.emulateMedia({ forcedColors: theme === 'forced' ? 'active' : 'none', reducedMotion: 'reduce' });
  await page.evaluate(dress, { theme, size });
}

/** Writes on the root what the app itself would (`src/ui/appearance.ts`). */
async function dress({ theme, size }: { theme: string; size: number }): Promise<void> {
  const root = document.documentElement;
  // Forced colours are the system's, whatever the app was set to.
  root.dataset.theme = theme === 'forced' ? 'light' : theme;
  if (size === 20) delete root.dataset.size;
  else root.dataset.size = String(size);
  root.classList.toggle('big-text', size >= 30);
  scrollTo(0, 0);
  // What watches sizes answers in the next frame, and what it changes is drawn in the one after.
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What axe finds wrong with the page. */
export async function axe(page: Page): Promise<readonly Finding[]> {
  const { violations } = await page.evaluate(async () => {
    const { axe: judge } = window as unknown as { axe: { run: (options: object) => Promise<AxeResult> } };
    const { violations: found } = await judge.run({ resultTypes: ['violations'] });
    return { violations: found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })) };
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => ({ what: `axe ${id}`, where: html.slice(0, 120) })),
  );
}
