import { describe, expect, it } from 'vitest';
import { dayOf } from '#engine/calendar.ts';
import type { StationStore, StationTransaction } from '#server/exchange/store.ts';
import type { Profile } from './profile.ts';
import { play, type WorldOptions } from './world.ts';

type Flaws = NonNullable<WorldOptions['flaws']>;

/** Rough enough that every kind of mistake meets the moment in which it shows. */
const rough: Partial<Profile> = {
  loseRequest: 0.15,
  loseAnswer: 0.3,
  double: 0.3,
  impatient: 0.2,
  crash: 0.02,
  diskRefuses: 0.01,
  serverFails: 0.005,
  exchange: 0.2,
  longPause: 0.02,
};

/** How many seeds a mistake may survive. */
const seedsMax = 40;

/** The rules broken in the first seeds, until one of them is `sought`; a mistake may break others before. */
async function brokenRules(
  options: Omit<WorldOptions, 'seed'>,
  sought: string | null,
  seeds = seedsMax,
): Promise<string[]> {
  const broken = new Set<string>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { anomalies } = await play({
      ...options,
      seed: `planted ${seed}`,
      profile: { ...rough, ...options.profile },
    });
    for (const { rule } of anomalies) broken.add(rule);
    if (sought === null ? broken.size > 0 : broken.has(sought)) break;
  }
  return [...broken];
}

/** A store with some calls of its transactions replaced. */
function withCalls(replace: (tx: StationTransaction) => Partial<StationTransaction>): Flaws['station'] {
  const store = (inner: StationStore): StationStore => ({
    glance: (station, device) => inner.glance(station, device),
    transaction: (station, mode, work) =>
      inner.transaction(station, mode, (tx) => work({ ...tx, ...replace(tx) } as StationTransaction)),
  });
  return { store };
}

class Undo extends Error {}

/** Answers as if the acts were taken, and takes every third batch back. */
function forgetfulTransactions(): Flaws['station'] {
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
  return { store };
}

/** Knows no act again, so that a repeated one takes effect again; its receipt is still written only once. */
function forgetsReceipts(): Flaws['station'] {
  return withCalls((tx) => ({
    taken: async () => [],
    write: async (batch) => {
      const known = new Set(
        (
          await tx.taken(
            '',
            batch.acts.map(({ act }) => act),
          )
        ).map(({ id }) => id),
      );
      return tx.write({ ...batch, acts: batch.acts.filter(({ act }) => !known.has(act.id)) });
    },
  }));
}

