import type { Job } from './jobs.ts';
import type { HistoryQuery } from './history.ts';
import { olderRecords } from './older-records.ts';
import type { ServerEffect } from './effects.ts';

/**
 * What features may only do on the server, found by itself: a `*.server.ts` in a feature's folder may export `effects`
 * (by name of a mutation), `queries` (history, by name) and `jobs` (by name).
 */
export interface ServerParts {
  readonly effects: ReadonlyMap<string, ServerEffect>;
  readonly queries: ReadonlyMap<string, HistoryQuery>;
  readonly jobs: ReadonlyMap<string, Job>;
}

const modules = import.meta.glob<Record<string, unknown>>('../src/features/*/*.server.ts', { eager: true });

/** Gathers the parts; throws when a name stands twice. */
export function serverParts(list: readonly Record<string, unknown>[] = Object.values(modules)): ServerParts {
  return {
    effects: gathered<ServerEffect>(list, 'effects'),
    queries: gathered<HistoryQuery>([{ queries: { olderRecords } }, ...list], 'queries'),
    jobs: gathered<Job>(list, 'jobs'),
  };
}

function gathered<T>(list: readonly Record<string, unknown>[], part: string): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const module of list)
    for (const [name, value] of Object.entries((module[part] ?? {}) as Record<string, T>)) {
      if (found.has(name)) throw new Error(`${part}: "${name}" stands twice.`);
      found.set(name, value);
    }
  return found;
}
