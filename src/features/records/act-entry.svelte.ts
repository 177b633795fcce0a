import { station } from '#engine/client/station.svelte.ts';
import type { Fields } from '#engine/field.ts';
import type { AnyMutation } from '#engine/kind.ts';
import { holdsPhotos } from '#engine/photo-fields.ts';
import { choosable } from './choosable.ts';
import { startOf, type Entered } from './entered.rules.ts';
import { look } from './offered.ts';

/**
 * What is entered in the form of an act. With a photo among it, it is kept when the camera opens: phones end a page
 * behind the camera, and what was entered until then comes back, photos and all.
 */
export class ActEntry {
  values = $state<Record<string, Entered>>({});
  readonly #fields: Fields;
  readonly #key: string;
  readonly #takesPhotos: boolean;

  constructor(act: AnyMutation, given: Readonly<Record<string, string>>, fields: Fields) {
    this.#fields = fields;
    this.#key = `${act.name} ${JSON.stringify(given)}`;
    this.#takesPhotos = Object.values(fields).some(holdsPhotos);
    for (const [name, field] of Object.entries(fields)) {
      const choices = choosable(look(), field);
      this.values[name] = startOf(field, station.now(), choices.length === 1 ? choices[0]?.id : undefined);
    }
    if (this.#takesPhotos) void this.#beforeCamera();
  }

  enter(name: string, value: Entered): void {
    this.values[name] = value;
    const field = this.#fields[name];
    if (field && holdsPhotos(field)) this.keep();
  }

  /** The camera opens. */
  keep(): void {
    void station.photos.keepDraft(this.#key, $state.snapshot(this.values));
  }

  /** It was handed over. */
  async end(): Promise<void> {
    if (this.#takesPhotos) await station.photos.dropDraft(this.#key);
  }

  async #beforeCamera(): Promise<void> {
    const kept = (await station.photos.draft(this.#key)) as Record<string, Entered> | null;
    if (kept) Object.assign(this.values, kept);
  }
}
