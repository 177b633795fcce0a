import { station } from '#engine/client/station.svelte.ts';
import type { Words } from '#engine/field.ts';
import { m } from '#messages';
import { elder } from '../elder.record.ts';
import type { Call, LeftReason, ManyPlan, Step } from './many.rules.ts';

const leftWords: Readonly<Record<LeftReason, Words>> = {
  ended: () => m.people_many_left_ended(),
  'not-away': () => m.people_many_left_not_away(),
  'has-it': () => m.people_many_left_has_it(),
  'has-it-not': () => m.people_many_left_has_it_not(),
  'on-it': () => m.people_many_left_on_it(),
};

/** For whom it was not done, by the reason. */
export interface Left {
  readonly why: string;
  readonly names: readonly string[];
}

/** What was done to many people, until somebody has read it. */
export interface ManyDone {
  /** For how many it was done; empty for nobody. */
  readonly title: string;
  readonly left: readonly Left[];
  readonly countLeft: number;
  /** Acts that can still be taken back, in the order in which they were done; none once they were. */
  readonly saved: readonly { readonly step: Step; readonly actId: string }[];
}

/** Acts that are done side by side: they share a write of the journal, and the screen is drawn once for them. */
const atOnce = 20;

/** One thing done to many people, act by act, and taken back as a whole. */
export class ManyAtOnce {
  done = $state.raw<ManyDone | null>(null);
  /** How far it is; null while nothing is being done. */
  running = $state.raw<{ readonly n: number; readonly total: number } | null>(null);

  /** `hold` is told when the list below need not follow each act, and when it has to again. */
  constructor(readonly hold: (still: boolean) => void) {}

  /** `title` says for how many it was done. */
  async carryOut({ steps, left }: ManyPlan, title: (inputs: { n: number }) => string): Promise<void> {
    const refused = new Map<string, string>(left.map(({ elderId, why }) => [elderId, leftWords[why]()]));
    const saved: { step: Step; actId: string }[] = [];
    await this.#inParts(steps, async (step) => {
      const outcome = await station.mutate(step.act, step.args);
      if ('saved' in outcome) saved.push({ step, actId: outcome.saved.id });
      else this.#refuse(refused, step.elderIds, outcome.refusal.code, step);
    });
    const people = new Set(saved.flatMap(({ step }) => step.elderIds));
    for (const elderId of refused.keys()) people.delete(elderId);
    this.done = { title: people.size > 0 ? title({ n: people.size }) : '', ...told(refused), saved };
  }

  /** Takes all of it back, the last act first. */
  async undo(): Promise<void> {
    const { done } = this;
    if (!done) return;
    this.done = null;
    const refused = new Map<string, string>();
    const back = [...done.saved].reverse();
    await this.#inParts(back, async ({ step, actId }) => {
      for (const call of step.back(actId, station.reader)) {
        const outcome = await station.mutate(call.act, call.args);
        if ('refusal' in outcome) this.#refuse(refused, step.elderIds, outcome.refusal.code, call);
      }
    });
    const people = new Set(back.flatMap(({ step }) => step.elderIds));
    for (const elderId of refused.keys()) people.delete(elderId);
    this.done = { title: m.people_many_undone({ n: people.size }), ...told(refused), saved: [] };
  }

  /** The time to take it back is over; who was left out stays until it was read. */
  settle(): void {
    if (this.done) this.done = this.done.countLeft > 0 ? { ...this.done, saved: [] } : null;
  }

  async #inParts<T>(all: readonly T[], one: (what: T) => Promise<void>): Promise<void> {
    this.hold(true);
    try {
      for (let from = 0; from < all.length; from += atOnce) {
        this.running = { n: from, total: all.length };
        await Promise.all(all.slice(from, from + atOnce).map(one));
      }
    } finally {
      this.running = null;
      this.hold(false);
    }
  }

  #refuse(refused: Map<string, string>, elderIds: readonly string[], code: string, { act }: Call): void {
    const why = station.refusalWords(code, act.name);
    for (const elderId of elderIds) refused.set(elderId, why);
  }
}

function told(refused: ReadonlyMap<string, string>): Pick<ManyDone, 'left' | 'countLeft'> {
  const byReason = new Map<string, string[]>();
  for (const [elderId, why] of refused)
    byReason.set(why, [...(byReason.get(why) ?? []), station.records(elder).get(elderId)?.name ?? elderId]);
  return { left: [...byReason].map(([why, names]) => ({ why, names })), countLeft: refused.size };
}
