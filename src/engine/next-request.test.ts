import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredEntry } from './device-storage.ts';
import * as f from './field.ts';
import { kind, mutation, mutationsOf } from './kind.ts';
import { argumentSignsPerExchange, lossesPerExchange } from './limits.ts';
import { requestBehind, requestOf, type BeforeRequest } from './next-request.ts';
import { protocolVersion, type ExchangeAnswer, type LostActs } from './protocol.ts';
import { registryOf } from './registry.ts';

const bell = kind({ name: 'bell', fields: { room: f.text() }, sees: [] });
const plain = { label: () => '', may: () => true, apply: () => [], args: { about: f.optional(f.text()) } };
const bellActs = mutationsOf(bell, { hang: mutation(plain), ring: mutation({ ...plain, urgent: true }) });
const registry = registryOf([{ bell, bellActs }]);

type Part = { name?: string; about?: string | null; state?: StoredEntry['state']; read?: boolean; at?: number };

function act(seq: number, { name = 'bell.hang', about = null, state = 'unsent', read = false, at }: Part = {}) {
  const stamp = { claimedAt: at ?? seq * 1_000, serverTime: null, sinceServer: null, offset: null };
  const more = state === 'unsent' ? {} : { receivedAt: 1, code: 'no', read };
  return { seq, id: `<${seq}>`, name, version: 1, args: { about }, ...stamp, state, ...more } as StoredEntry;
}

const ask = (entries: readonly StoredEntry[], part: Partial<BeforeRequest> = {}) =>
  requestOf({ registry, device: 'd', entries, epoch: 'e', cookie: 'c', lost: undefined, atMost: 100, ...part });
const seqs = (entries: readonly StoredEntry[], atMost: number) =>
  ask(entries, { atMost }).mutations.map((one) => one.seq);

