/**
 * Whether somebody has begun to write or to choose something on this page and has not finished: a field with words in
 * it, a choice that was pressed. It ends when what was touched leaves the page or a field is emptied again. Whoever
 * wants to load the page anew asks here first.
 */
export class OpenEntry {
  readonly #touched = new Set<Element>();

  /** Watches this page from now on. */
  watch(page: Pick<Document, 'addEventListener'>): void {
    const written = ({ target }: Event): void => {
      if (target instanceof Element) this.#touched.add(target);
    };
    const pressed = ({ target }: Event): void => {
      const choice = target instanceof Element ? target.closest('[aria-pressed]') : null;
      if (choice) this.#touched.add(choice);
    };
    page.addEventListener('input', written, { capture: true });
    page.addEventListener('click', pressed, { capture: true });
  }

  get is(): boolean {
    for (const one of this.#touched) if (!one.isConnected) this.#touched.delete(one);
    return [...this.#touched].some((one) => !('value' in one) || one.hasAttribute('aria-pressed') || one.value !== '');
  }
}

/** Of the page of this tab. */
export const openEntry = new OpenEntry();
