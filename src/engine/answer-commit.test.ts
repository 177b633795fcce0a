import { describe, expect, it } from 'vitest';
import { commitOf, keptOf, unsentAgain, wireOf, type BeforeAnswer } from './answer-commit.ts';
import { noFacts, type DeviceFacts, type Filling, type StoredEntry } from './device-storage.ts';
import * as f from './field.ts';
import { kind } from './kind.ts';
import { acknowledgedKeptMs } from './limits.ts';
import { encodeRows } from './patch.ts';
import type { ExchangeAnswer, ExchangeRequest, LostActs, Verdict } from './protocol.ts';
import { registryOf } from './registry.ts';

const bell = kind({ name: 'bell', fields: { room: f.text() }, sees: [] });
const registry = registryOf([{ bell }]);
const serverTime = 50 * acknowledgedKeptMs;

function act(seq: number, state: StoredEntry['state'], receivedAt = serverTime): StoredEntry {
  const stamp = { claimedAt: seq, serverTime: null, sinceServer: null, offset: null };
  const more =
    state === 'unsent' ? {} : state === 'received' ? { receivedAt } : { receivedAt, code: 'no', read: false };
  return { seq, id: `a${seq}`, name: 'bell.hang', version: 1, args: {}, ...stamp, state, ...more } as StoredEntry;
}
const applied = (seq: number): Verdict => ({ seq, id: `a${seq}`, verdict: 'applied', repeated: false });

interface Story {
  readonly facts?: Partial<DeviceFacts>;
  readonly entries?: readonly StoredEntry[];
  readonly request?: Partial<ExchangeRequest>;
  readonly answer?: Partial<ExchangeAnswer> & { readonly reset?: boolean };
  readonly pages?: number;
}

function commit({
  facts = {},
  entries = [],
  request = {},
  answer: { reset = false, ...answer } = {},
  pages = 3,
}: Story) {
  const before: BeforeAnswer = {
    ...{ registry, shape: 'new', entries, pages, wall: serverTime - 500 },
    facts: { ...noFacts, epoch: 'one', cookie: 'old', contactAt: 1, shape: 'old', ...facts },
  };
  const asked = { protocol: 1, epoch: 'one', cookie: 'old', mutations: [], queue: {}, ...request } as never;
  const said = { epoch: 'one', cookie: 'new', more: false, verdicts: [], serverTime, patch: { reset, kinds: [] } };
  return commitOf(before, asked, { ...said, ...answer } as ExchangeAnswer);
}
const patch = (...kinds: ReturnType<typeof encodeRows>[]) => ({ reset: false, kinds });
const filling = (part: Partial<Filling>): Filling => ({ wholePages: 2, settling: [], again: [], ...part });

