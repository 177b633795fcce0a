import type { Run } from './world.ts';

export interface Summary {
  readonly runs: number;
  readonly steps: number;
  readonly actsSaved: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly anomalies: number;
  readonly failingSeeds: readonly string[];
  /** Differs when anything that happened in any of the runs does. */
  readonly traceHash: string;
}

/** What came of several runs. */
export function summaryOf(runs: readonly Run[]): Summary {
  const faults: Record<string, number> = {};
  for (const run of runs)
    for (const [fault, count] of Object.entries(run.faults)) faults[fault] = (faults[fault] ?? 0) + count;
  return {
    runs: runs.length,
    steps: runs.reduce((sum, { steps }) => sum + steps, 0),
    actsSaved: runs.reduce((sum, { acts }) => sum + acts, 0),
    faults,
    anomalies: runs.reduce((sum, { anomalies }) => sum + anomalies.length, 0),
    failingSeeds: runs.filter(({ anomalies }) => anomalies.length > 0).map(({ seed }) => seed),
    traceHash: joined(runs.map(({ trace }) => trace)),
  };
}

/** One short text that differs when any of the texts does (FNV-1a, 32 bit). */
function joined(texts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const char of texts.join()) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
