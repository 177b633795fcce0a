import { station } from '#engine/client/station.svelte.ts';
import type { ArgumentsOf, AnyMutation } from '#engine/kind.ts';
import { person } from '#features/access/person.record.ts';
import { doorLine } from '#features/people/public.ts';
import { elder } from '#features/people/elder.record.ts';
import { building, contact } from '#features/people/place.record.ts';
import { escortStep } from './escort-step.record.ts';
import { escort } from './escort.record.ts';
import { minutesLate, nextStage, standingSteps, tripState } from './stage.rules.ts';

/** One trip as its page needs it, live. */
export class Trip {
  problem = $state('');

  constructor(readonly id: string) {}

  readonly one = $derived.by(() => station.records(escort).get(this.id));
  readonly steps = $derived.by(() => station.records(escortStep).where({ escortId: this.id }));
  readonly standing = $derived(standingSteps(this.steps));
  readonly state = $derived(this.one ? tripState(this.one, this.steps) : 'cancelled');
  readonly next = $derived(this.one ? nextStage(this.one, this.steps) : null);
  readonly late = $derived(this.one ? minutesLate(this.one, this.steps, station.now()) : 0);
  readonly who = $derived.by(() => (this.one ? station.records(elder).get(this.one.elderId) : undefined));
  readonly where = $derived.by(() => {
    const house = this.who?.buildingId ? station.records(building).get(this.who.buildingId) : undefined;
    return this.who ? doorLine(this.who, house) : '';
  });
  readonly contacts = $derived.by(() => {
    const all = this.one ? station.records(contact).where({ elderId: this.one.elderId }) : [];
    return [...all].sort((a, b) => a.order - b.order);
  });
  /** Who goes along besides the person at this phone. */
  readonly companion = $derived.by(() => {
    const ids = [this.one?.firstPerson, this.one?.secondPerson].filter((id) => id && id !== station.who.person);
    return ids.map((id) => station.records(person).get(id as string)?.name ?? '').filter(Boolean);
  });

  /** Does an act; true when it is safe on this phone, else `problem` says why not. */
  async do<M extends AnyMutation>(act: M, args: ArgumentsOf<M>): Promise<boolean> {
    const outcome = await station.mutate(act, args);
    this.problem = 'refusal' in outcome ? station.refusalWords(outcome.refusal.code, act.name) : '';
    return this.problem === '';
  }
}