describe('what an answer changes on the disk', () => {
  it('is cookie, epoch and time of the answer; the person only when it says so', () => {
    const identity = { station: 's', person: 'p', roles: [], communities: 'all' as const };
    const { facts } = commit({ facts: { identity } });
    expect(facts).toMatchObject({ epoch: 'one', cookie: 'new', identity, offset: 500, contactAt: serverTime - 500 });
    const you = { ...identity, roles: ['office'] };
    expect(commit({ facts: { identity }, answer: { you } }).facts.identity).toEqual(you);
  });

  it('is of the new shape when nothing older is left', () => {
    expect(commit({}).facts.shape).toBe('old');
    expect(commit({ facts: { contactAt: null } }).facts.shape).toBe('new');
    expect(commit({ answer: { reset: true } })).toMatchObject({ reset: true, facts: { shape: 'new' } });
  });

  it('is a page of the rows of known kinds and of what was taken away, or none', () => {
    const rows = [{ row: { id: 'b1', room: 'hall' }, version: 4 }];
    const known = encodeRows('bell', ['room'], rows, ['b2']);
    const foreign = encodeRows('comet', ['tail'], [{ row: { id: 'c1' }, version: 1 }], ['c2']);
    expect(commit({ answer: { patch: patch(foreign) } }).page).toBeNull();
    expect(commit({ answer: { patch: patch(foreign, known) } }).page).toEqual({
      rows: [{ kind: 'bell', row: { id: 'b1', room: 'hall' }, version: 4 }],
      removed: [{ kind: 'bell', id: 'b2' }],
    });
    const gone = encodeRows('bell', ['room'], [], ['b2']);
    expect(commit({ answer: { patch: patch(gone) } }).page).toEqual({
      rows: [],
      removed: [{ kind: 'bell', id: 'b2' }],
    });
  });

  it('judges unsent acts by number and name, and nothing else', () => {
    const entries = [act(1, 'unsent'), act(2, 'unsent'), act(3, 'received'), act(4, 'unsent')];
    const refused: Verdict = { ...applied(2), verdict: 'refused' };
    const verdicts = [applied(1), refused, applied(3), { ...applied(4), id: 'another' }, applied(9)];
    expect(commit({ entries, answer: { verdicts } }).judged).toEqual([
      { seq: 1, state: { state: 'received', receivedAt: serverTime } },
      { seq: 2, state: { state: 'refused', code: 'server-check', receivedAt: serverTime, read: false } },
    ]);
    const why = commit({ entries, answer: { verdicts: [{ ...refused, code: 'taken' }] } }).judged;
    expect(why[0]?.state).toMatchObject({ code: 'taken' });
  });

  it('forgets what the centre has had for longer than it is kept, and nothing else', () => {
    const [old, just] = [serverTime - acknowledgedKeptMs - 1, serverTime - acknowledgedKeptMs];
    const entries = [act(1, 'received', old), act(2, 'received', just), act(3, 'refused', old), act(4, 'unsent')];
    expect(commit({ entries })).toMatchObject({ forget: [1], unsentAgain: [] });
  });

  it('after a restore makes unsent again what was received, and forgets nothing', () => {
    const entries = [act(1, 'received', 0), act(2, 'refused'), act(3, 'unsent')];
    const answer = { epoch: 'two' };
    expect(commit({ entries, answer })).toMatchObject({ unsentAgain: [1], forget: [], facts: { epoch: 'two' } });
    // A phone that asks for the first time knows of no other epoch.
    expect(commit({ entries, answer, request: { epoch: null } })).toMatchObject({ unsentAgain: [], forget: [1] });
    expect(unsentAgain(act(1, 'received'))).toEqual(act(1, 'unsent'));
  });

  it('goes over the wire without where an act came from, which stays with it here', () => {
    const former = [{ device: 'former', seq: 9 }];
    const moved = { ...act(1, 'received'), former };
    const { state: _, ...wire } = act(1, 'unsent');
    expect(wireOf(moved)).toEqual(wire);
    expect(keptOf(moved)).toEqual({ ...wire, former });
    expect(unsentAgain(moved)).toEqual({ ...act(1, 'unsent'), former });
  });

  it('drops the losses it was told of, and only those', () => {
    const loss = (from: number): LostActs => ({ device: 'd', numbers: [[from, from]], from: null, to: 3 });
    const facts = { lost: [loss(1), loss(2)] };
    expect(commit({ facts, request: { lost: [loss(1)] } }).facts.lost).toEqual([loss(2)]);
    expect(commit({ facts }).facts.lost).toEqual(facts.lost);
    expect(commit({ facts, request: facts }).facts).not.toHaveProperty('lost');
    expect(commit({}).facts).not.toHaveProperty('lost');
  });

  it('keeps what it told of losses as long as what it sent, and tells it again to a restored centre', () => {
    const loss = (from: number): LostActs => ({ device: 'd', numbers: [[from, from]], from: null, to: 3 });
    const told = (from: number, toldAt: number) => ({ ...loss(from), toldAt });
    const old = [told(1, serverTime - acknowledgedKeptMs - 1), told(2, serverTime - acknowledgedKeptMs)];
    const asked = { lost: [loss(3), loss(4)], toldLost: old };
    const { facts } = commit({ facts: asked, request: { lost: [loss(3)] } });
    expect(facts).toMatchObject({
      lost: [loss(4)],
      toldLost: [told(2, old[1]?.toldAt as number), told(3, serverTime)],
    });
    const again = commit({ facts, request: { lost: [loss(4)] }, answer: { epoch: 'two' } }).facts;
    expect(again).toMatchObject({ lost: [loss(2), loss(3)], toldLost: [told(4, serverTime)] });
    expect(again.lost?.[0]).not.toHaveProperty('toldAt');
    // Said once more in the very request that found the centre restored, it is not said a third time.
    const twice = commit({ facts, request: { lost: [loss(2)] }, answer: { epoch: 'two' } }).facts;
    expect(twice).toMatchObject({ lost: [loss(4), loss(3)], toldLost: [told(2, serverTime)] });
    expect(commit({ facts, request: { epoch: null }, answer: { epoch: 'two' } }).facts.toldLost).toEqual(
      facts.toldLost,
    );
    expect(commit({}).facts).not.toHaveProperty('toldLost');
  });
});

