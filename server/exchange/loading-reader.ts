import type { Change } from '#engine/change.ts';
import type { AnyKind, Row, RowOf } from '#engine/kind.ts';
import type { Reader, Where } from '#engine/reader.ts';
import type { Registry } from '#engine/registry.ts';
import { Tables } from '#engine/tables.ts';
import type { LoadedRow, RecordName, Wanted } from './store.ts';

/**
 * Lets a synchronous act read a database that only answers later. What has not been loaded yet is noted and answered
 * with "nothing there"; the act's result is then thrown away and the act run again once the records are here. Acts are
 * pure, so running them twice is the same as once, and one run notes all it asks for, so few rounds are needed.
 */
export class LoadingReader implements Reader {
  readonly #tables: Tables;
  /** Version of each record when it was loaded; null when it was not there. */
  readonly #versions = new Map<string, number | null>();
  readonly #sets = new Map<string, Wanted['sets'][number]>();
  readonly #wantedRows = new Map<string, RecordName>();
  readonly #wantedSets = new Map<string, Wanted['sets'][number]>();
  #missed = false;
  /** What stood before each change that is only supposed; null while changes are real. */
  #before: { readonly kind: string; readonly id: string; readonly row: Row | null }[] | null = null;

  constructor(registry: Registry) {
    this.#tables = new Tables(registry);
  }

  /** Runs an act; `complete` says whether it saw everything it asked for. */
  attempt<T>(run: () => T): { readonly complete: boolean; readonly result?: T; readonly error?: unknown } {
    this.#missed = false;
    try {
      const result = run();
      return { complete: !this.#missed, result };
    } catch (error) {
      return { complete: !this.#missed, error };
    }
  }

  get<K extends AnyKind>(kind: K, id: string): RowOf<K> | undefined {
    const row = this.#tables.get(kind, id);
    const name = nameOf(kind.name, id);
    if (!this.#versions.has(name)) {
      this.#missed = true;
      this.#wantedRows.set(name, { kind: kind.name, id });
    }
    return row;
  }

  where<K extends AnyKind>(kind: K, equal: Where<K>): readonly RowOf<K>[] {
    const found = this.#tables.where(kind, equal);
    const key = setKeyOf(kind.name, equal);
    if (this.#sets.has(key)) return found;
    this.#missed = true;
    this.#wantedSets.set(key, { kind: kind.name, equal });
    return found;
  }

  /** A record that is read along when the acts ask for anything. */
  readAlong(name: RecordName): void {
    this.#wantedRows.set(nameOf(name.kind, name.id), name);
  }

  /** A record as it stands behind the acts; undefined when it was not read or is not there. */
  found({ kind, id }: RecordName): Row | undefined {
    return this.#versions.has(nameOf(kind, id)) ? this.#tables.of(kind).get(id) : undefined;
  }

  /** What acts asked for since the last call and is not here. */
  takeWanted(): Wanted {
    const wanted = { rows: [...this.#wantedRows.values()], sets: [...this.#wantedSets.values()] };
    this.#wantedRows.clear();
    this.#wantedSets.clear();
    return wanted;
  }

  /** Takes in what was loaded for `wanted`. What the batch itself has changed stays as it is. */
  fill(wanted: Wanted, loaded: readonly LoadedRow[]): void {
    for (const { kind, row, version } of loaded) {
      const name = nameOf(kind, row.id);
      if (this.#versions.has(name)) continue;
      this.#versions.set(name, version);
      this.#tables.of(kind).set(row.id, row);
    }
    for (const { kind, id } of wanted.rows) {
      const name = nameOf(kind, id);
      if (!this.#versions.has(name)) this.#versions.set(name, null);
    }
    for (const set of wanted.sets) this.#sets.set(setKeyOf(set.kind, set.equal), set);
  }

  apply(changes: readonly Change[]): void {
    if (this.#before)
      for (const { kind, id } of changes) this.#before.push({ kind, id, row: this.#tables.of(kind).get(id) ?? null });
    this.#tables.apply(changes);
  }

  /** From here on changes are only supposed. */
  suppose(): void {
    this.#before ??= [];
  }

  /** Takes back what was supposed. */
  forgetSupposed(): void {
    if (this.#before) this.#tables.apply(this.#before.reverse());
    this.#before = null;
  }

  /** Everything that was read, to be read again before writing. */
  basis(): Wanted {
    const rows = [...this.#versions.keys()].map((name) => {
      const cut = name.indexOf('\u0000');
      return { kind: name.slice(0, cut), id: name.slice(cut + 1) };
    });
    return { rows, sets: [...this.#sets.values()] };
  }

  /** Whether the same records in the same versions stand there now. */
  stillHolds(now: readonly LoadedRow[]): boolean {
    const versions = new Map(now.map(({ kind, row, version }) => [nameOf(kind, row.id), version]));
    if ([...versions].some(([name, version]) => this.#versions.get(name) !== version)) return false;
    return [...this.#versions].every(([name, version]) => (versions.get(name) ?? null) === version);
  }
}

function nameOf(kind: string, id: string): string {
  return `${kind}\u0000${id}`;
}

function setKeyOf(kind: string, equal: object): string {
  return `${kind}\u0000${JSON.stringify(Object.entries(equal).sort())}`;
}
