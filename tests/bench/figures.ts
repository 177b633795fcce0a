import type { Traffic } from './line-proxy.ts';

/** One measured step: how long, and what passed over the line. */
export interface Step {
  readonly ms: number;
  readonly wire: Traffic;
}

/** What one client went through once; steps a client cannot take are absent. */
export interface SyncRun {
  readonly pull: Step;
  readonly push: Step;
  readonly nothingNew?: Step;
  readonly changed?: Step;
  /** All offline writes one after the other (ms). */
  readonly writeMs: number;
}

/** What only ours is asked for besides. */
export interface OurRun extends SyncRun {
  /** One saved act at 10,000 records (ms). */
  readonly writeP50: number;
  readonly writeP95: number;
  readonly writeP99: number;
  /** From asking for the page to the first list painted, offline, processor slowed down (ms). */
  readonly coldStartMs?: number;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Rounded so that a report reads well: no more digits than the measure is worth. */
export function plain(value: number): number {
  if (!Number.isFinite(value)) return value;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits));
}

export const both = ({ up, down }: Traffic): number => up + down;

/** The median run of each step, taken figure by figure. */
export function medianStep(steps: readonly Step[]): Step {
  const of = (pick: (step: Step) => number): number => plain(median(steps.map(pick)));
  return {
    ms: of(({ ms }) => ms),
    wire: {
      up: of(({ wire }) => wire.up),
      down: of(({ wire }) => wire.down),
      requests: of(({ wire }) => wire.requests),
    },
  };
}
