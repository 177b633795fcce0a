import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeAnswer, Verdict } from '#engine/protocol.ts';
import { actAs } from '#server/exchange/act-as.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { runDueJobs, type Job } from '#server/jobs.ts';
import { brokenAuditEntry } from '#server/postgres/audit.ts';
import { inStation } from '#server/postgres/in-station.ts';
import type { PostgresStore } from '#server/postgres/postgres-store.ts';
import { act, ask, clock, postgresStation, registry, rowsIn, walker } from './fixture.ts';

type Station = Awaited<ReturnType<typeof postgresStation>>;
let station: Station;

beforeAll(async () => {
  station = await postgresStation();
  await station.put('round', [
    { id: 'r1', walker: 'a' },
    { id: 'r2', walker: 'b' },
  ]);
});
afterAll(() => station.end());

async function doors(...ids: string[]): Promise<void> {
  await station.put(
    'door',
    ids.map((id) => ({ id, roundId: 'r1', opened: false, key: null, mood: null })),
  );
}

/** A promise and the way to keep it. */
function resolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((kept) => (resolve = kept));
  return { promise, resolve };
}

const said = (verdicts: readonly Verdict[]) => verdicts.map(({ verdict, code }) => code ?? verdict);

describe('taken once', () => {
  it('when the same request arrives eight times at once', async () => {
    await doors('e1', 'e2');
    const request = ask(null, [
      act(101, 'door.open', { doorId: 'e1' }),
      act(102, 'door.add', { roundId: 'r1' }),
      act(103, 'door.add', { roundId: 'nowhere' }),
    ]);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => exchange(station.store, registry, clock, walker('a'), request)),
    );
    for (const { verdicts } of answers) expect(said(verdicts)).toEqual(['applied', 'applied', 'no-round']);
    expect(answers.filter(({ verdicts }) => !verdicts[0]?.repeated)).toHaveLength(1);
    const [count] = await station.sql`select
      (select count(*) from act where seq between 101 and 103)::int as acts,
      (select count(*) from door where id = 'act-102')::int as doors,
      (select count(*) from review where seq = 103)::int as reviews`;
    expect(count).toEqual({ acts: 3, doors: 1, reviews: 1 });
  });

  it('when two devices do what only one may do', async () => {
    await doors('f1');
    const both = ['a', 'b', 'c', 'd'].map((person, at) => {
      const opening = { ...act(1, 'door.open', { doorId: 'f1' }), id: `race-${person}-${at}` };
      return exchange(station.store, registry, clock, walker(person), ask(null, [opening]));
    });
    const codes = (await Promise.all(both)).flatMap(({ verdicts }) => said(verdicts)).sort();
    expect(codes).toEqual(['already', 'already', 'already', 'applied']);
  });
});

describe('one bad act among a hundred', () => {
  it('is the only one refused, and is kept whole for review', async () => {
    await doors(...Array.from({ length: 100 }, (_, at) => `p${at}`));
    const acts = Array.from({ length: 100 }, (_, at) => act(200 + at, 'door.open', { doorId: `p${at}` }));
    acts[37] = act(237, 'door.misplace', { doorId: 'p37' });
    acts[38] = act(238, 'door.open', { doorId: 'p37' });
    const answer = await exchange(station.store, registry, clock, walker('a'), ask(null, acts));
    const refused = answer.verdicts.filter(({ verdict }) => verdict === 'refused');
    expect(refused).toEqual([{ seq: 237, id: 'act-237', verdict: 'refused', repeated: false, code: 'server-check' }]);
    expect(answer.verdicts).toHaveLength(100);
    const [kept] = await station.sql`select name, args, code, handled_at from review where act_id = 'act-237'`;
    expect(kept).toEqual({ name: 'door.misplace', args: { doorId: 'p37' }, code: 'server-check', handled_at: null });
  });

  it('may say what no column holds, and is still kept', async () => {
    const request = ask(null, [
      act(301, 'door.add', { roundId: 'r1', note: 'a\u0000b\ud800' }),
      act(302, 'door.label', { doorId: 'e2', key: 'a\u0000b' }),
      act(303, 'door.open', { doorId: 'e2' }),
    ]);
    const { verdicts } = await exchange(station.store, registry, clock, walker('a'), request);
    expect(said(verdicts)).toEqual(['applied', 'server-check', 'applied']);
    const [kept] = await station.sql`select args::text as args from review where act_id = 'act-302'`;
    expect(JSON.parse(kept?.args as string)).toEqual({ doorId: 'e2', key: 'a\u0000b' });
  });
});

