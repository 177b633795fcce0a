import { addDays } from '#engine/calendar.ts';
import { station } from '#engine/client/station.svelte.ts';
import type { AnyKind, Row, RowOf } from '#engine/kind.ts';
import type { Reader, Where } from '#engine/reader.ts';

/** Why nothing more came; null while all is well. */
export type OlderProblem = 'no-answer' | 'refused' | null;

/**
 * What happened to an elder before the days this device holds, asked of the centre a month at a time and never kept.
 * `reader` gives it to the same rules that tell what the device holds; names of people come from the device.
 */
export class OlderCare {
  readonly #elderId: string;
  readonly #kinds: readonly AnyKind[];
  #rows = $state.raw<readonly { readonly kind: string; readonly row: Row }[]>([]);
  /** Day behind the next page; null when there is nothing older. */
  #before = $state<string | null>(null);
  #asking = $state(false);
  #problem = $state<OlderProblem>(null);

  constructor(elderId: string, kinds: readonly AnyKind[]) {
    this.#elderId = elderId;
    this.#kinds = kinds;
    this.#before = addDays(station.today, 1);
  }

  get asking(): boolean {
    return this.#asking;
  }

  get problem(): OlderProblem {
    return this.#problem;
  }

  /** Whether the centre may have more. */
  get more(): boolean {
    return this.#before !== null;
  }

  /** The month before what is shown. */
  async load(): Promise<void> {
    if (this.#asking || this.#before === null) return;
    this.#asking = true;
    const asked = await station.readHistory('olderRecords', {
      about: { kind: 'elder', id: this.#elderId },
      field: 'elderId',
      kinds: this.#kinds.map(({ name }) => name),
      before: this.#before,
    });
    this.#asking = false;
    if (asked.kind !== 'answer') {
      this.#problem = asked.kind === 'no-answer' || asked.kind === 'busy' ? 'no-answer' : 'refused';
      return;
    }
    this.#problem = null;
    this.#rows = [...this.#rows, ...(asked.answer.rows as { kind: string; row: Row }[])];
    this.#before = asked.answer.next;
  }

  /** The records that came, without those that the device holds itself. */
  get reader(): Reader {
    const rows = this.#rows;
    const held = station.reader;
    return {
      get: (kind, id) => held.get(kind, id) ?? (rows.find((one) => one.row.id === id)?.row as never),
      where: <K extends AnyKind>(kind: K, equal: Where<K>) =>
        rows
          .filter((one) => one.kind === kind.name && held.get(kind, one.row.id) === undefined)
          .map(({ row }) => row as RowOf<K>)
          .filter((row) => Object.entries(equal).every(([name, value]) => row[name as keyof RowOf<K>] === value)),
    };
  }
}
