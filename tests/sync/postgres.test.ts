import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPostgres } from './planted-postgres.ts';
import { rough } from './planted.ts';
import { PostgresGround } from './postgres-ground.ts';
import { PostgresKeeper } from './postgres-keeper.ts';
import { seedsFrom } from './ranges.ts';
import { play } from './world.ts';

/** A run over PostgreSQL takes about ten times as long as one in memory; `npm run sim -- --store both` plays more. */
const steps = 80;

let ground: PostgresGround;
beforeAll(async () => {
  ground = await PostgresGround.open();
});
afterAll(() => ground.end());

describe('over PostgreSQL, as the store in memory does it: one reads a moment or writes at a time', () => {
  it.each(['2', '5', '7'])('seed %s tells the same story as in memory, word for word', async (seed) => {
    const keeper = await PostgresKeeper.begin(ground, seed, { oneAtATime: true });
    const run = await play({ seed, steps, keeper });
    expect(run.anomalies).toEqual([]);
    expect(run.trace).toBe((await play({ seed, steps })).trace);
  });
});

describe('over PostgreSQL with transactions that lie over each other', () => {
  const happened: Record<string, number> = {};
  const playOnce = async (seed: string) =>
    play({ seed, steps, keeper: await PostgresKeeper.begin(ground, seed), profile: { serverFails: 0.008 } });

  it.each(['6', '8', '9'])('seed %s ends with nothing lost, doubled or missing', async (seed) => {
    const { anomalies, faults } = await playOnce(seed);
    expect(anomalies).toEqual([]);
    for (const [fault, count] of Object.entries(faults)) happened[fault] = (happened[fault] ?? 0) + count;
  });

  it('among what happened there are connections that ended', () => {
    expect(happened['transactionKilled']).toBeGreaterThan(0);
  });

  it('the same seed tells the same story again', async () => {
    expect(await playOnce('9')).toEqual(await playOnce('9'));
  });
});

describe('the checker catches a mistake that only PostgreSQL can show', () => {
  it.each(inPostgres)(
    '$mistake',
    async ({ breaks, seed: known, steps: few, said, flaws, profile }) => {
      const broken = new Set<string>();
      for (const seed of seedsFrom(known, 12)) {
        if (broken.has(breaks)) break;
        const keeper = await PostgresKeeper.begin(ground, seed, { mistake: said });
        const run = await play({ seed, keeper, steps: few, flaws: flaws(), profile: { ...rough, ...profile } });
        for (const { rule } of run.anomalies) broken.add(rule);
      }
      expect(said.isSaid?.() ?? true).toBe(true);
      expect([...broken]).toContain(breaks);
    },
    60_000,
  );
});
