import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { Browser, signIn, waitForWorker } from '../e2e/support/browsers.ts';
import type { Finding, ScreenKind } from './measure-parts.ts';
import type { Scene } from './scenes.ts';
import type { Screen } from './screens.ts';

export interface CrawlOptions {
  readonly themes: readonly string[];
  readonly sizes: readonly number[];
  readonly languages: readonly string[];
  readonly scene: Scene;
  /** Said before the look of every finding. */
  readonly state: string;
  /** Folder for a picture of each screen in each look; null for none. */
  readonly pictures: string | null;
  readonly tell: (line: string) => void;
}

/** A finding and every look in which it was seen. */
export interface Found extends Finding {
  readonly screen: string;
  readonly looks: readonly string[];
}

interface Look {
  readonly theme: string;
  readonly size: number;
  readonly width: number;
}

const heights: Readonly<Record<ScreenKind, number>> = { field: 800, kitchen: 768, office: 768 };
const widths: Readonly<Record<ScreenKind, readonly number[]>> = {
  field: [360, 320],
  kitchen: [1024, 360],
  office: [1366, 1024],
};
/** Long enough for what a change of the look sets going. */
const settleMs = 120;
const busyMs = 4_000;

/** The measures as one script for a page. */
async function measures(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: path.join(import.meta.dirname, 'measure.ts'), formats: ['iife'], name: 'screens' },
    },
  });
  const [first] = [built].flat() as { output: { code: string }[] }[];
  return first!.output[0]!.code;
}

/** Goes to every screen as its user and measures it in every look; axe judges each in both languages. */
export async function crawl(
  url: string,
  folder: string,
  password: string,
  screens: readonly Screen[],
  options: CrawlOptions,
): Promise<readonly Found[]> {
  const scripts = [await measures(), fs.readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')];
  const found = new Map<string, { finding: Finding; screen: string; looks: string[] }>();
  const add = (screen: string, look: string, findings: readonly Finding[]): void => {
    for (const finding of findings) {
      const key = `${screen} ${finding.what} ${finding.where}`;
      const known = found.get(key) ?? { finding, screen, looks: [] };
      known.looks.push(look);
      found.set(key, known);
    }
  };
  for (const who of new Set(screens.map((one) => one.who))) {
    const browser = Browser.phone(folder, `crawl-${who ?? 'nobody'}`);
    const page = await browser.open();
    try {
      if (who !== null) {
        await options.scene.before?.(browser);
        await signIn(page, url, who, password);
        await waitForWorker(page);
        await options.scene.after?.(browser, who);
      }
      for (const language of options.languages)
        for (const screen of screens.filter((one) => one.who === who)) {
          options.tell(`${language} ${screen.path}`);
          await crawlOne(page, url, screen, language, scripts, options, (look, findings) =>
            add(screenName(screen), look, findings),
          );
        }
      add(
        `as ${who}`,
        'any',
        browser.broken.map((where) => ({ what: 'the page threw', where })),
      );
    } finally {
      await browser.close();
    }
  }
  return [...found.values()].map(({ finding, screen, looks }) => ({ ...finding, screen, looks }));
}

/** The path with its records' ids left out, and what was pressed on it. */
function screenName({ path: at, presses = [] }: Screen): string {
  return [at.replace(/\/[^/]*[:\d][^/]*/g, '/…'), ...presses.map(([zh]) => zh)].join(' ');
}

/** Presses the key that begins with these words; a key that is not there leaves the screen as it is. */
async function pressKey(page: Page, words: string): Promise<void> {
  const key = page
    .locator('button:visible, a:visible')
    .filter({ hasText: new RegExp(`^\\s*${words}`) })
    .first();
  if ((await key.count()) === 0) return;
  await key.click();
  await page.waitForTimeout(settleMs * 4);
}

async function crawlOne(
  page: Page,
  url: string,
  screen: Screen,
  language: string,
  scripts: readonly string[],
  { themes, sizes, pictures, state }: CrawlOptions,
  add: (look: string, findings: readonly Finding[]) => void,
): Promise<void> {
  await page.evaluate((value) => localStorage.setItem('PARAGLIDE_LOCALE', value), language).catch(() => undefined);
  await page.goto(url + screen.path);
  if (screen.who === null) {
    await page.evaluate((value) => localStorage.setItem('PARAGLIDE_LOCALE', value), language);
    await page.reload();
  }
  // A centre that does not answer keeps the line busy for ever.
  await page.waitForLoadState('networkidle', { timeout: busyMs }).catch(() => undefined);
  await page.waitForTimeout(settleMs * 3);
  for (const words of screen.presses ?? []) await pressKey(page, words[language === 'en' ? 1 : 0]);
  for (const script of scripts) await page.evaluate(script);
  for (const theme of themes)
    for (const size of screen.kind === 'office' ? [20] : sizes)
      for (const width of widths[screen.kind]) {
        const name = `${state} ${language} ${theme} ${size} px ${width}`;
        await show(page, screen.kind, { theme, size, width });
        add(name, await page.evaluate((kind) => window.measureScreen(kind), screen.kind));
        if (size === sizes[0] && width === widths[screen.kind][0]) add(name, await axe(page));
        if (pictures)
          await page.screenshot({
            path: path.join(pictures, `${screenName(screen).replaceAll('/', '_') || '_'} ${name}.png`),
            fullPage: screen.kind === 'office',
          });
      }
}

async function show(page: Page, kind: ScreenKind, { theme, size, width }: Look): Promise<void> {
  await page.setViewportSize({ width, height: heights[kind] });
  await page.emulateMedia({ forcedColors: theme === 'forced' ? 'active' : 'none' });
  await page.evaluate(
    ({ theme: chosen, size: px }) => {
      const root = document.documentElement;
      // Forced colours are the system's, whatever the app was set to.
      root.dataset.theme = chosen === 'forced' ? 'light' : chosen;
      if (px === 20) delete root.dataset.size;
      else root.dataset.size = String(px);
      root.classList.toggle('big-text', px >= 30);
      scrollTo(0, 0);
    },
    { theme, size },
  );
  await page.waitForTimeout(settleMs);
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

async function axe(page: Page): Promise<readonly Finding[]> {
  const { violations } = await page.evaluate(async () => {
    const { axe: judge } = window as unknown as { axe: { run: (options: object) => Promise<AxeResult> } };
    const { violations: found } = await judge.run({ resultTypes: ['violations'] });
    return { violations: found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })) };
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => ({ what: `axe ${id}`, where: html.slice(0, 120) })),
  );
}
