import { gzipSync } from 'node:zlib';
import * as f from '#engine/field.ts';
import type { DeviceStorage, StorageCommit, StoredState } from '#engine/device-storage.ts';
import { noFacts } from '#engine/device-storage.ts';
import { put } from '#engine/change.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { Replica } from '#engine/replica.ts';
import { seesStation } from '#engine/scope.ts';
import { exchange } from '#server/exchange/exchange.ts';
import { postgresStation, type TestStation } from '../server/fixture.ts';

/**
 * `npm run bench -- exchange`: what an exchange costs without browser and line, over the real exchange and a real PostgreSQL, in one process.
 * Every time stands beside a floor measured in the same run, because machines differ and are shared: the floor reads
 * the same rows with one plain query, turns them into JSON, compresses, and parses them again.
 */
const rowCount = 10_000;
const actCount = 1_000;
const label = () => '';
const parcel = kind({
  name: 'parcel',
  fields: { street: f.text(), door: f.whole(), weighed: f.yesNo(), words: f.text({ max: 400 }), day: f.date() },
  sees: [seesStation()],
});
const parcelActs = mutationsOf(parcel, {
  bring: mutation({
    label,
    args: { street: f.text() },
    may: () => true,
    apply: (_tx, { street }, ctx) => [
      put(parcel, { id: ctx.newId(), street, door: 1, weighed: false, words: '', day: ctx.today }),
    ],
  }),
});
const registry = registryOf([{ parcel, parcelActs }]);
const session = {
  device: 'd',
  identity: { station: 's', person: 'p', roles: ['office'], communities: 'all' as const },
};

/** Keeps in memory, so that what is measured is the engine and the server; the browser's storage has tests of its own. */
class Kept implements DeviceStorage {
  #seq = 0;
  load = async (): Promise<StoredState> => ({ facts: noFacts, pages: [], entries: [] });
  append = async (): Promise<number> => (this.#seq += 1);
  commit = async (_commit: StorageCommit): Promise<void> => undefined;
  compact = async (): Promise<void> => undefined;
  acknowledgeRefusal = async (): Promise<void> => undefined;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const from = performance.now();
  const result = await work();
  return [result, performance.now() - from];
}

async function round(
  station: TestStation,
  phone: Replica,
): Promise<{ bytesUp: number; bytesDown: number; requests: number }> {
  const sum = { bytesUp: 0, bytesDown: 0, requests: 0 };
  for (let more = true; more;) {
    const request = phone.request();
    const answer = await exchange(station.store, registry, { now: Date.now }, session, request);
    sum.bytesUp += gzipSync(JSON.stringify(request)).length;
    sum.bytesDown += gzipSync(JSON.stringify(answer)).length;
    sum.requests += 1;
    await phone.accept(request, answer);
    more = answer.more || phone.unsent.length > 0;
  }
  return sum;
}

export async function benchExchange(tell: (line: string) => void): Promise<object> {
  const station = await postgresStation(registry);
  try {
    const rows = Array.from({ length: rowCount }, (_, at) => ({
      id: `parcel-${String(at).padStart(6, '0')}`,
      street: `樟树里${at % 40}栋`,
      door: at % 700,
      weighed: at % 3 === 0,
      day: '2026-11-24',
      words: `第 ${at} 件，放在门边的凳子上，敲门要响一点`,
    }));
    await station.put('parcel', rows);
    let ids = 0;
    const tools = { wallClock: Date.now, monotonic: () => performance.now(), newId: () => `act-${(ids += 1)}` };
    const phone = await Replica.open(registry, 'd', new Kept(), tools);
    const [, floorMs] = await timed(async () => JSON.parse(JSON.stringify(await station.rowsOf('parcel'))) as unknown);
    const [pull, pullMs] = await timed(() => round(station, phone));
    const [nothing, nothingMs] = await timed(() => round(station, phone));
    for (let at = 0; at < actCount; at += 1) await phone.mutate(parcelActs.bring, { street: `街 ${at % 20}` });
    const [push, pushMs] = await timed(() => round(station, phone));
    const figures = {
      name: 'exchange',
      rows: rowCount,
      acts: actCount,
      pull: { ...pull, ms: pullMs, bytesPerRow: pull.bytesDown / rowCount, ratioToFloor: pullMs / floorMs },
      nothingNew: { ...nothing, ms: nothingMs },
      push: { ...push, ms: pushMs, msPerAct: pushMs / actCount, ratioToFloor: pushMs / floorMs },
      floor: { what: 'all rows by one query, JSON and back', ms: floorMs },
    };
    for (const [name, value] of Object.entries(figures)) tell(`${name} ${JSON.stringify(value)}`);
    return figures;
  } finally {
    await station.end();
  }
}
