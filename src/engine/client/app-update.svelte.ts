import type { Workbox } from 'workbox-window';

/**
 * The app on this phone and its next version. A new version waits until every tab is closed, or until the person says
 * so: it never takes a page away from somebody who stands at a door.
 */
class AppUpdate {
  #worker: Workbox | null = null;
  #asked = false;
  #waiting = $state(false);

  /** A newer version is on this phone and waits. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Puts the app on this phone so that it opens without a line; does nothing where the browser cannot. */
  async register(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    // Loaded beside the first screen, which does not wait for it.
    const { Workbox } = await import('workbox-window');
    const worker = new Workbox('/service-worker.js');
    worker.addEventListener('waiting', () => {
      this.#waiting = true;
    });
    worker.addEventListener('controlling', () => {
      if (this.#asked) location.reload();
    });
    this.#worker = worker;
    // Without the worker the page still works as long as it stays open; the next visit tries again.
    await worker.register().catch(() => undefined);
  }

  /** The person takes the new version now; the page is loaded anew with it. */
  take(): void {
    this.#asked = true;
    this.#worker?.messageSkipWaiting();
  }
}

export const appUpdate = new AppUpdate();
