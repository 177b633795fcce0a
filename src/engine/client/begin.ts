import { findDevice, type FoundDevice } from './device.ts';
import type { Surroundings } from './session.ts';
import { browserSurroundings } from './surroundings.ts';

/** What was begun before the app's own code was there. */
export interface Begun {
  readonly around: Surroundings;
  /** Rejects with StartProblem. */
  readonly found: Promise<FoundDevice>;
}

let begun: Begun | null = null;

/**
 * Begins to open what this phone holds. It needs to know of no kind, so it goes on while the code of the screens is
 * fetched, read and run: on a slow phone each of the two takes a third of a second. Whoever calls later gets what was begun.
 */
export function beginOpening(): Begun {
  begun ??= opened();
  return begun;
}

function opened(): Begun {
  const around = browserSurroundings();
  const found = findDevice(around).then((device) => {
    if (device.kind === 'open') device.storage.beginLoading();
    return device;
  });
  // Whoever starts the station hears of it.
  found.catch(() => undefined);
  return { around, found };
}
