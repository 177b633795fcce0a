import type { Page, Request } from 'playwright-core';

/** Nothing has changed for so long, and nothing is being fetched: the screen is drawn. */
const stillMs = 150;
const patienceMs = 4_000;

/** A page of the app of which one knows when it has come to rest. */
export class PageAt {
  #fetching = 0;

  constructor(
    readonly page: Page,
    readonly url: string,
  ) {
    // Exchanges and pokes go on behind every screen, and a centre that does not answer keeps the line busy for ever.
    const counts = (address: string): boolean => !address.includes('/api/sync.');
    page.on('request', (request) => void (counts(request.url()) && (this.#fetching += 1)));
    const ended = (request: Request): void => void (counts(request.url()) && (this.#fetching -= 1));
    page.on('requestfinished', ended);
    page.on('requestfailed', ended);
  }

  /** Opens it anew, as from an icon. */
  async open(path: string): Promise<void> {
    this.#fetching = 0;
    await this.page.goto(this.url + path);
    await this.page.waitForSelector('main, .app dialog', { state: 'attached' });
    await this.rest();
  }

  /** Follows a link to it, as people go from screen to screen: the app is not loaded anew. */
  async follow(path: string): Promise<void> {
    // A link to where one is changes nothing: what was opened there would stay open.
    if (new URL(this.page.url()).pathname === path) await this.#click(path === '/me/install' ? '/me' : '/me/install');
    await this.#click(path);
  }

  async #click(path: string): Promise<void> {
    await this.page.evaluate((href) => {
      for (const open of document.querySelectorAll('dialog[open]')) (open as HTMLDialogElement).close();
      const link = document.createElement('a');
      link.href = href;
      document.querySelector('.app')?.append(link);
      link.click();
      link.remove();
    }, path);
    await this.page
      .waitForURL((at) => at.pathname === path, { timeout: patienceMs, waitUntil: 'commit' })
      .catch(() => undefined);
    await this.rest();
  }

  /** Resolves when it has come to rest; at the latest after a time in which a screen that goes on changing is looked at as it is. */
  async rest(): Promise<void> {
    for (const begun = performance.now(); performance.now() - begun < patienceMs;) {
      await this.page.evaluate(untilStill, { still: stillMs, most: patienceMs / 2 });
      if (this.#fetching <= 0 && !(await this.#isOpening())) return;
    }
  }

  /** The app has not yet what the phone holds, or fetches its first day. */
  #isOpening(): Promise<boolean> {
    return this.page.evaluate(() => document.querySelector('.field-page .wait[role=status]') !== null);
  }

  /** Language of the next page that is opened. */
  async speak(language: string): Promise<void> {
    await this.page.evaluate((value) => localStorage.setItem('PARAGLIDE_LOCALE', value), language);
  }
}

function untilStill({ still, most }: { still: number; most: number }): Promise<void> {
  return new Promise((resolve) => {
    const changes = new MutationObserver(() => {
      clearTimeout(wait);
      wait = setTimeout(done, still);
    });
    const done = (): void => {
      changes.disconnect();
      clearTimeout(wait);
      clearTimeout(end);
      resolve();
    };
    let wait = setTimeout(done, still);
    const end = setTimeout(done, most);
    changes.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}