describe('the order of changes', () => {
  it('is that of the commits: a cursor over plain numbers misses what commits late, ours does not', async () => {
    const { sql } = station;
    await sql`create sequence naive; create table naive_row (id text, number bigint default nextval('naive'))`.simple();
    const seen: Record<'naive' | 'ours', string[]> = { naive: [], ours: [] };
    let cursor = 0;
    let last: ExchangeAnswer | null = null;
    const look = async (): Promise<void> => {
      const rows = await sql<{ id: string; number: number }[]>`
        select id, number from naive_row where number > ${cursor} order by number`;
      cursor = rows.at(-1)?.number ?? cursor;
      seen.naive.push(...rows.map(({ id }) => id));
      last = await exchange(station.store, registry, clock, walker('b'), ask(last));
      seen.ours.push(...rowsIn(last, 'door').map(({ id }) => id));
    };
    await look();
    const gate = resolvers();
    const begun = [resolvers(), resolvers()] as const;
    const slow = [
      sql.begin(async (tx) => {
        await tx`insert into naive_row (id) values ('slow')`;
        begun[0].resolve();
        await gate.promise;
      }),
      station.store.transaction('s', 'push', async (tx) => {
        const { version } = await tx.lockClock();
        const row = { id: 'slow', roundId: 'r2', opened: false, key: null, mood: null };
        const rows = [{ kind: 'door', id: 'slow', row }];
        await tx.write({ version: version + 1, rows, acts: [], clashes: [] });
        begun[1].resolve();
        await gate.promise;
      }),
    ];
    await Promise.all(begun.map(({ promise }) => promise));
    // The quick one takes the later number; where nothing makes it wait, it commits first.
    await sql`insert into naive_row (id) values ('quick')`;
    const quick = station.put('door', [{ id: 'quick', roundId: 'r2', opened: false, key: null, mood: null }]);
    await look();
    gate.resolve();
    await Promise.all([...slow, quick]);
    await look();
    expect(seen.ours.sort()).toEqual(['quick', 'slow']);
    // The planted mistake: if this found both, the test above would prove nothing.
    expect(seen.naive).toEqual(['quick']);
  });

  it('hides nothing from a reader while six write at once', async () => {
    let writing = true;
    const ids = Array.from({ length: 60 }, (_, at) => `busy-${at}`);
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (const id of ids.filter((_one, at) => at % 6 === writer))
        await station.put('door', [{ id, roundId: 'r2', opened: false, key: null, mood: null }]);
    });
    const seen = new Set<string>();
    const reading = (async () => {
      let last: ExchangeAnswer | null = null;
      for (let final = false; !final;) {
        final = !writing;
        last = await exchange(station.store, registry, clock, walker('c2'), ask(last));
        for (const { id } of rowsIn(last, 'door')) seen.add(id);
      }
    })();
    await station.put('round', [{ id: 'r2', walker: 'c2' }]);
    await Promise.all(writers);
    writing = false;
    await reading;
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  });
});