describe('a state that comes in parts', () => {
  const more = { more: true };

  it('is whole with the last one', () => {
    expect(commit({}).facts.filling).toBeNull();
    expect(commit({ facts: { filling: filling({}) } }).facts.filling).toBeNull();
  });

  it('keeps the whole one before it, and remembers what the centre takes meanwhile', () => {
    const entries = [act(1, 'unsent'), act(2, 'unsent'), act(3, 'unsent')];
    const verdicts = [applied(1), { ...applied(2), verdict: 'refused' as const }];
    const first = commit({ entries, answer: { ...more, verdicts } }).facts.filling;
    expect(first).toEqual({ wholePages: 3, settling: [1], again: [] });
    const next = { ...more, verdicts: [applied(3)] };
    const after = commit({ entries, facts: { filling: first ?? null }, answer: next, pages: 4 }).facts.filling;
    expect(after).toEqual({ wholePages: 3, settling: [1, 3], again: [] });
  });

  it('has none before it when the phone is filled for the first time or anew', () => {
    const none = { wholePages: null, settling: [], again: [] };
    expect(commit({ facts: { contactAt: null }, answer: more }).facts.filling).toEqual(none);
    const verdicts = [applied(1)];
    const entries = [act(1, 'unsent')];
    expect(commit({ entries, answer: { ...more, reset: true, verdicts } }).facts.filling).toEqual(none);
    // What is taken during a first filling stands on the parts that came before it.
    const taken = commit({ entries, facts: { contactAt: null }, answer: { ...more, verdicts } }).facts.filling;
    expect(taken).toEqual({ wholePages: 3, settling: [1], again: [] });
    const still = { filling: filling({ wholePages: null }) };
    expect(commit({ facts: still, answer: more }).facts.filling).toEqual(none);
  });

  it('after a restore is whole when everything sent again is judged', () => {
    const entries = [act(1, 'received'), act(2, 'unsent'), act(3, 'refused')];
    const { filling: waiting } = commit({ entries, answer: { epoch: 'two' } }).facts;
    expect(waiting).toEqual({ wholePages: 3, settling: [], again: [1, 2] });
    const again = [act(1, 'unsent'), act(2, 'unsent')];
    const request = { epoch: 'two' };
    const half = { epoch: 'two', verdicts: [applied(1)] };
    const facts = { epoch: 'two', filling: waiting ?? null };
    expect(commit({ entries: again, facts, request, answer: half }).facts.filling).toMatchObject({ settling: [1] });
    const rest = { epoch: 'two', verdicts: [applied(1), applied(2)] };
    expect(commit({ entries: again, facts, request, answer: rest }).facts.filling).toBeNull();
    // New work that was not sent again holds nothing up.
    const later = [act(1, 'received'), act(2, 'received'), act(9, 'unsent')];
    expect(commit({ entries: later, facts, request, answer: { epoch: 'two' } }).facts.filling).toBeNull();
  });
});
