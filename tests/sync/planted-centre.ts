import { dayOf } from '#engine/calendar.ts';
import type { AnyMutation } from '#engine/kind.ts';
import type { ExchangeRequest } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import type { StationStore, StationTransaction } from '#server/exchange/store.ts';
import type { Suspects } from '#server/exchange/suspects.ts';
import type { PlainPerson } from './history.ts';
import { simulatedRegistry } from './kinds.ts';
import { dropping, movingOn, trusting, type Flaws, type Planted } from './planted.ts';

/** A store with some calls of its transactions replaced. */
function withCalls(replace: (tx: StationTransaction) => Partial<StationTransaction>): Flaws {
  const store = (inner: StationStore): StationStore => ({
    glance: async (station, device) => {
      const seen = await inner.glance(station, device);
      // A glance reads the counter as a transaction does, so what is wrong there is wrong here.
      const { clock } = replace({ clock: async () => seen.clock } as StationTransaction);
      return clock ? { ...seen, clock: await clock() } : seen;
    },
    transaction: (station, mode, work) =>
      inner.transaction(station, mode, (tx) => work({ ...tx, ...replace(tx) } as StationTransaction)),
  });
  return { station: { store } };
}

class Undo extends Error {}

/** Answers as if the acts were taken, and takes every third batch back. */
function forgetfulTransactions(): Flaws {
  let batches = 0;
  const store = (inner: StationStore): StationStore => ({
    glance: (station, device) => inner.glance(station, device),
    async transaction(station, mode, work) {
      if (mode === 'push') batches += 1;
      if (mode === 'pull' || batches % 3 > 0) return inner.transaction(station, mode, work);
      let result: Awaited<ReturnType<typeof work>> | undefined;
      const undone = inner.transaction(station, mode, async (tx) => {
        result = await work(tx);
        throw new Undo();
      });
      await undone.catch((error: unknown) => {
        if (!(error instanceof Undo)) throw error;
      });
      return result as Awaited<ReturnType<typeof work>>;
    },
  });
  return { station: { store } };
}

/** Knows no act again, so that a repeated one takes effect again; its receipt is still written only once. */
function forgetsReceipts(): Flaws {
  return withCalls((tx) => ({
    taken: async () => [],
    write: async (batch) => {
      const asked = batch.acts.map(({ act }) => act);
      const known = new Set((await tx.taken('', asked)).map(({ id }) => id));
      return tx.write({ ...batch, acts: batch.acts.filter(({ act }) => !known.has(act.id)) });
    },
  }));
}

function withoutUpcasts(registry: Registry): Registry {
  const stripped = [...registry.mutations].map(([name, one]): [string, AnyMutation] => {
    const copy = { ...one };
    Reflect.deleteProperty(copy, 'upcast');
    return [name, copy];
  });
  return { ...registry, mutations: new Map(stripped) };
}

/** Takes everybody for who they were at the first contact. */
function rememberedPeople(): Flaws {
  const known = new Map<string, PlainPerson>();
  return {
    station: {
      person: (device, person) => {
        const first = known.get(device) ?? person;
        known.set(device, first);
        return first;
      },
    },
  };
}

/** Says an older version of a record in every second answer. */
function olderVersions(): Flaws {
  let count = 0;
  return withCalls((tx) => ({
    difference: async (...args) => {
      const found = await tx.difference(...args);
      count += 1;
      return { ...found, rows: found.rows.map((one) => ({ ...one, version: count % 2 ? one.version : 1 })) };
    },
  }));
}

function allWritten({ since, kinds }: Suspects): Suspects {
  return { since, kinds: new Map([...kinds.keys()].map((kind) => [kind, 'written'])) };
}

function earlier(day: string): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) - 20 * 3_600_000);
}

function copyOfFirst(request: ExchangeRequest): ExchangeRequest {
  const [first] = request.mutations;
  const last = request.mutations.at(-1);
  if (!first || !last) return request;
  return { ...request, mutations: [...request.mutations, { ...first, id: `${first.id}.copy`, seq: last.seq + 5_000 }] };
}

