import type { Page } from 'playwright-core';
import { focusNow, unreached, type Focus } from './focus.ts';
import type { PageAt } from './page-at.ts';
import type { Finding } from './measure-parts.ts';

/** Far more keys than any page has; who has not been round by then is caught. */
const stepsMax = 600;
/** Places of the keyboard within one field: year, month, day, the calendar. */
const partsMax = 5;
const nothing = 'nothing has the focus';

/** Somebody who works a page with the keyboard alone, and tells what they meet on the way. */
export class Keyboard {
  readonly findings: (Finding & { readonly screen: string })[] = [];
  /** Keys that were pressed. */
  steps = 0;

  constructor(readonly at: PageAt) {}

  get page(): Page {
    return this.at.page;
  }

  /** Goes on with Tab, or back with Shift+Tab, until the control with these words; throws when there is none. */
  async to(words: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const met: string[] = [];
    let ends = 0;
    for (let step = 0; step < stepsMax && ends < 2; step += 1) {
      const focus = await this.step(key);
      if (focus.name === '') ends += 1;
      else if (typeof words === 'string' ? focus.words.startsWith(words) : words.test(focus.words)) return;
      met.push(focus.words.slice(0, 12));
    }
    throw new Error(`The keyboard finds no ${words} on ${this.page.url()}; it meets ${met.join(' | ')}`);
  }

  /** Goes on with Tab until something of this sort in the page; throws when there is nothing. */
  async toPart(selector: string): Promise<void> {
    for (let step = 0; step < stepsMax; step += 1) {
      await this.step('Tab');
      if (await this.page.evaluate((part) => document.activeElement?.matches(part) ?? false, selector)) return;
    }
    throw new Error(`The keyboard finds no ${selector} on ${this.page.url()}`);
  }

  /** One key that moves the focus, and what is wrong with where it has come to. */
  async step(key: string): Promise<Focus> {
    this.steps += 1;
    await this.page.keyboard.press(key);
    const focus = await this.page.evaluate(focusNow);
    for (const problem of focus.problems) this.#found(problem, focus.name);
    return focus;
  }

  /** Presses a key that does something; afterwards the focus has to be somewhere, and to be seen there. */
  async press(key: string, what: string): Promise<void> {
    this.steps += 1;
    await this.page.keyboard.press(key);
    await this.rest(what);
  }

  /** Waits for what was done, and looks where the focus is then. */
  async rest(what: string): Promise<void> {
    await this.at.rest();
    const focus = await this.page.evaluate(focusNow);
    if (focus.name === '') this.#found(nothing, `after ${what}`);
    for (const problem of focus.problems) this.#found(problem, `${focus.name} after ${what}`);
  }

  /** Goes to a control and presses it. */
  async use(words: string | RegExp, key = 'Enter'): Promise<void> {
    await this.to(words);
    await this.press(key, String(words));
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    await this.rest(`typing ${text}`);
  }

  /** Waits until the page says this; throws when it never does. */
  async see(words: string): Promise<void> {
    await this.page
      .waitForFunction((text) => document.body.innerText.includes(text), words, { timeout: 30_000 })
      .catch(() => {
        throw new Error(`The page never says ${words}: ${this.page.url()}`);
      });
    await this.at.rest();
  }

  /** Tab through the whole page, forth and back: it comes to an end, and passes every control. */
  async round(): Promise<void> {
    for (const key of ['Tab', 'Shift+Tab']) {
      await this.page.evaluate(() => {
        (window as unknown as { focused: Element[] }).focused = [];
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        getSelection()?.removeAllRanges();
      });
      if (await this.#goRound(key))
        for (const missed of await this.page.evaluate(unreached)) this.#found(`never reached by ${key}`, missed);
      else this.#found('the keyboard is caught', key);
    }
  }

  /** Whether the keyboard comes over the end of the page twice, and to nothing a second time in between. */
  async #goRound(key: string): Promise<boolean> {
    let ends = 0;
    let before = 0;
    let times = 0;
    let met = new Set<number>();
    for (let step = 0; step < stepsMax && ends < 2; step += 1) {
      const { id } = await this.step(key);
      times = id === before ? times + 1 : 0;
      if (id === 0) [ends, met] = [ends + 1, new Set()];
      // A date is one field with several places.
      else if (times > partsMax || (times === 0 && met.has(id))) return false;
      met.add(id);
      before = id;
    }
    return ends === 2;
  }

  #found(what: string, where: string): void {
    const screen = new URL(this.page.url()).pathname.replace(/\/[^/]*[:\d][^/]*/g, '/…');
    if (!this.findings.some((one) => one.screen === screen && one.what === what && one.where === where))
      this.findings.push({ screen, what, where });
  }
}
