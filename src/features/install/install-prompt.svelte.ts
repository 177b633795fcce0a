/** What Chromium hands a page that may be put on the home screen; other browsers have no such thing. */
interface InstallEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

class InstallPrompt {
  #event = $state.raw<InstallEvent | null>(null);

  /** The browser would put the app on the home screen at one tap. */
  get isReady(): boolean {
    return this.#event !== null;
  }

  /** Listens from the start: the browser says it once, soon after the page was loaded. */
  watch(page: Window): void {
    page.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#event = event as InstallEvent;
    });
    page.addEventListener('appinstalled', () => (this.#event = null));
  }

  /** Asks the person; true when the app is on its way to the home screen. An event can be used once. */
  async ask(): Promise<boolean> {
    const event = this.#event;
    this.#event = null;
    return (await event?.prompt())?.outcome === 'accepted';
  }
}

export const installPrompt = new InstallPrompt();
