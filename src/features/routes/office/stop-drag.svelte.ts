import type { StopView } from '../stop-view.ts';

/** A stop that is being dragged by its handle to the place of another one. */
export class StopDrag {
  /** The stop in the hand. */
  held = $state.raw<StopView | null>(null);
  /** The row above which it is. */
  #over = $state.raw<StopView | null>(null);

  begin(view: StopView, event: DragEvent): void {
    const row = event.target instanceof Element ? event.target.closest('tr') : null;
    if (row) event.dataTransfer?.setDragImage(row, 0, row.clientHeight / 2);
    // Without anything to carry some browsers do not drag.
    event.dataTransfer?.setData('text/plain', view.elder?.name ?? view.id);
    this.held = view;
  }

  above(view: StopView, event: DragEvent): void {
    if (!this.held) return;
    event.preventDefault();
    this.#over = view;
  }

  /** How many places the held stop is moved by being dropped here; 0 for none. */
  drop(view: StopView, event: DragEvent): { readonly view: StopView; readonly by: number } | null {
    const { held } = this;
    event.preventDefault();
    this.end();
    return held && held.id !== view.id ? { view: held, by: view.place - held.place } : null;
  }

  end(): void {
    this.held = null;
    this.#over = null;
  }

  /** On which side of a row the held stop would come to stand. */
  sideOf(view: StopView): 'before' | 'after' | undefined {
    if (!this.held || this.#over?.id !== view.id || this.held.id === view.id) return undefined;
    return view.place < this.held.place ? 'before' : 'after';
  }
}
