import { station } from '#engine/client/station.svelte.ts';
import { deliveryActs } from '../delivery.record.ts';

/** What was noted a moment ago and can be taken back with one tap, while the next stop is already on the screen. */
export interface JustDone {
  /** Facts to take back together: one stop, or all of a building. */
  readonly factIds: readonly string[];
  readonly routeDayId: string;
  /** Where to go when it is taken back. */
  readonly stopId: string;
  readonly title: string;
  readonly at: number;
}

class JustDoneState {
  shown = $state.raw<JustDone | null>(null);
  /** Why taking back did not work; stays until it is read. */
  problem = $state('');

  /** The bar begins anew on every page; this is how long it may be seen in all (ms). */
  static readonly longest = 20_000;
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(done: JustDone): void {
    this.end();
    this.shown = done;
    this.problem = '';
    this.#timer = setTimeout(() => this.end(), JustDoneState.longest);
  }

  /** Its time is over, or something else was noted that it does not belong to. */
  end(): void {
    clearTimeout(this.#timer);
    this.shown = null;
  }

  /** Takes all of it back; resolves with the stop to return to, or null when something could not be taken back. */
  async undo(): Promise<JustDone | null> {
    const done = this.shown;
    this.end();
    if (!done) return null;
    for (const factId of done.factIds) {
      const outcome = await station.mutate(deliveryActs.withdraw, { factId });
      if ('refusal' in outcome) {
        this.problem = station.refusalWords(outcome.refusal.code, deliveryActs.withdraw.name);
        return null;
      }
    }
    return done;
  }
}

export const justDone = new JustDoneState();
