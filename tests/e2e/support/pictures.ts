import path from 'node:path';
import type { Page } from 'playwright-core';

/** Keeps what this page shows as a picture of the README, when the run was asked to make them. */
export async function picture(page: Page, name: 'volunteer' | 'board'): Promise<void> {
  if (process.env.NUANLIN_PICTURES !== '1') return;
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: path.resolve(import.meta.dirname, `../../../docs/pictures/${name}.png`) });
}
