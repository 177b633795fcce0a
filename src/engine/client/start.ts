import type { Registry } from '../registry.ts';
import { station } from './station.svelte.ts';
import { browserSurroundings } from './surroundings.ts';
import { browserTimers } from './timers.ts';
import { TrpcServer } from './transport.ts';

/** Starts the station of this tab; called once by the root layout. What goes wrong is a phase with words. */
export function startStation(registry: Registry): void {
  const server = new TrpcServer({ fetch: (url, options) => fetch(url, options), timers: browserTimers });
  void station.start({ registry, server, around: browserSurroundings() });
}
