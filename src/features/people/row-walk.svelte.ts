import { tick } from 'svelte';
import { allOrNone, reached, toggled } from './many/choosing.rules.ts';
import type { PeopleList } from './people-list.svelte.ts';
import { rowKey } from './row-keys.rules.ts';

const pageSize = 60;

/** The rows of the register as one goes through them: how many are listed, at which one the keyboard is. */
export class RowWalk {
  shown = $state(pageSize);
  #at = $state<string | null>(null);

  readonly ids: readonly string[] = $derived.by(() => this.list.found.map(({ elder }) => elder.id));
  readonly rows = $derived.by(() => this.list.found.slice(0, this.shown));
  /** The one row that Tab comes to; the arrows go on from there. */
  readonly current = $derived.by(() => {
    const listed = (id: string | null | undefined) => this.rows.some(({ elder }) => elder.id === id);
    return [this.#at, this.opened()].find(listed) ?? this.rows[0]?.elder.id;
  });

  constructor(
    readonly list: PeopleList,
    /** Id of the opened file. */
    readonly opened: () => string | undefined,
    /** The keyboard goes up beyond the first row. */
    readonly leave: () => void,
  ) {}

  /** Another question begins at the head of the list again. */
  again(): void {
    this.shown = pageSize;
  }

  more(): void {
    this.shown += pageSize;
  }

  /** Brings the keyboard to a row, listing as many as it takes; nothing for somebody who is not found. */
  async focus(id: string | undefined): Promise<void> {
    const place = id === undefined ? -1 : this.ids.indexOf(id);
    if (id === undefined || place === -1) return;
    if (place >= this.shown) this.shown = place + pageSize;
    this.#at = id;
    await tick();
    const link = document.querySelector<HTMLElement>(`tr[data-elder="${CSS.escape(id)}"] a`);
    link?.focus();
    link?.scrollIntoView({ block: 'nearest' });
  }

  focusFirst(): Promise<void> {
    return this.focus(this.ids[0]);
  }

  focusOpened(): Promise<void> {
    return this.focus(this.opened());
  }

  /** A tick with the mouse; with Shift everybody from the last one to here. */
  pick(id: string, asRange: boolean): void {
    this.#at = id;
    const { list } = this;
    list.chosen = asRange ? reached(list.chosen, this.ids, id) : toggled(list.chosen, id);
  }

  /** The keys of the rows, wherever in a row the focus is. */
  readonly listen = (body: HTMLElement): (() => void) => {
    const keydown = (event: KeyboardEvent): void => this.#press(event);
    body.addEventListener('keydown', keydown);
    return () => body.removeEventListener('keydown', keydown);
  };

  #press(event: KeyboardEvent): void {
    const id = event.target instanceof Element && event.target.closest<HTMLElement>('tr')?.dataset.elder;
    if (!id || event.isComposing) return;
    const place = this.ids.indexOf(id);
    const key = rowKey(event, place, { last: this.ids.length - 1, listed: this.rows.length - 1 });
    if (!key) return;
    event.preventDefault();
    const { list } = this;
    if (key.does === 'toggle') this.pick(id, false);
    else if (key.does === 'all') list.chosen = allOrNone(list.chosen, this.ids);
    else if (key.does === 'leave') this.leave();
    else {
      if (key.choosing) this.#choose(place, key.to);
      void this.focus(this.ids[key.to]);
    }
  }

  /** With Shift both the row one comes from and the row one comes to are chosen. */
  #choose(from: number, to: number): void {
    const { list, ids } = this;
    const both = [ids[from], ids[to]].filter((id) => id !== undefined && !list.chosen.ids.has(id));
    for (const id of both) list.chosen = toggled(list.chosen, id as string);
  }
}
