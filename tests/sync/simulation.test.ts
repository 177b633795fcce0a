import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bundles } from './ranges.ts';
import { summaryOf, type Summary } from './summary.ts';
import { play, type Run } from './world.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

async function playAll(from: number, to: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (let seed = from; seed <= to; seed += 1) runs.push(await play({ seed: `${seed}` }));
  return runs;
}

describe('phones and one server under faults', () => {
  it.each(bundles(1, 250))(
    'seeds %i to %i',
    async (from, to) => {
      for (const { seed, anomalies } of await playAll(from, to))
        expect({ seed, anomalies }).toEqual({ seed, anomalies: [] });
    },
    120_000,
  );

  it('tells the same story for the same seed, here and in another process', async () => {
    const [first, second] = [await playAll(1, 8), await playAll(1, 8)];
    expect(second).toEqual(first);
    const command = ['scripts/run.mjs', 'tests/sync/sim.cli.ts', '--seeds', '1..8', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root });
    const elsewhere = JSON.parse(stdout.trim().split('\n').at(-1) as string) as Summary;
    expect(elsewhere.traceHash).toBe(summaryOf(first).traceHash);
  }, 180_000);
});
