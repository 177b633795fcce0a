import { station } from '#engine/client/station.svelte.ts';
import { person } from '#features/access/person.record.ts';
import { m } from '#messages';
import { deliveryActs, type Delivery } from '../delivery.record.ts';
import { outcomeLabels } from '../outcome-words.ts';
import { deliveryPaperActs } from '../paper.desk.record.ts';
import { bounceMs, codeOf, nextRow, paperCodes, routeSheetNumber, type PaperCode } from './paper.rules.ts';
import { routeDay } from '../route.record.ts';
import type { DoorOutcome } from '../stop.rules.ts';
import { stopViews, type StopView } from '../stop-view.ts';

/**
 * Results typed back from a sheet of paper. A key moves the cursor at once and its act follows in order behind the ones
 * before it, so that nobody types faster than the desk can take it; what was refused brings the cursor back.
 */
export class PaperDesk {
  readonly routeDayId: string;
  /** Row at which the next digit goes; '' when every door has its result. */
  cursor = $state('');
  problem = $state('');
  /** What was noted last, for eye and ear. */
  said = $state('');
  #walker = $state('');
  /** Rows typed here, the last one at the end. */
  #typed = $state.raw<readonly string[]>([]);
  /** Rows whose acts are on their way, once for each act. */
  #taken: readonly string[] = [];
  #queue: Promise<void> = Promise.resolve();
  #lastKey = { digit: '', at: -Infinity };

