import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { Browser, signIn, waitForWorker } from '../e2e/support/browsers.ts';
import type { Look } from './cover.ts';
import { axe, show } from './look.ts';
import type { Finding } from './measure-parts.ts';
import { PageAt } from './page-at.ts';
import type { Scene } from './scenes.ts';
import type { Screen } from './screens.ts';

export interface CrawlOptions {
  readonly languages: readonly string[];
  readonly scene: Scene;
  /** How each screen is looked at in this state. */
  readonly looks: (screen: Screen) => readonly Look[];
  /** Folder for a picture of each screen in each look; null for none. */
  readonly pictures: string | null;
  readonly tell: (line: string) => void;
}

/** A finding and every look in which it was seen. */
export interface Found extends Finding {
  readonly screen: string;
  readonly looks: readonly string[];
}

/** What a crawl found, and how much it looked at. */
export interface Crawled {
  readonly found: readonly Found[];
  readonly looks: number;
}

/** The measures as one script for a page. */
export async function measures(): Promise<string> {
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

/** Findings by screen, each with the looks in which it was seen. */
class Findings {
  readonly #found = new Map<string, Found & { looks: string[] }>();
  looks = 0;

  add(screen: string, look: string, findings: readonly Finding[]): void {
    for (const finding of findings) {
      const key = `${screen} ${finding.what} ${finding.where}`;
      const known = this.#found.get(key) ?? { ...finding, screen, looks: [] };
      known.looks.push(look);
      this.#found.set(key, known);
    }
  }

  get crawled(): Crawled {
    return { found: [...this.#found.values()], looks: this.looks };
  }
}

/** Goes to every screen as its user and measures it in its looks; axe judges each once in every language. */
export async function crawl(
  url: string,
  folder: string,
  password: string,
  screens: readonly Screen[],
  options: CrawlOptions,
): Promise<Crawled> {
  const scripts = [await measures(), fs.readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')];
  const findings = new Findings();
  for (const who of new Set(screens.map((one) => one.who))) {
    const browser = Browser.phone(folder, `crawl-${who ?? 'nobody'}`);
    const at = new PageAt(await browser.open(), url);
    try {
      if (who !== null) {
        await options.scene.before?.(browser, who);
        await signIn(at.page, url, who, password);
        await waitForWorker(at.page);
        await options.scene.after?.(browser, who);
      } else await at.open('/join');
      const own = screens.filter((one) => one.who === who);
      for (const language of options.languages) await crawlAs(at, own, language, scripts, options, findings);
      const threw = browser.broken.map((where) => ({ what: 'the page threw', where }));
      findings.add(`as ${who}`, 'any', threw);
    } finally {
      await browser.close();
    }
  }
  return findings.crawled;
}

/** All screens of one person in one language, in their order, since some of them change the day. */
async function crawlAs(
  at: PageAt,
  screens: readonly Screen[],
  language: string,
  scripts: readonly string[],
  options: CrawlOptions,
  findings: Findings,
): Promise<void> {
  await at.speak(language);
  let isOpen = false;
  for (const screen of screens) {
    const looks = options.looks(screen).filter((look) => look.language === language);
    if (looks.length === 0) continue;
    if (isOpen) await at.follow(screen.path);
    else {
      await at.open(screen.path);
      for (const script of scripts) await at.page.evaluate(script);
    }
    isOpen = true;
    const pressed = [];
    for (const words of screen.presses ?? []) pressed.push(await pressKey(at, words[language === 'en' ? 1 : 0]));
    options.tell(`${language} ${screenName(screen)}${pressed.includes(false) ? ' (the key is not there)' : ''}`);
    await lookAt(at.page, screen, looks, options, findings);
  }
}

/** The path with its records' ids left out, and what was pressed on it. */
export function screenName({ path: at, presses = [] }: Pick<Screen, 'path' | 'presses'>): string {
  return [at.replace(/\/[^/]*[:\d][^/]*/g, '/…'), ...presses.map(([zh]) => zh)].join(' ');
}

/** Presses the key that begins with these words; a key that is not there leaves the screen as it is. */
async function pressKey(at: PageAt, words: string): Promise<boolean> {
  const key = at.page
    .locator('button:visible, a:visible')
    .filter({ hasText: new RegExp(`^\\s*${words}`) })
    .first();
  if ((await key.count()) === 0) return false;
  await key.click();
  await at.rest();
  return true;
}

async function lookAt(
  page: Page,
  screen: Screen,
  looks: readonly Look[],
  { pictures }: CrawlOptions,
  findings: Findings,
): Promise<void> {
  for (const [number, look] of looks.entries()) {
    const name = `${look.state} ${look.language} ${look.theme} ${look.size} px ${look.width}`;
    await show(page, screen.kind, look);
    findings.looks += 1;
    findings.add(screenName(screen), name, await page.evaluate((kind) => window.measureScreen(kind), screen.kind));
    if (number === 0) findings.add(screenName(screen), name, await axe(page));
    if (pictures)
      await page.screenshot({
        path: path.join(pictures, `${screenName(screen).replaceAll('/', '_') || '_'} ${name}.png`),
        fullPage: screen.kind === 'office',
      });
  }
}
