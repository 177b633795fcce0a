import type { Reader } from '#engine/reader.ts';
import { inOrder } from './order.rules.ts';
import { stop, type Stop } from './route.record.ts';

export function routeDayIdOf(date: string, meal: string, routeId: string): string {
  return `${date}:${meal}:${routeId}`;
}

export function stopIdOf(date: string, meal: string, elderId: string): string {
  return `${date}:${meal}:${elderId}`;
}

/** Stops of a route of the day, in order, without those taken off. */
export function stopsOf(tx: Reader, dayId: string): readonly Stop[] {
  return inOrder(tx.where(stop, { routeDayId: dayId }).filter(({ active }) => active));
}
