import { untrack } from 'svelte';
import type { Words } from '#engine/field.ts';
import { changedFields, followingFields } from './live-form.rules.ts';

/** A field of a form as it is named and read out. */
export interface FieldWords {
  readonly label: Words;
  /** The value in words; left out for what is words already. */
  readonly tell?: (value: never) => string;
}

/** What somebody else has changed while the form is open. */
export interface ChangedField {
  readonly key: string;
  readonly label: string;
  readonly now: string;
  /** What this person has written instead; null where they have not touched it. */
  readonly yours: string | null;
}

/**
 * A form over a record that others may change meanwhile: what was typed stays, what was not touched follows the record,
 * and both are told before anything is saved over. Make it while a component is made.
 */
export class LiveForm<T extends object> {
  fields = $state() as T;
  readonly #start: T;
  #now = $state.raw() as T;

  constructor(
    now: () => T,
    readonly words: Readonly<Record<keyof T & string, FieldWords>>,
  ) {
    this.#start = untrack(now);
    [this.#now, this.fields] = [this.#start, structuredClone(this.#start)];
    $effect(() => {
      const next = now();
      untrack(() => this.#take(next));
    });
  }

  get changed(): readonly ChangedField[] {
    const { fields } = this;
    const now = this.#now;
    return changedFields(this.#start, now).map((key) => {
      const { label, tell } = this.words[key];
      const said = (value: unknown): string => (tell ? tell(value as never) : String(value));
      const yours = changedFields(fields, now).includes(key) ? said(fields[key]) : null;
      return { key, label: label(), now: said(now[key]), yours };
    });
  }

  /** Gives up what was typed here for what stands in the record. */
  takeNew(key: string): void {
    this.fields[key as keyof T] = structuredClone(this.#now[key as keyof T]);
  }

  /** Field by field: what is being typed in is not touched, not even with its own value, or the caret would leave it. */
  #take(next: T): void {
    for (const key of followingFields(this.#now, this.fields, next)) this.fields[key] = structuredClone(next[key]);
    this.#now = next;
  }
}
