import type { Workbox } from 'workbox-window';
import { browserTimers } from './timers.ts';
import { UpdateTurn } from './update-turn.ts';

/** A page nobody has looked at for so long may be loaded anew (ms). */
const unseenMs = 60_000;

/**
 * The app on this phone and its next version. A new version waits until every tab is closed, until the person says so,
 * or until nobody has looked at any tab for a minute; never while something begun is unfinished in one of them.
 */
class AppUpdate {
  #turn: UpdateTurn | null = null;
  /** Whether somebody here works at a desk; null as long as nobody has said. */
  #atDesk: boolean | null = null;
  #waiting = $state(false);

  /** A newer version is on this phone and waits. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Puts the app on this phone so that it opens without a line; does nothing where the browser cannot. */
  async register(hasOpenEntry: () => boolean): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    // Loaded beside the first screen, which does not wait for it.
    const { Workbox } = await import('workbox-window');
    const worker = new Workbox('/service-worker.js');
    const turn = turnOf(worker, hasOpenEntry);
    this.#turn = turn;
    worker.addEventListener('waiting', () => {
      this.#waiting = true;
    });
    // The first version takes over pages that it has not loaded; they are of its making and stay as they are.
    let isOfAnOlder = navigator.serviceWorker.controller !== null;
    worker.addEventListener('controlling', () => {
      if (isOfAnOlder) turn.taken();
      isOfAnOlder = true;
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') browserTimers.after(unseenMs, () => void this.#takeUnseen());
    });
    // Without the worker the page still works as long as it stays open; the next visit tries again.
    await worker.register().catch(() => undefined);
  }

  /** The person takes the new version now. Resolves with false when something is unfinished in a tab. */
  async take(): Promise<boolean> {
    return (await this.#turn?.take(false)) ?? false;
  }

  /** Pages that are opened at a desk are kept for a day without line only where somebody works at one. */
  keepFor(atDesk: boolean): void {
    if (!('serviceWorker' in navigator)) return;
    if (this.#atDesk === null) addEventListener('online', () => void this.#tellWorker());
    this.#atDesk = atDesk;
    void this.#tellWorker();
  }

  async #tellWorker(): Promise<void> {
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ type: 'KEEP', atDesk: this.#atDesk }, []);
  }

  async #takeUnseen(): Promise<void> {
    if (this.#waiting) await this.#turn?.take(true);
  }
}

function turnOf(worker: Workbox, hasOpenEntry: () => boolean): UpdateTurn {
  return new UpdateTurn({
    channel: 'BroadcastChannel' in globalThis ? new BroadcastChannel('nuanlin-update') : null,
    timers: browserTimers,
    hasOpenEntry,
    isHidden: () => document.visibilityState === 'hidden',
    takeOver: () => worker.messageSkipWaiting(),
    reload: () => location.reload(),
  });
}

export const appUpdate = new AppUpdate();
