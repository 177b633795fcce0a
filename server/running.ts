import type { RunningStation } from './station.ts';

/** The station this process serves; null until it is ready and after it was closed. */
let running: RunningStation | null = null;

export function runningStation(): RunningStation | null {
  return running;
}

export function setRunningStation(station: RunningStation | null): void {
  running = station;
}