  readonly day = $derived.by(() => station.records(routeDay).get(this.routeDayId));
  readonly views = $derived.by(() => stopViews(station.reader, this.routeDayId));
  readonly number = $derived.by(() =>
    this.day
      ? routeSheetNumber(
          this.day,
          this.views.map(({ id }) => id),
        )
      : '',
  );
  readonly deliverers = $derived.by(() =>
    station
      .records(person)
      .all()
      .filter(({ id, active, roles }) => id === this.day?.volunteerId || (active && roles.includes('deliverer'))),
  );
  readonly done = $derived(this.views.filter(({ state }) => state !== 'waiting').length);
  readonly checking = $derived(this.views.filter(({ openCheck }) => openCheck !== undefined));
  readonly mayGoBack = $derived(this.#typed.length > 0);
  readonly sums = $derived.by(() => sumsOf(this.views));

  constructor(routeDayId: string) {
    this.routeDayId = routeDayId;
    this.begin();
  }

  /** To the first row that waits; called again when rows come in. */
  begin(): void {
    this.#toNext(undefined);
  }

  /** Who carried the sheet: whoever the route was given to, unless the office says another. */
  get walker(): string {
    return this.#walker || (this.day?.volunteerId ?? '');
  }
  set walker(id: string) {
    this.#walker = id;
    this.problem = '';
  }

  get may(): boolean {
    const [first] = this.views;
    const args = { stopId: first?.id ?? '', outcome: 'handedOver', boxesBack: 0, deliveredBy: this.walker } as const;
    return first !== undefined && station.can(deliveryPaperActs.fromPaper, args);
  }

  /** A digit at this moment (ms): the row under the cursor has its result, and the cursor is at the next one. */
  press(digit: string, at: number): void {
    const bounced = digit === this.#lastKey.digit && at - this.#lastKey.at < bounceMs;
    this.#lastKey = { digit, at };
    const code = codeOf(digit);
    const view = this.views.find(({ id }) => id === this.cursor);
    if (bounced || !code || !view) return;
    if (this.walker === '') this.problem = m.routes_paper_who_first();
    else if (fromPhone(view)) this.problem = m.routes_paper_locked({ n: view.place });
    else this.#take(view, code);
  }

  #take(view: StopView, code: PaperCode): void {
    this.problem = '';
    this.#typed = [...this.#typed.filter((id) => id !== view.id), view.id];
    this.#taken = [...this.#taken, view.id];
    this.#toNext(view.id);
    this.#later(view, async () => {
      // What was typed here before is taken back first; it is refused when somebody already acts on it.
      const before = this.#typedFact(view);
      const refused = (before && (await withdraw(before))) ?? (await this.#enter(view, code.outcome));
      if (refused) this.#bringBack(view, refused);
      else this.said = sentence(view, code.outcome);
    });
  }

  /** Takes the last result back and goes to its row. */
  back(): void {
    const view = this.views.find(({ id }) => id === this.#typed.at(-1));
    if (!view) return;
    this.#typed = this.#typed.slice(0, -1);
    this.problem = '';
    this.cursor = view.id;
    this.#taken = [...this.#taken, view.id];
    this.#later(view, async () => {
      const fact = this.#typedFact(view);
      const refused = fact && (await withdraw(fact));
      if (refused) this.#bringBack(view, refused);
      else this.said = m.routes_paper_said({ n: view.place, name: nameOf(view), what: outcomeLabels.withdrawn() });
    });
  }

  /** To the row above or below, whatever its state. */
  move(by: number): void {
    const { views } = this;
    const place = views.findIndex(({ id }) => id === this.cursor);
    const next = place < 0 ? (by < 0 ? views.length - 1 : 0) : place + by;
    this.cursor = views[Math.max(0, Math.min(next, views.length - 1))]?.id ?? '';
    this.problem = '';
  }

  #toNext(after: string | undefined): void {
    this.cursor = nextRow(this.views, after, new Set(this.#taken)) ?? '';
  }

  /** What was typed of this door and stands now, after all that was on its way. */
  #typedFact({ id }: StopView): Delivery | undefined {
    const now = this.views.find((view) => view.id === id);
    return now?.facts.findLast(({ enteredBy }) => enteredBy !== null);
  }

  #later(view: StopView, work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).finally(() => {
      const over = this.#taken.indexOf(view.id);
      this.#taken = this.#taken.filter((_, place) => place !== over);
    });
  }

  /** Why it was refused, or undefined when it was noted. */
  async #enter({ stop }: StopView, outcome: DoorOutcome): Promise<string | undefined> {
    const boxesBack = outcome === 'handedOver' || outcome === 'handedToOther' ? stop.boxesDue : 0;
    const args = { stopId: stop.id, outcome, boxesBack, deliveredBy: this.walker };
    const done = await station.mutate(deliveryPaperActs.fromPaper, args);
    return 'refusal' in done ? station.refusalWords(done.refusal.code, deliveryPaperActs.fromPaper.name) : undefined;
  }

  #bringBack(view: StopView, why: string): void {
    this.problem = m.routes_paper_problem({ n: view.place, why });
    this.cursor = view.id;
  }
}

async function withdraw({ id: factId }: Delivery): Promise<string | undefined> {
  const done = await station.mutate(deliveryActs.withdraw, { factId });
  return 'refusal' in done ? station.refusalWords(done.refusal.code, deliveryActs.withdraw.name) : undefined;
}

/** Somebody said on a phone what happened at this door. */
export function fromPhone(view: StopView): boolean {
  return (
    view.facts.some(({ enteredBy }) => enteredBy === null) || (view.facts.length === 0 && view.state !== 'waiting')
  );
}

function nameOf(view: StopView): string {
  return view.elder?.name ?? '';
}

function sentence(view: StopView, outcome: DoorOutcome): string {
  return m.routes_paper_said({ n: view.place, name: nameOf(view), what: outcomeLabels[outcome]() });
}

/** How often each outcome stands, in the order of the sheet, to be held against the sums at its foot. */
function sumsOf(views: readonly StopView[]): readonly { readonly outcome: DoorOutcome; readonly count: number }[] {
  const counting = views.map(({ facts }) => facts.at(-1)?.outcome);
  return paperCodes
    .map(({ outcome }) => ({ outcome, count: counting.filter((one) => one === outcome).length }))
    .filter(({ count }) => count > 0);
}