/** Mistakes of the centre. */
export const atTheCentre: readonly Planted[] = [
  {
    mistake: 'the server answers although its transaction was taken back',
    breaks: 'the centre has it',
    flaws: forgetfulTransactions,
  },
  { mistake: 'the server knows no act again', breaks: 'nothing applied twice', flaws: forgetsReceipts },
  {
    mistake: 'the server keeps no refused act',
    breaks: 'nothing saved is lost',
    flaws: () =>
      withCalls((tx) => ({
        write: (batch) => tx.write({ ...batch, acts: batch.acts.filter(({ verdict }) => verdict === 'applied') }),
      })),
  },
  {
    mistake: 'the server keeps of a refused act only its name',
    breaks: 'a refused act is kept whole',
    flaws: () =>
      withCalls((tx) => ({
        write: (batch) =>
          tx.write({
            ...batch,
            acts: batch.acts.map((one) =>
              one.verdict === 'refused' ? { ...one, act: { ...one.act, args: { cut: true } } } : one,
            ),
          }),
      })),
  },
  {
    mistake: 'the server takes a verdict down and forgets the record',
    breaks: 'verdict and effect agree',
    flaws: () =>
      withCalls((tx) => ({
        write: (batch) => tx.write({ ...batch, rows: batch.rows.filter(({ kind }) => kind !== 'note') }),
      })),
  },
  {
    mistake: 'the server takes nothing off a phone',
    breaks: 'nobody holds what they may not',
    flaws: () =>
      withCalls((tx) => ({ difference: async (...args) => ({ ...(await tx.difference(...args)), removed: [] }) })),
  },
  {
    mistake: 'the server does not say what was taken away of the kinds held whole, and nobody compares the sums',
    breaks: 'nobody holds what they may not',
    flaws: () => ({
      phone: { answer: trusting },
      ...withCalls((tx) => ({
        changes: async (...args) => (await tx.changes(...args)).filter(({ row }) => row !== null),
      })),
    }),
  },
  {
    mistake: 'the server goes on behind the last change of a kind held whole, whatever arrived',
    breaks: 'holds what it may',
    flaws: () => ({
      phone: { answer: trusting },
      ...withCalls((tx) => ({
        changes: async (kind, after, goneAfter, limit) => {
          const { kinds } = await tx.clock();
          const from = after.version > 1 ? { version: kinds[kind] ?? 0, id: '' } : after;
          return tx.changes(kind, from, goneAfter, limit);
        },
      })),
    }),
  },
  {
    mistake: 'the server believes that every answer arrived, and the phone does not compare the sums',
    breaks: 'holds what it may',
    flaws: () => ({
      phone: { answer: trusting },
      ...withCalls((tx) => ({ confirm: (device) => tx.confirm(device, Number.MAX_SAFE_INTEGER) })),
    }),
  },
  {
    mistake: 'the server looks only at what was written since, whatever leans on it, and nobody compares the sums',
    breaks: 'holds what it may',
    flaws: () => ({
      phone: { answer: trusting },
      ...withCalls((tx) => ({
        difference: (device, viewer, kinds, limit, suspects) =>
          tx.difference(device, viewer, kinds, limit, suspects && allWritten(suspects)),
      })),
    }),
  },
  {
    mistake: 'the server takes the day of London for the day of the station',
    breaks: 'holds what it may',
    flaws: () =>
      withCalls((tx) => ({
        difference: (device, viewer, ...asked) =>
          tx.difference(device, { ...viewer, today: earlier(viewer.today) }, ...asked),
      })),
  },
  {
    mistake: 'the server believes that nothing ever moves',
    breaks: 'equal when quiet',
    flaws: () => withCalls((tx) => ({ clock: async () => ({ ...(await tx.clock()), kinds: {} }) })),
  },
  {
    mistake: 'the server says an older version of a record than it once said',
    breaks: 'reads are monotonic',
    flaws: olderVersions,
  },
  {
    mistake: 'the server keeps its epoch when it is restored from a backup',
    breaks: 'nothing saved is lost',
    flaws: () =>
      withCalls((tx) => ({
        clock: async () => ({ ...(await tx.clock()), epoch: 'one' }),
        lockClock: async () => ({ ...(await tx.lockClock()), epoch: 'one' }),
      })),
    profile: { restore: 0.03, revoke: 0 },
  },
  {
    mistake: 'the server serves devices that were taken from their person',
    breaks: 'nobody holds what they may not',
    flaws: () => ({ station: { servesEverybody: true } }),
    profile: { revoke: 0.02 },
  },
  {
    mistake: 'the server takes people for who they were at their first contact',
    breaks: 'holds what it may',
    flaws: rememberedPeople,
    profile: { roleChange: 0.03 },
  },
  {
    mistake: 'the server credits acts to whoever comes first',
    breaks: 'nothing is credited to someone else',
    flaws: () =>
      withCalls((tx) => ({
        write: (batch) => tx.write({ ...batch, acts: batch.acts.map((one) => ({ ...one, person: 'person0' })) }),
      })),
  },
  {
    mistake: 'the server takes an act that nobody did',
    breaks: 'nothing from nowhere',
    flaws: () => ({ station: { request: copyOfFirst } }),
  },
  {
    mistake: 'the server does not turn the arguments of older versions into today’s',
    breaks: 'own writes visible',
    flaws: () => ({ station: { registry: withoutUpcasts(simulatedRegistry) } }),
    profile: { upgrade: true },
  },
  {
    mistake: 'the server says nothing of acts that stayed behind and whose answer was lost',
    breaks: 'own writes visible',
    flaws: () => ({
      station: {
        request: ({ queue: { unsent, oldestAt, refused }, ...request }) => ({
          ...request,
          queue: { unsent, oldestAt, refused },
        }),
      },
    }),
    profile: { actsPerRequest: 2, exchange: 0.1 },
  },
  {
    mistake: 'the restored server judges what phones send it before they know that it was restored',
    breaks: 'order of a phone is kept',
    flaws: () => ({
      station: { request: (request) => (request.mutations.length > 0 ? { ...request, epoch: null } : request) },
    }),
    profile: { restore: 0.06, exchange: 0.25, longPause: 0, phones: 2, revoke: 0 },
  },
  {
    mistake: 'the server writes down as lost what it has',
    breaks: 'lost is told exactly',
    flaws: () =>
      withCalls((tx) => ({
        taken: async (device, acts) => (acts.some(({ id }) => id !== '') ? tx.taken(device, acts) : []),
      })),
    profile: { wipe: 0.03, loseActs: 0.05, loseAnswer: 0.5, revoke: 0 },
  },
  {
    mistake: 'the server looks for what is lost under its newest number only',
    breaks: 'lost is told exactly',
    flaws: () => ({
      station: {
        request: ({ lost, ...request }) =>
          lost ? { ...request, lost: lost.map((one) => dropping(one, 'former')) } : request,
      },
    }),
    profile: movingOn,
  },
  {
    mistake: 'the server does not write down what a phone says it has lost',
    breaks: 'lost is told exactly',
    flaws: () =>
      withCalls((tx) => ({
        write: (batch) => tx.write({ ...batch, rows: batch.rows.filter(({ kind }) => kind !== 'lostWork') }),
      })),
    profile: { wipe: 0.03, loseActs: 0.05, revoke: 0 },
  },
  {
    mistake: 'the server takes what a new device hands in again for somebody else’s act',
    breaks: 'verdicts are the centre’s',
    flaws: () =>
      withCalls((tx) => ({
        taken: async (device, acts) =>
          (await tx.taken(device, acts)).map((one) => (one.device === device ? one : { ...one, content: 'other' })),
      })),
    profile: { revoke: 0.05, restore: 0, loseAnswer: 0.5, actsPerRequest: 500 },
  },
];
