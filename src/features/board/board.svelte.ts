import { station } from '#engine/client/station.svelte.ts';
import { device } from '#features/access/device.record.ts';
import { isOut, minutesLate, tripState } from '#features/escorts/public.ts';
import { escortStep } from '#features/escorts/escort-step.record.ts';
import { escort } from '#features/escorts/escort.record.ts';
import { absence } from '#features/meals/order.record.ts';
import { delivery } from '#features/routes/delivery.record.ts';
import { routeDay, stop } from '#features/routes/route.record.ts';
import { safetyCheck } from '#features/safety/safety-check.record.ts';
import { dueList } from '#features/visits/public.ts';
import { visitPlan } from '#features/visits/visit-plan.record.ts';
import { phonesWithUnsentWork, quietPhones, routesOnBoard, totalOf } from './board.rules.ts';

/** The day as the coordinator watches it. Everything is computed from records; nothing here is stored. */
export class Board {
  readonly now = $derived.by(() => station.now());
  readonly today = $derived.by(() => station.today);
  readonly #stopChecks = $derived.by(() =>
    station
      .records(safetyCheck)
      .all()
      .filter(({ date }) => date === this.today),
  );
  readonly routes = $derived.by(() =>
    routesOnBoard(
      station.records(routeDay).where({ date: this.today }),
      station.records(stop).where({ date: this.today }),
      station.records(delivery).where({ date: this.today }),
      this.#stopChecks,
    ),
  );
  readonly total = $derived(totalOf(this.routes));
  /** Open checks of any day, the longest waited for first. */
  readonly checks = $derived.by(() =>
    [...station.records(safetyCheck).where({ state: 'open' })].sort((a, b) => a.openedAt - b.openedAt),
  );
  readonly overdue = $derived.by(() =>
    dueList(station.records(visitPlan).all(), this.today, station.records(absence).all()).filter(
      ({ state }) => state === 'overdue',
    ),
  );
  readonly out = $derived.by(() =>
    station
      .records(escort)
      .all()
      .map((one) => {
        const steps = station.records(escortStep).where({ escortId: one.id });
        return { one, steps, state: tripState(one, steps), late: minutesLate(one, steps, this.now) };
      })
      .filter(({ one, steps }) => isOut(one, steps))
      .sort((a, b) => b.late - a.late),
  );
  readonly unsent = $derived.by(() => phonesWithUnsentWork(station.records(device).all()));
  readonly quiet = $derived.by(() => {
    const walking = this.routes.filter(({ day }) => day.state === 'onRoute' && day.volunteerId !== null);
    return quietPhones(
      station.records(device).all(),
      new Set(walking.map(({ day }) => day.volunteerId as string)),
      this.now,
    );
  });
}
