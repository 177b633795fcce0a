/** Timers and chance, handed in so that a test can run a day in a moment. */
export interface Timers {
  /** Runs once after `ms`; returns how to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Evenly spread in [0, 1). */
  readonly random: () => number;
}

export const browserTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
