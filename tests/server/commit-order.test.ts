import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExchangeAnswer } from '#engine/protocol.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { ask, clock, officeDesk, postgresStation, registry, rowsIn, walker } from './fixture.ts';

/** So many write at the same time, each so often, with pauses that let later numbers be committed first. */
const writers = 64;
const writes = 6;

let station: Awaited<ReturnType<typeof postgresStation>>;
beforeAll(async () => {
  station = await postgresStation(registry, { max: 72 });
  await station.sql`create sequence naive`;
  await station.sql`create table naive_row (id text primary key, number bigint not null default nextval('naive'))`;
});
afterAll(() => station.end());

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * 20));

/** One record by the station's way: read, think, take the counter last, commit. */
async function write(id: string): Promise<void> {
  await station.store.transaction('s', 'push', async (tx) => {
    await tx.clock();
    await pause();
    const { version } = await tx.lockClock();
    const rows = [{ kind: 'round', id, row: { id, walker: 'a' } }];
    await tx.write({ version: version + 1, rows, acts: [], clashes: [] });
  });
}

/** The same with a number from a sequence, as it is usually done. */
async function writeNaively(id: string): Promise<void> {
  await station.sql.begin(async (tx) => {
    await tx`insert into naive_row (id) values (${id})`;
    await pause();
  });
}

it('64 writers: nobody who follows a cookie misses a record, and who follows a plain number does', async () => {
  const seen = { naive: new Set<string>(), whole: new Set<string>(), noted: new Set<string>() };
  let cursor = 0;
  let [whole, noted]: [ExchangeAnswer | null, ExchangeAnswer | null] = [null, null];
  const look = async (): Promise<void> => {
    const rows = await station.sql<{ id: string; number: number }[]>`
      select id, number from naive_row where number > ${cursor} order by number`;
    cursor = rows.at(-1)?.number ?? cursor;
    for (const { id } of rows) seen.naive.add(id);
    whole = await exchange(station.store, registry, clock, officeDesk, ask(whole));
    for (const { id } of rowsIn(whole, 'round')) seen.whole.add(id);
    noted = await exchange(station.store, registry, clock, walker('a'), ask(noted));
    for (const { id } of rowsIn(noted, 'round')) seen.noted.add(id);
  };
  const done = new AbortController();
  const reading = (async () => {
    while (!done.signal.aborted) await look();
    await look();
  })();
  const work = Array.from({ length: writers }, async (_none, writer) => {
    for (let number = 0; number < writes; number += 1) {
      await pause();
      await Promise.all([writeNaively(`${writer}-${number}`), write(`${writer}-${number}`)]);
    }
  });
  await Promise.all(work);
  done.abort();
  await reading;
  const all = writers * writes;
  expect([seen.whole.size, seen.noted.size]).toEqual([all, all]);
  // Were this ever as complete, the test above would prove nothing.
  expect(seen.naive.size).toBeLessThan(all);
}, 120_000);