describe('a request', () => {
  it('says who asks, what it knows, and carries what is unsent as it was done, without its state', () => {
    const request = ask([act(1, { state: 'received' }), act(2), act(3, { state: 'refused' }), act(4)]);
    expect(request).toMatchObject({ protocol: protocolVersion, device: 'd', epoch: 'e', cookie: 'c' });
    const { state: _, ...second } = act(2);
    expect(request.mutations).toEqual([second, expect.objectContaining({ seq: 4 })]);
    expect(request).not.toHaveProperty('lost');
    expect(request.queue).toEqual({ unsent: 0, oldestAt: null, refused: 1 });
  });

  it('counts what was refused and not read yet', () => {
    const refused = (seq: number, read: boolean) => act(seq, { state: 'refused', read });
    expect(ask([refused(1, true), refused(2, false), refused(3, false), act(4)]).queue.refused).toBe(2);
  });

  it('says of what stays behind how much it is, which numbers, and since when', () => {
    const entries = [act(1), act(2), act(3, { at: 7 }), act(4), act(5, { state: 'received' })];
    expect(ask(entries, { atMost: 2 }).queue).toMatchObject({ unsent: 2, oldestAt: 7, numbers: { from: 3, to: 4 } });
    expect(ask(entries, { atMost: 4 }).queue).not.toHaveProperty('numbers');
  });

  it('takes the urgent ones first when not all fit, and keeps the order of the rest', () => {
    const urgent = { name: 'bell.ring' };
    const entries = [act(1), act(2), act(3, urgent), act(4), act(5, urgent)];
    expect(seqs(entries, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(seqs(entries, 3)).toEqual([1, 3, 5]);
    expect(seqs(entries, 1)).toEqual([3]);
    expect(seqs([act(1, { name: 'nobody.knows' }), ...entries.slice(1)], 2)).toEqual([3, 5]);
  });

  it('takes along what an urgent one stands on, also through a third', () => {
    const entries = [act(1), act(2), act(3, { about: '<2>' }), act(4), act(5, { name: 'bell.ring', about: '<3>' })];
    expect(seqs(entries, 3)).toEqual([2, 3, 5]);
    // What was done later is no ground to stand on, whatever it is called.
    expect(seqs([act(1), act(2, { name: 'bell.ring', about: '<3>' }), act(3)], 2)).toEqual([1, 2]);
  });

  it('is always in the order of the phone, no more than asked for, and the rest is counted', () => {
    const part = fc.record({ urgent: fc.boolean(), about: fc.nat(20), sent: fc.boolean() });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.integer({ min: 1, max: 20 }), (parts, atMost) => {
        const entries = parts.map(({ urgent, about, sent }, at) =>
          act(at + 1, {
            name: urgent ? 'bell.ring' : 'bell.hang',
            about: `<${about}>`,
            state: sent ? 'received' : 'unsent',
          }),
        );
        const unsent = entries.filter(({ state }) => state === 'unsent').length;
        const going = seqs(entries, atMost);
        expect(going).toEqual([...going].sort((a, b) => a - b));
        expect(new Set(going).size).toBe(Math.min(unsent, atMost));
        expect(ask(entries, { atMost }).queue.unsent).toBe(unsent - going.length);
      }),
    );
  });

  it('carries so many acts as one request may weigh, and one at least', () => {
    const long = (seq: number, share: number) => act(seq, { about: 'x'.repeat(argumentSignsPerExchange * share) });
    expect(seqs([long(1, 0.4), long(2, 0.4), long(3, 0.4), act(4)], 100)).toEqual([1, 2]);
    expect(seqs([long(1, 2), act(2)], 100)).toEqual([1]);
    expect(ask([long(1, 2), act(2)]).queue).toMatchObject({ unsent: 1, numbers: { from: 2, to: 2 } });
    const urgent = { ...act(3, { name: 'bell.ring' }) };
    expect(seqs([long(1, 0.9), long(2, 0.9), urgent], 100)).toEqual([1, 3]);
  });

  it('tells of losses, no more at once than the centre takes', () => {
    const lost = Array.from({ length: 12 }, (_none, at): LostActs => ({
      ...{ device: 'd', numbers: [[at + 1, at + 1]], from: null, to: null },
    }));
    expect(ask([], { lost: lost.slice(0, 1) }).lost).toEqual(lost.slice(0, 1));
    expect(ask([], { lost }).lost).toEqual(lost.slice(0, lossesPerExchange));
    expect(ask([], { lost: [] })).not.toHaveProperty('lost');
  });
});

describe('what is asked for behind an answer while that is written', () => {
  const first = ask([]);
  const answer = (part: Partial<ExchangeAnswer> = {}): ExchangeAnswer => ({
    ...{ verdicts: [], cookie: 'c2', patch: { reset: false, kinds: [] }, more: true, checksum: null },
    ...{ serverTime: 1, epoch: 'e', ...part },
  });
  const patch = (removed: string[]) => ({
    ...{ reset: false, kinds: [{ kind: 'bell', ids: [], versions: { all: 1 }, columns: {}, removed }] },
  });

  it('is the next part of a filling', () => {
    expect(requestBehind(first, answer({ patch: patch([]) }))).toEqual({ ...first, cookie: 'c2' });
    const filled = requestBehind({ ...first, epoch: null, cookie: null }, answer());
    expect(filled).toEqual({ ...first, cookie: 'c2' });
  });

  it.each<[string, ReturnType<typeof ask>, ExchangeAnswer]>([
    ['nothing when that was all', first, answer({ more: false })],
    ['nothing before removals are on the disk: the centre forgets them then', first, answer({ patch: patch(['b1']) })],
    ['nothing after acts', ask([act(1)]), answer()],
    ['nothing while acts wait', ask([act(1), act(2)], { atMost: 1 }), answer()],
    ['nothing by a centre that was restored', first, answer({ epoch: 'e2' })],
    ['nothing after a loss was told', { ...first, lost: [] }, answer()],
  ])('%s', (_what, request, given) => {
    expect(requestBehind(request, given)).toBeNull();
  });
});
