import { createSubscriber } from 'svelte/reactivity';
import type { AnyKind, RowOf } from '../kind.ts';
import type { TableReader, Where } from '../reader.ts';
import type { Tables } from '../tables.ts';

/** Something that changes without Svelte knowing: whoever reads it is run again when it is told. */
export class Signal {
  readonly #watchers = new Set<() => void>();
  readonly #subscribe: () => void;

  /** `whileWatched` runs while anybody on the screen depends on the signal; it returns how to stop. */
  constructor(whileWatched: (tell: () => void) => () => void = () => () => undefined) {
    this.#subscribe = createSubscriber((update) => {
      this.#watchers.add(update);
      const stop = whileWatched(update);
      return () => {
        this.#watchers.delete(update);
        stop();
      };
    });
  }

  read(): void {
    this.#subscribe();
  }

  tell(): void {
    for (const update of this.#watchers) update();
  }
}

/** Records of one kind as a screen reads them: every call is reactive to changes of that kind. */
export interface Records<K extends AnyKind> {
  get(id: string): RowOf<K> | undefined;
  /** Records whose fields equal the given values (one of them must be indexed), in the order of their ids. */
  where(equal: Where<K>): readonly RowOf<K>[];
  all(): readonly RowOf<K>[];
}

/** The shown tables with a signal per kind. Empty until a device is open. */
export class Views implements TableReader {
  readonly #tables: () => Tables | null;
  readonly #signals = new Map<string, Signal>();
  readonly #all = new Map<string, readonly unknown[]>();

  constructor(tables: () => Tables | null) {
    this.#tables = tables;
  }

  get<K extends AnyKind>(kind: K, id: string): RowOf<K> | undefined {
    this.#signal(kind.name).read();
    return this.#tables()?.get(kind, id);
  }

  where<K extends AnyKind>(kind: K, equal: Where<K>): readonly RowOf<K>[] {
    this.#signal(kind.name).read();
    return this.#tables()?.where(kind, equal) ?? [];
  }

  all<K extends AnyKind>(kind: K): readonly RowOf<K>[] {
    this.#signal(kind.name).read();
    // A list of a thousand is asked for by many rows of one screen: sorted once until the kind changes.
    const known = this.#all.get(kind.name);
    if (known) return known as readonly RowOf<K>[];
    const rows = this.#tables()?.all(kind) ?? [];
    this.#all.set(kind.name, rows);
    return rows;
  }

  records<K extends AnyKind>(kind: K): Records<K> {
    return {
      get: (id) => this.get(kind, id),
      where: (equal) => this.where(kind, equal),
      all: () => this.all(kind),
    };
  }

  changed(kinds: Iterable<string>): void {
    for (const kind of kinds) {
      this.#all.delete(kind);
      this.#signals.get(kind)?.tell();
    }
  }

  everythingChanged(): void {
    this.#all.clear();
    for (const signal of this.#signals.values()) signal.tell();
  }

  #signal(kindName: string): Signal {
    const known = this.#signals.get(kindName);
    if (known) return known;
    const signal = new Signal();
    this.#signals.set(kindName, signal);
    return signal;
  }
}
