import { uuidv7 } from 'uuidv7';
import { CacheJournal } from './cache-journal.ts';
import { canaryIn } from './canary.ts';
import { sleepAwareClock } from './clock.ts';
import { WorkerJournal, type JournalWorker } from './journal.ts';
import type { Locks } from './leader.ts';
import type { Surroundings } from './session.ts';
import { browserTimers } from './timers.ts';

/** What this browser has; whatever an old one lacks is null and lived with. */
export function browserSurroundings(): Surroundings {
  const wallClock = () => Date.now();
  return {
    timers: browserTimers,
    tools: {
      wallClock,
      monotonic: sleepAwareClock({ wall: wallClock, running: () => performance.now() }),
      newId: uuidv7,
      whenIdle,
    },
    canary: canaryIn(localStorageIfAllowed()),
    journals: () => [new WorkerJournal(journalWorker, browserTimers), new CacheJournal(actCache, alone)],
    locks: 'locks' in navigator ? (navigator.locks as unknown as Locks) : null,
    channel: (name) => ('BroadcastChannel' in globalThis ? new BroadcastChannel(name) : null),
    keepStorage: () => void navigator.storage?.persist?.().catch(() => false),
    onAwake(wake) {
      const online = () => wake('online');
      const focus = () => {
        if (document.visibilityState === 'visible') wake('focus');
      };
      addEventListener('online', online);
      addEventListener('focus', focus);
      document.addEventListener('visibilitychange', focus);
      return () => {
        removeEventListener('online', online);
        removeEventListener('focus', focus);
        document.removeEventListener('visibilitychange', focus);
      };
    },
  };
}

/** Later than this it is done all the same (ms). */
const idleWithinMs = 5_000;

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: idleWithinMs });
  else setTimeout(work, idleWithinMs);
}

function localStorageIfAllowed(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

const journalWorker = (): JournalWorker =>
  new Worker(new URL('./journal.worker.ts', import.meta.url), { type: 'module', name: 'journal' });

const actCache = (): Promise<Cache> => caches.open('nuanlin-acts');

function alone<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? (navigator.locks.request('nuanlin-acts', work) as Promise<T>) : work();
}
