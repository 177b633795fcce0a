import { describe, expect, it } from 'vitest';
import { playCrashes } from './crash-world.ts';

// Real processes, a real database and a bad line: what the simulation proves about the logic, this proves about the
// parts that only exist outside of it. `npm run crash -- --cycles N` plays more.
describe('server and database killed under load', () => {
  it('lose nothing, double nothing and show nothing that is not so', async () => {
    const run = await playCrashes({ seed: 'crash', cycles: 4 });
    expect(run.anomalies).toEqual([]);
    expect(run.kills).toEqual({ server: 2, database: 2 });
    expect(run.acts).toBeGreaterThan(40);
    expect(run.faults.answerLost).toBeGreaterThan(0);
  }, 240_000);

  it('and a server that answers before it has committed is caught', async () => {
    // Whether a kill falls between answer and commit is chance, so it gets several.
    const caught = new Set<string>();
    for (let tries = 0; tries < 8 && !caught.has('nothing saved is lost'); tries += 1) {
      const run = await playCrashes({ seed: `planted ${tries}`, cycles: 1, flaw: 'forgets' });
      for (const { rule } of run.anomalies) caught.add(rule);
    }
    expect([...caught]).toContain('nothing saved is lost');
  }, 240_000);
});
