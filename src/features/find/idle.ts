/** Longest pause before a slice is worked on even while the page is busy (ms). */
const atLatestMs = 300;
/** A slice where the browser cannot say how long it has time (ms). */
const sliceMs = 4;

/** Does work slice by slice while nothing else is to be done; `step` tells whether there is more of it. */
export function inIdleSlices(step: () => boolean, onslice: () => void): void {
  const slice = (hasTime: () => boolean): void => {
    let goesOn = true;
    do goesOn = step();
    while (goesOn && hasTime());
    onslice();
    if (goesOn) inIdleSlices(step, onslice);
  };
  if ('requestIdleCallback' in globalThis)
    requestIdleCallback((deadline) => slice(() => deadline.timeRemaining() > 1), { timeout: atLatestMs });
  else
    setTimeout(() => {
      const end = performance.now() + sliceMs;
      slice(() => performance.now() < end);
    });
}
