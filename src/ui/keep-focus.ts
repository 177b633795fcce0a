/**
 * The focus is never lost. Where a key goes away under the hand that pressed it, the focus stays at its place: at what held
 * it, so that the next Tab comes to the key that stands there now, and no second Enter presses that one unread. Another
 * page begins at its heading, which a reader then reads.
 */
export class KeepFocus {
  /** What had the focus last, and what held it, from the inside out. */
  #last: Element | null = null;
  #around: readonly Element[] = [];

  /** Watches this page from now on. */
  watch(page: Document): void {
    page.addEventListener('focusin', ({ target }) => {
      if (!(target instanceof Element)) return;
      this.#last = target;
      this.#around = ancestorsOf(target);
    });
    let asked = 0;
    const look = () => {
      asked = 0;
      if (isLost(page) && this.#last?.isConnected === false) this.#catch(page);
    };
    // In the next frame: by then another page has come up, or a sheet has given the focus back itself.
    new MutationObserver(() => {
      if (this.#last?.isConnected === false) asked ||= requestAnimationFrame(look);
    }).observe(page.body, { childList: true, subtree: true });
  }

  /** Another page has come up. */
  arrived(page: Document): void {
    if (isLost(page)) begin(page);
  }

  #catch(page: Document): void {
    const holder = this.#around.find((one) => one.isConnected);
    this.#last = null;
    // What held it is gone too, up to the page itself: that is another page.
    if (holder instanceof HTMLElement && holder.closest('main, dialog') && !holder.matches('main')) hold(holder);
    else begin(page);
  }
}

function isLost(page: Document): boolean {
  return page.activeElement === null || page.activeElement === page.body;
}

function ancestorsOf(part: Element): readonly Element[] {
  const around: Element[] = [];
  for (let one = part.parentElement; one; one = one.parentElement) around.push(one);
  return around;
}

function begin(page: Document): void {
  const heading = page.querySelector<HTMLElement>('h1') ?? page.querySelector('main');
  if (heading) hold(heading);
}

/** Gives the focus to something that is no control, for as long as it stays there. */
function hold(part: HTMLElement): void {
  const isOwn = part.hasAttribute('tabindex');
  if (!isOwn) {
    part.tabIndex = -1;
    part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true });
  }
  part.focus({ preventScroll: true });
}

/** Of the page of this tab. */
export const keepFocus = new KeepFocus();
