import { goto } from '$app/navigation';
import { station } from '#engine/client/station.svelte.ts';
import { m } from '#messages';
import { deliveryActs } from '../delivery.record.ts';
import { justDone } from './just-done.svelte.ts';
import { outcomeLabels } from '../outcome-words.ts';
import { checkPath } from '../paths.ts';
import { refusedWords, sayOutcome, type Noted } from './saying.ts';
import type { StopView } from '../stop-view.ts';
import { checkIdOf } from '../stop.rules.ts';

const seenInPerson = { outcome: 'handedOver', seen: true, note: null } as const;

/**
 * What the keys of a door do: the outcome is noted, the bar offers to take it back, and the page goes on. The door is
 * handed in as it was when the key was pressed: with its outcome it is behind us, and the page may be another one.
 */
export class DoorKeys {
  /** Why the last key was refused; empty when it was taken. */
  problem = $state('');

  /** 送达 at one door. Goes on only when it was noted. */
  async handOver(view: StopView, onnext: () => void): Promise<void> {
    const outcome = await sayOutcome(view, seenInPerson);
    this.problem = refusedWords(outcome, deliveryActs.handOver.name);
    if ('refusal' in outcome) return;
    const title = m.routes_just_done({ name: view.called, what: m.routes_delivered() });
    offerUndo(view, [outcome.saved.id], title);
    onnext();
  }

  /** 送达 at several doors, taken back together. Goes on only when every one was noted. */
  async handOverAll(views: readonly StopView[], onnext: () => void): Promise<void> {
    const factIds: string[] = [];
    this.problem = '';
    for (const view of views) {
      const outcome = await sayOutcome(view, seenInPerson);
      this.problem ||= refusedWords(outcome, deliveryActs.handOver.name);
      if ('saved' in outcome) factIds.push(outcome.saved.id);
    }
    const [first] = views;
    if (first && factIds.length > 0) offerUndo(first, factIds, m.routes_all_done({ n: factIds.length }));
    if (factIds.length === views.length) onnext();
  }
}

function offerUndo(view: StopView, factIds: readonly string[], title: string): void {
  justDone.show({ factIds, routeDayId: view.stop.routeDayId, stopId: view.id, title, at: station.now() });
}

/** After 其他情况: nobody there leads to the ladder; anything else can be taken back, and the page goes on. */
export function afterNoted({ view, outcome, note, factId }: Noted, onnext: () => void): void {
  if (outcome === 'noAnswer') return toCheck(checkIdOf(factId));
  const what = outcome === 'handedOver' ? m.routes_delivered() : outcomeLabels[outcome]();
  // The key beside the right one has other words: said here, a slip is seen while it can be taken back.
  const told = note === null ? what : m.routes_told({ title: what, text: note });
  offerUndo(view, [factId], m.routes_just_done({ name: view.called, what: told }));
  onnext();
}

/** After 改一改: only nobody there leads away from the door. */
export function afterCorrected({ outcome, factId }: Noted): void {
  if (outcome === 'noAnswer') toCheck(checkIdOf(factId));
  else justDone.end();
}

/** The ladder begins: what was noted before it is no longer taken back with one tap. */
export function toCheck(checkId: string): void {
  justDone.end();
  void goto(checkPath(checkId));
}
