import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../support/database.ts';
import type { BenchPostgres } from './bench-postgres.ts';
import { buildOurs, type Built } from './built.ts';
import { runOurs } from './our-phone.ts';
import { BenchStation } from './station-data.ts';

const records = 300;
const writes = 40;

let built: Built;
const databases: FreshDatabase[] = [];

/** The bench on the server for tests: it copies no template, so each asks for a station of its own. */
const postgres = {
  database: async () => {
    const database = await freshDatabase();
    databases.push(database);
    const station = await BenchStation.make(database.url, records);
    await station.end();
    return database.url;
  },
  drop: async () => undefined,
} as unknown as BenchPostgres;

beforeAll(async () => {
  built = await buildOurs();
});
afterAll(async () => {
  built.remove();
  for (const one of databases) await one.drop();
});

describe('the bench', () => {
  it('takes every measure of ours, so that it works on the day it is needed', async () => {
    const setting = { postgres, built, prepared: '', speed: null, scope: 'whole', records, writes } as const;
    const run = await runOurs({ ...setting, restMs: 200 });
    expect(run.pull.wire.requests).toBeGreaterThan(0);
    expect(run.push.wire.up).toBeGreaterThan(500);
    expect(run.nothingNew?.wire.down).toBeGreaterThan(0);
    expect(run.changed?.wire.down).toBeGreaterThan(0);
    for (const figure of [run.pull.ms, run.push.ms, run.writeP95]) expect(figure).toBeGreaterThan(0);
  });
});