const planted: readonly { mistake: string; breaks: string; options: Omit<WorldOptions, 'seed'> }[] = [
  {
    mistake: 'the phone drops its acts when no answer comes',
    breaks: 'nothing saved is lost',
    options: { flaws: { phone: { onNoAnswer: (phone, { mutations }) => phone.disk.lose(mutations) } } },
  },
  {
    mistake: 'the phone says saved before the act is on the disk',
    breaks: 'nothing saved is lost',
    options: { flaws: { disk: { early: true } } },
  },
  {
    mistake: 'the phone numbers its acts anew after every start',
    breaks: 'nothing saved is lost',
    options: { flaws: { disk: { forgetsNumbers: true } } },
  },
  {
    mistake: 'the phone sends the newest act first',
    breaks: 'order of a phone is kept',
    options: {
      flaws: { phone: { request: (request) => ({ ...request, mutations: request.mutations.slice(-1) }) } },
    },
  },
  {
    mistake: 'the phone writes verdicts before the rows that belong to them',
    breaks: 'own writes visible',
    options: {
      flaws: {
        disk: {
          parts: (commit, { facts }) => [
            { ...commit, facts, page: null, reset: false },
            { ...commit, judged: [] },
          ],
        },
      },
    },
  },
  {
    mistake: 'the phone writes the cookie before the rows, and does not compare the sums',
    breaks: 'holds what it may',
    options: {
      flaws: {
        phone: { trusting: true },
        disk: {
          parts: ({ facts, ...rest }) => [
            { facts, reset: false, page: null, judged: [], unsentAgain: [], forget: [] },
            { facts, ...rest },
          ],
        },
      },
    },
  },
  {
    mistake: 'the phone does not put unsent acts on top again after an answer',
    breaks: 'own writes visible',
    options: {
      flaws: {
        phone: {
          onTaken: (phone) => {
            for (const { name, id } of phone.replica?.unsent ?? [])
              if (name === 'note.write') phone.replica?.shown.of('note').set(id, null);
          },
        },
      },
    },
  },
  {
    mistake: 'the phone does not rewrite its pages after a removal',
    breaks: 'removed data is gone',
    options: { flaws: { disk: { compact: (_pages, before) => before } } },
  },
  {
    mistake: 'the phone does not compare the sums, and its disk goes bad',
    breaks: 'holds what it may',
    options: { rot: true, flaws: { phone: { trusting: true } } },
  },
  {
    mistake: 'the server answers although its transaction was taken back',
    breaks: 'the centre has it',
    options: { flaws: { station: forgetfulTransactions() } },
  },
  {
    mistake: 'the server knows no act again',
    breaks: 'nothing applied twice',
    options: { flaws: { station: forgetsReceipts() } },
  },
  {
    mistake: 'the server keeps no refused act',
    breaks: 'nothing saved is lost',
    options: {
      flaws: {
        station: withCalls((tx) => ({
          write: (batch) => tx.write({ ...batch, acts: batch.acts.filter(({ verdict }) => verdict === 'applied') }),
        })),
      },
    },
  },
  {
    mistake: 'the server takes nothing off a phone',
    breaks: 'nobody holds what they may not',
    options: {
      flaws: {
        station: withCalls((tx) => ({
          difference: async (...args) => ({ ...(await tx.difference(...args)), removed: [] }),
        })),
      },
    },
  },
  {
    mistake: 'the server does not say what was taken away of the kinds held whole, and nobody compares the sums',
    breaks: 'nobody holds what they may not',
    options: {
      flaws: {
        phone: { trusting: true },
        station: withCalls((tx) => ({
          changes: async (...args) => (await tx.changes(...args)).filter(({ row }) => row !== null),
        })),
      },
    },
  },
  {
    mistake: 'the server goes on behind the last change of a kind held whole, whatever arrived',
    breaks: 'holds what it may',
    options: {
      flaws: {
        phone: { trusting: true },
        station: withCalls((tx) => ({
          changes: async (kind, after, goneAfter, limit) => {
            const { kinds } = await tx.clock();
            const from = after.version > 1 ? { version: kinds[kind] ?? 0, id: '' } : after;
            return tx.changes(kind, from, goneAfter, limit);
          },
        })),
      },
    },
  },
  {
    mistake: 'the server believes that every answer arrived, and the phone does not compare the sums',
    breaks: 'holds what it may',
    options: {
      flaws: {
        phone: { trusting: true },
        station: withCalls((tx) => ({ confirm: (device) => tx.confirm(device, Number.MAX_SAFE_INTEGER) })),
      },
    },
  },
  {
    mistake: 'the server takes the day of London for the day of the station',
    breaks: 'holds what it may',
    options: {
      flaws: {
        station: withCalls((tx) => ({
          difference: (device, viewer, kinds, limit) =>
            tx.difference(device, { ...viewer, today: earlier(viewer.today) }, kinds, limit),
        })),
      },
    },
  },
];

function earlier(day: string): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) - 20 * 3_600_000);
}

describe('the checker catches a planted mistake', () => {
  it.each(planted)(
    '$mistake',
    async ({ breaks, options }) => {
      expect(await brokenRules(options, breaks)).toContain(breaks);
    },
    180_000,
  );

  it('and finds nothing when nothing is planted', async () => {
    expect(await brokenRules({}, null, 15)).toEqual([]);
  }, 180_000);

  it('nor when a disk goes bad and the phone compares the sums: the phone heals itself', async () => {
    expect(await brokenRules({ rot: true }, null, 15)).toEqual([]);
  }, 180_000);
});
