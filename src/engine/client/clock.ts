export interface ClockSources {
  /** Wall clock of the phone (ms, UTC). */
  readonly wall: () => number;
  /** The browser's own running clock (ms); stands still while many phones sleep. */
  readonly running: () => number;
}

/** A difference below this is the system trimming its clock, not sleep (ms). */
const sleepNoticedMs = 2_000;

/**
 * A clock for measuring how long ago the centre was last heard. The browser's running clock stops while an Android
 * phone sleeps in a pocket, which would date every later act too early; so a jump of the wall clock ahead of it counts
 * as sleep. A wall clock that is set back changes nothing.
 */
export function sleepAwareClock({ wall, running }: ClockSources): () => number {
  let slept = 0;
  let before = { wall: wall(), running: running() };
  return () => {
    const now = { wall: wall(), running: running() };
    const ahead = now.wall - before.wall - (now.running - before.running);
    if (ahead > sleepNoticedMs) slept += ahead;
    before = now;
    return now.running + slept;
  };
}
