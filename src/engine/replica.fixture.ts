import { unsentAgain } from './answer-commit.ts';
import { put } from './change.ts';
import type { DeviceStorage, NewEntry, StorageCommit, StoredPage, StoredState } from './device-storage.ts';
import { noFacts } from './device-storage.ts';
import * as f from './field.ts';
import { kind, mutation, mutationsOf } from './kind.ts';
import { encodeRows } from './patch.ts';
import type { ExchangeAnswer } from './protocol.ts';
import { refuse } from './refusal.ts';
import { registryOf } from './registry.ts';
import { Replica, type ReplicaTools } from './replica.ts';
import { seesStation } from './scope.ts';

const label = () => '';
/** Kinds, a disk and answers for tests of the phone's half. */
export const lamp = kind({
  name: 'lamp',
  fields: { room: f.text(), lit: f.yesNo(), code: f.optional(f.text({ sensitive: true })) },
  index: ['room'],
  sees: [seesStation()],
});
export const lampActs = mutationsOf(lamp, {
  light: mutation({
    label,
    args: { lampId: f.reference('lamp') },
    about: { kind: lamp, id: (args) => args.lampId },
    may: () => true,
    refusals: { 'already-lit': label },
    apply: (tx, { lampId }) => {
      const row = tx.get(lamp, lampId);
      if (!row) return refuse('already-lit');
      return row.lit ? refuse('already-lit') : [put(lamp, { ...row, lit: true })];
    },
  }),
  hang: mutation({
    label,
    args: { room: f.text() },
    may: () => true,
    apply: (_tx, { room }, ctx) => [put(lamp, { id: ctx.newId(), room, lit: false, code: null })],
  }),
});
export const registry = registryOf([{ lamp, lampActs }]);

export class Memory implements DeviceStorage {
  state: StoredState = { facts: noFacts, pages: [], entries: [] };
  #seq = 0;
  load = async () => structuredClone(this.state);
  append = async (entry: NewEntry) => {
    this.#seq += 1;
    this.state = { ...this.state, entries: [...this.state.entries, { ...entry, seq: this.#seq, state: 'unsent' }] };
    return this.#seq;
  };
  commit = async (commit: StorageCommit) => {
    const pages = [...(commit.reset ? [] : this.state.pages), ...(commit.page ? [commit.page] : [])];
    const judged = new Map(commit.judged.map(({ seq, state }) => [seq, state]));
    const again = new Set(commit.unsentAgain);
    const entries = this.state.entries
      .filter(({ seq }) => !commit.forget.includes(seq))
      .map((entry) => (again.has(entry.seq) ? unsentAgain(entry) : { ...entry, ...judged.get(entry.seq) }));
    this.state = { facts: commit.facts, pages, entries };
  };
  compact = async (pages: readonly StoredPage[]) => {
    this.state = { ...this.state, pages };
  };
  acknowledged: number[] = [];
  acknowledgeRefusal = async (seq: number) => {
    this.acknowledged.push(seq);
  };
}

export const identity = { station: 's', person: 'p', roles: [], communities: 'all' as const };

export function answer(
  part: Partial<ExchangeAnswer> & {
    rows?: { row: { id: string; room: string; lit: boolean; code?: string | null }; version: number }[];
    removed?: string[];
  },
): ExchangeAnswer {
  const { rows = [], removed = [], ...rest } = part;
  return {
    verdicts: [],
    cookie: 'c1',
    patch: { reset: false, kinds: [encodeRows('lamp', ['room', 'lit', 'code'], rows, removed)] },
    more: false,
    checksum: null,
    serverTime: 5_000,
    epoch: 'e',
    you: identity,
    ...rest,
  };
}

export async function phone(clock = { wall: 1_000 }, more: Partial<ReplicaTools> = {}) {
  let next = 0;
  const storage = new Memory();
  const tools = { wallClock: () => clock.wall, monotonic: () => 0, newId: () => `act-${(next += 1)}`, ...more };
  const replica = await Replica.open(registry, 'd', storage, tools);
  await replica.accept(
    replica.request(),
    answer({ rows: [{ row: { id: 'l1', room: 'hall', lit: false }, version: 1 }] }),
  );
  return { storage, tools, replica };
}
