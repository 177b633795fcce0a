/** A finger that bounces comes down again within this (ms); nobody aims a second tap so soon. */
const bounceMs = 400;
/** Nobody has read a screen that came up so short a time ago (ms). */
const unreadMs = 300;

/** The part of Document that is used. */
export type TapSource = Pick<Document, 'addEventListener'>;

/**
 * One tap of a finger is one tap. A finger that bounces, or a palm that comes down with it, would press whatever key the
 * first tap has just brought to that place: 送达 of the next door, a key of the sheet that opened. So a touch right after
 * another, or on a screen that has only just come up, does nothing. Keys that count (`data-fast`) may be tapped as
 * fast as people come in; a mouse and a keyboard do not bounce.
 */
export class OneTap {
  #byFinger = false;
  #takenAt = -Infinity;
  #changedAt = -Infinity;

  /** Watches this page from now on. */
  watch(page: TapSource): void {
    const options = { capture: true };
    page.addEventListener('pointerdown', ({ pointerType }) => (this.#byFinger = pointerType === 'touch'), options);
    page.addEventListener('keydown', () => (this.#byFinger = false), options);
    page.addEventListener('click', (event) => this.#judge(event), options);
  }

  /** Another page or a sheet has come up at this moment (ms, of `performance.now`). */
  changed(now: number): void {
    this.#changedAt = now;
  }

  #judge(event: MouseEvent): void {
    if (!this.#byFinger || (event.target instanceof Element && event.target.closest('[data-fast]'))) return;
    const at = event.timeStamp;
    if (at - this.#takenAt >= bounceMs && at - this.#changedAt >= unreadMs) {
      this.#takenAt = at;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** Of the page of this tab. */
export const oneTap = new OneTap();
