import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { put, remove } from './change.ts';
import { contextOf } from './context.ts';
import * as f from './field.ts';
import { kind, mutation, mutationsOf, type Row } from './kind.ts';
import { argumentBytesMax } from './limits.ts';
import { refuse } from './refusal.ts';
import { registryOf } from './registry.ts';
import { runMutation } from './run-mutation.ts';
import { Tables } from './tables.ts';

const label = () => '';
const bell = kind({
  name: 'bell',
  fields: { room: f.text(), marks: f.list(), note: f.optional(f.text()), by: f.person() },
  sees: [],
});
const told = (args: object) => ({ name: 'bell.hang', version: 2, args });
const bellActs = mutationsOf(bell, {
  hang: mutation({
    label,
    version: 2,
    args: { room: f.text(), note: f.optional(f.text()) },
    upcast: ({ place }) => (place === 'nowhere' ? (undefined as never) : { room: place }),
    may: (ctx) => ctx.roles.includes('keeper'),
    refusals: { taken: label },
    apply: (_tx, { room, note }, ctx) =>
      room === 'taken'
        ? refuse('taken', 'b9')
        : [put(bell, { id: ctx.newId(), room, marks: [], note, by: ctx.person })],
  }),
  mark: mutation({
    label,
    args: { bellId: f.reference('bell'), marks: f.list() },
    about: { kind: bell, id: ({ bellId }) => bellId },
    may: (ctx, subject) => subject.by === ctx.person,
    apply: (tx, { bellId, marks }) => {
      const row = tx.get(bell, bellId);
      return row ? [put(bell, { ...row, marks })] : [];
    },
  }),
  takeDown: mutation({
    label,
    args: { bellId: f.reference('bell') },
    may: () => true,
    apply: (_tx, { bellId }) => [remove(bell, bellId)],
  }),
  spoil: mutation({
    label,
    args: {},
    may: () => true,
    apply: () => [put(bell, { id: 'b1', room: 7 as never, marks: [], note: null, by: 'p' })],
  }),
  repeat: mutation({
    label,
    args: { room: f.text(), and: f.text() },
    may: () => true,
    apply: (_tx, { room, and }) => {
      const then = [
        put(bell, { id: 'then', room: (and === 'spoiled' ? 7 : and) as string, marks: [], note: null, by: 'p' }),
      ];
      const call = and === 'again' ? { name: 'bell.repeat', version: 1, args: { room, and } } : told({ room });
      return again(call, { person: 'author', id: 'first', at: 5 }, then) as never;
    },
  }),
});
const registry = registryOf([{ bell, bellActs }]);
const identity = { station: 's', person: 'p', roles: ['keeper'], communities: 'all' as const };

function run(name: string, args: unknown, { version = 2, roles = ['keeper'], person = 'p' } = {}) {
  const tx = new Tables(registry);
  tx.of('bell').set('b1', { id: 'b1', room: 'hall', marks: ['old'], note: null, by: 'p' } as Row);
  const ctx = contextOf({ ...identity, roles, person }, 'd', { id: 'act', at: 9 });
  const own = name === 'bell.hang' ? version : Math.min(version, 1);
  return runMutation(registry, tx, { name, version: own, args }, ctx);
}
const code = (outcome: ReturnType<typeof run>) => ('refusal' in outcome ? outcome.refusal.code : 'done');

describe('an act', () => {
  it('becomes changes, with every field in its place and nothing besides', () => {
    expect(run('bell.hang', { room: 'attic', colour: 'red' })).toEqual({
      changes: [{ kind: 'bell', id: 'act', row: { id: 'act', room: 'attic', marks: [], note: null, by: 'p' } }],
    });
  });

  it.each([
    ['that nobody has declared', 'bell.melt', {}, 'unknown-act'],
    ['without arguments', 'bell.hang', null, 'invalid'],
    ['with arguments that are none', 'bell.hang', 'attic', 'invalid'],
    ['with an argument of another sort', 'bell.hang', { room: 7 }, 'invalid'],
    ['with an argument missing', 'bell.hang', {}, 'invalid'],
    ['about a record that is not there', 'bell.mark', { bellId: 'b2', marks: [] }, 'not-allowed'],
    ['that would write what the kind does not allow', 'bell.spoil', {}, 'invalid'],
    ['that its own rules refuse', 'bell.hang', { room: 'taken' }, 'taken'],
  ])('%s is refused', (_what, name, args, expected) => {
    expect(code(run(name, args))).toBe(expected);
  });

  it('is refused for whoever may not, with the record that was looked for when it was missing', () => {
    expect(run('bell.hang', { room: 'attic' }, { roles: [] })).toEqual({ refusal: refuse('not-allowed') });
    expect(run('bell.mark', { bellId: 'b1', marks: [] }, { person: 'q' })).toEqual({ refusal: refuse('not-allowed') });
    expect(run('bell.mark', { bellId: 'b2', marks: [] })).toEqual({ refusal: refuse('not-allowed', 'b2') });
  });

  it('of an older version is read in today’s words, of a newer one it is not understood', () => {
    expect(run('bell.hang', { place: 'attic' }, { version: 1 })).toMatchObject({
      changes: [{ row: { room: 'attic' } }],
    });
    expect(code(run('bell.hang', { place: 'nowhere' }, { version: 1 }))).toBe('invalid');
    expect(code(run('bell.hang', { room: 'attic' }, { version: 3 }))).toBe('invalid');
    expect(code(run('bell.takeDown', { bellId: 'b1' }, { version: 0 }))).toBe('invalid');
  });

  it('is no larger than one act may be', () => {
    const filled = (bytes: number) => ({ note: null, room: 'x', more: 'm'.repeat(bytes) });
    const frame = JSON.stringify(filled(0)).length;
    expect(code(run('bell.hang', filled(argumentBytesMax - frame)))).toBe('done');
    expect(code(run('bell.hang', filled(argumentBytesMax - frame + 1)))).toBe('invalid');
  });

  it('takes away, and leaves no trace when it changes nothing', () => {
    expect(run('bell.takeDown', { bellId: 'b1' })).toEqual({ changes: [{ kind: 'bell', id: 'b1', row: null }] });
    expect(run('bell.mark', { bellId: 'b1', marks: ['old'] })).toEqual({ changes: [] });
    expect(run('bell.mark', { bellId: 'b1', marks: ['new'] })).toMatchObject({
      changes: [{ row: { marks: ['new'] } }],
    });
  });
});

describe('an act that has another one done first', () => {
  it('gives both, the first as the fact of its author', () => {
    expect(run('bell.repeat', { room: 'attic', and: 'porch' })).toMatchObject({
      changes: [
        { id: 'first', row: { room: 'attic', by: 'author' } },
        { id: 'then', row: { room: 'porch' } },
      ],
    });
  });

  it.each([
    ['the other is refused', { room: 'taken', and: 'porch' }, 'taken'],
    ['what follows does not fit', { room: 'attic', and: 'spoiled' }, 'invalid'],
    ['the other has another one done in its turn', { room: 'attic', and: 'again' }, 'invalid'],
  ])('gives neither when %s', (_why, args, expected) => {
    expect(code(run('bell.repeat', args))).toBe(expected);
  });
});
