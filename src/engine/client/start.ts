import type { Registry } from '../registry.ts';
import { beginOpening } from './begin.ts';
import type { LateDeclarations } from './late-acts.ts';
import { LaterServer } from './later-server.ts';
import { station } from './station.svelte.ts';
import { browserTimers } from './timers.ts';

/** Starts the station of this tab; called once by the root layout. What goes wrong is a phase with words. */
export function startStation(registry: Registry, late: LateDeclarations): void {
  // tRPC's client is a tenth of the code of a first load, and nothing that a phone shows by itself waits for it.
  const server = new LaterServer(async () => {
    const { TrpcServer } = await import('./transport.ts');
    return new TrpcServer({ fetch: (url, options) => fetch(url, options), timers: browserTimers });
  });
  void station.start({ registry, server, ...beginOpening(), late });
}
