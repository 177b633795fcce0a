/**
 * Resolves when the browser has had a turn: what has changed so far is drawn and taps are heard before the work goes
 * on. On a slow phone two short pieces of work are smooth where one long one is a screen that hangs.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