describe('the second lock', () => {
  it('shows and changes only the own station, even when a query forgets to ask for it', async () => {
    await doors('own');
    await inStation(station.sql, 'other', (tx) =>
      tx`insert into round (station_id, id, version, walker) values ('other', 'far', 1, 'z')`.then(() => undefined),
    );
    const seen = await inStation(station.sql, 's', (tx) => tx`select distinct station_id from round`);
    expect(seen.map((row) => row.station_id)).toEqual(['s']);
    const forged = inStation(
      station.sql,
      's',
      (tx) => tx`insert into round (station_id, id, version, walker) values ('other', 'forged', 1, 'z')`,
    );
    await expect(forged).rejects.toThrow('row-level security');
    const touched = await inStation(station.sql, 's', (tx) => tx`update round set walker = 'thief' where id = 'far'`);
    expect(touched.count).toBe(0);
    const nowhere = await station.sql.begin(async (tx) => {
      await tx`set local role nuanlin_app`;
      return tx`select from round`;
    });
    expect(nowhere).toHaveLength(0);
  });
});

describe('the audit', () => {
  it('is a whole chain that the app can neither change nor shorten', async () => {
    const check = () => inStation(station.sql, 's', (tx) => brokenAuditEntry(tx, 's'));
    expect(await check()).toBeNull();
    const [entry] = await station.sql`select what, person_id, device_id, about, details from audit
      where details ->> 'act' = 'act-101'`;
    expect(entry).toEqual({
      what: 'door.open',
      person_id: 'a',
      device_id: 'phone-a',
      about: ['door:e1'],
      details: { act: 'act-101', verdict: 'applied' },
    });
    for (const statement of [`update audit set what = 'x'`, 'delete from audit', `update act set args = '{}'`])
      await expect(inStation(station.sql, 's', (tx) => tx.unsafe(statement))).rejects.toThrow('permission denied');
    const [before] = await station.sql<{ person: string }[]>`select person_id as person from audit where number = 3`;
    await station.sql`update audit set person_id = 'nobody' where number = 3`;
    expect(await check()).toBe(3);
    await station.sql`update audit set person_id = ${before?.person ?? null} where number = 3`;
    expect(await check()).toBeNull();
    const [gone] = await station.sql<{ number: number }[]>`
      delete from audit where number = (select max(number) from audit) returning number`;
    expect(await check()).toBe(gone?.number);
  });
});

describe('what the server does by itself', () => {
  it('goes the way of every act and is taken once', async () => {
    await doors('j1', 'j2');
    const session = { ...walker('a'), device: 'system:test' };
    const calls = [
      { id: 'job-1', name: 'door.open', args: { doorId: 'j1' } },
      { id: 'job-2', name: 'door.open', args: { doorId: 'missing' } },
    ];
    expect(said(await actAs(station.store, registry, clock, session, calls))).toEqual(['applied', 'not-allowed']);
    const more = [...calls, { id: 'job-3', name: 'door.open', args: { doorId: 'j2' } }];
    const again = await actAs(station.store, registry, { now: () => clock.now() + 5_000 }, session, more);
    expect(again.map(({ repeated }) => repeated)).toEqual([true, true, false]);
    const rows = await station.sql`select seq from act where device_id = 'system:test' order by seq`;
    expect(rows.map(({ seq }) => seq as number)).toEqual([1, 2, 3]);
  });

  it('runs each due job once, whichever process takes it, and again at its next time', async () => {
    let now = clock.now();
    const ran: string[] = [];
    const job = (name: string): Job => ({
      next: (at) => at + 1_000,
      run: async ({ station: where }) => {
        ran.push(`${name} ${where}`);
        if (name === 'bad') throw new Error('a mistake');
      },
    });
    const setting = {
      sql: station.sql,
      store: station.store as PostgresStore,
      registry,
      jobs: new Map([
        ['good', job('good')],
        ['bad', job('bad')],
      ]),
      now: () => now,
      report: () => undefined,
    };
    await Promise.all([runDueJobs(setting), runDueJobs(setting)]);
    expect(ran).toEqual([]);
    now += 60_000;
    await Promise.all([runDueJobs(setting), runDueJobs(setting), runDueJobs(setting)]);
    expect(ran.sort()).toEqual(['bad other', 'bad s', 'good other', 'good s']);
    now += 2_000;
    await runDueJobs(setting);
    expect(ran).toHaveLength(8);
  });
});
