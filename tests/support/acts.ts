import type { Change } from '#engine/change.ts';
import { contextOf, type Identity } from '#engine/context.ts';
import type { AnyMutation, ArgumentsOf } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { runMutation } from '#engine/run-mutation.ts';
import { Tables } from '#engine/tables.ts';
import { registry as allKinds } from '#kinds';

/** A station in memory in which acts are done one after the other, as the engine does them. For tests of records. */
export class Desk {
  readonly tables: Tables;
  #acts = 0;

  constructor(
    readonly registry: Registry = allKinds,
    readonly station = 'test',
  ) {
    this.tables = new Tables(registry);
  }

  /** Puts records without asking anybody. */
  given(...changes: readonly Change[]): this {
    this.tables.apply(changes);
    return this;
  }

  /** Does an act as this person at this instant (ms); gives the code of the refusal, or undefined when it was taken. */
  do<M extends AnyMutation>(
    who: Partial<Identity> & { person: string },
    at: number,
    mutation: M,
    args: ArgumentsOf<M>,
  ): string | undefined {
    this.#acts += 1;
    const identity: Identity = { station: this.station, roles: [], communities: 'all', ...who };
    const ctx = contextOf(identity, `device-of-${who.person}`, { id: `act-${this.#acts}`, at });
    const outcome = runMutation(
      this.registry,
      this.tables,
      { name: mutation.name, version: mutation.version, args },
      ctx,
    );
    if ('refusal' in outcome) return outcome.refusal.code;
    this.tables.apply(outcome.changes);
    return undefined;
  }
}
