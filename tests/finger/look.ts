import type { Page } from 'playwright-core';
import type { Spot } from './hand.ts';

/** What a person who looks at the phone sees, as far as they need it. */
export interface Seen {
  readonly path: string;
  /** Heading of the open sheet, or null. */
  readonly sheet: string | null;
  /** The first words of every key that can be pressed now, in the order of the page. */
  readonly keys: readonly string[];
  /** What the bar 撤回 says was noted, or null. */
  readonly undo: string | null;
  /** What came of this door, and its history; empty where none is shown. */
  readonly band: string;
  readonly facts: readonly string[];
  /** Rows of the list of doors: where each leads and what it says. */
  readonly rows: readonly { readonly path: string; readonly text: string }[];
  readonly counts: readonly { readonly label: string; readonly value: number }[];
  /** How many boxes the key 出发 says are in hand, where that differs from the plan. */
  readonly out: number | null;
  /** Kinds of boxes that are not ticked off. */
  readonly unticked: number;
}

/** Looks at the phone when it has come to rest: as soon as a hand is there again and nothing moves. */
export function look(page: Page): Promise<Seen> {
  return page.evaluate(async (handBackMs) => {
    await new Promise<void>((rested) => {
      let quiet: ReturnType<typeof setTimeout>;
      const watch = new MutationObserver(() => wait(100));
      const wait = (ms: number): void => {
        clearTimeout(quiet);
        quiet = setTimeout(() => (watch.disconnect(), rested()), ms);
      };
      setTimeout(() => {
        watch.observe(document.body, { childList: true, subtree: true });
        wait(50);
      }, handBackMs);
    });
    const text = (of: Element | null | undefined): string =>
      ((of as HTMLElement | null)?.innerText ?? '').replace(/\s+/g, ' ').trim();
    const all = (of: ParentNode, what: string): Element[] => [...of.querySelectorAll(what)];
    const dialog = all(document, 'dialog[open]').at(-1) ?? null;
    const keys = all(dialog ?? document, 'button, a[href]').map((key) => {
      const own = key.querySelector('.words') ?? key;
      return key.getAttribute('aria-label') ?? text(own);
    });
    return {
      path: decodeURIComponent(location.pathname),
      sheet: dialog ? text(dialog.querySelector('h2')) : null,
      keys,
      undo: text(document.querySelector('.undo .words b')) || null,
      band: text(document.querySelector('.band')),
      facts: all(document, '.paper .fact, .facts > *').map(text),
      rows: all(document, '.doors-list a').map((row) => ({
        path: decodeURIComponent((row as HTMLAnchorElement).pathname),
        text: text(row),
      })),
      counts: all(dialog ?? document, '.stepper-row').map((row) => ({
        label: text(row.querySelector('b')),
        value: Number(text(row.querySelector('output'))),
      })),
      out: Number(/手里 (\d+) 盒/.exec(document.body.innerText)?.[1] ?? NaN) || null,
      unticked: all(document, '.load .row:not(.done)').length,
    };
  }, 330);
}

/**
 * Where the middle of this key is; scrolled into view first. `words` are how it begins, `path` where it leads.
 * Undefined when it is gone by now.
 */
export function spotOf(
  page: Page,
  wanted: { readonly words: string; readonly path?: string; readonly selector?: string },
): Promise<Spot | undefined> {
  return page.evaluate(({ words, path, selector }) => {
    const open = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
    const named = [...open.querySelectorAll('button, a[href]')].find((one) => {
      if (path !== undefined) return decodeURIComponent((one as HTMLAnchorElement).pathname ?? '') === path;
      const label = one.getAttribute('aria-label') ?? (one.querySelector('.words') ?? one).textContent ?? '';
      return label.trim().startsWith(words);
    });
    const key = selector ? open.querySelector(selector) : named;
    if (!key) return undefined;
    const middle = () => {
      const { left, top, width, height } = key.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    };
    const hit = document.elementFromPoint(middle().x, middle().y);
    if (!hit || !key.contains(hit)) key.scrollIntoView({ block: 'center' });
    return middle();
  }, wanted);
}
