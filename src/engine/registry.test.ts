import { describe, expect, it } from 'vitest';
import * as f from './field.ts';
import { kind, mutation, mutationsOf } from './kind.ts';
import { registryOf } from './registry.ts';
import { brings, seesMine, seesStation, seesWith, type Brought, type SeeRule } from './scope.ts';
import { visibleIds } from './visible.ts';

const elder = kind({ name: 'elder', fields: { name: f.text() }, sees: [seesStation({ roles: ['office'] })] });
const haircut = kind({
  name: 'haircut',
  fields: { elder: f.reference('elder'), by: f.person() },
  sees: [seesMine('by')],
  brings: [brings('elder', 'elder', { roles: ['barber'] })],
});

const rows: Readonly<Record<string, readonly { id: string }[]>> = {
  elder: [{ id: 'e1' }, { id: 'e2' }],
  haircut: [{ id: 'h1', elder: 'e1', by: 'p' } as { id: string }],
};

function eldersSeenBy(role: string): string[] {
  const viewer = { person: 'p', roles: [role], communities: 'all' as const, today: '2026-11-02' };
  return [...(visibleIds(registryOf([{ haircut, elder }]), viewer, (name) => rows[name] ?? []).get('elder') ?? [])];
}

describe('what a kind brings along', () => {
  it('is seen by who sees the record and has the role, without an edit of the kind that is brought', () => {
    expect(eldersSeenBy('barber')).toEqual(['e1']);
    expect(eldersSeenBy('visitor')).toEqual([]);
    expect(elder.sees).toHaveLength(1);
  });

  it('must be a kind, named in a field that is there, and must not bring itself', () => {
    const fields = { elder: f.reference('elder') };
    const wrong = (options: { sees?: readonly SeeRule[]; brings?: readonly Brought[] }) => () =>
      registryOf([{ elder, wrong: kind({ name: 'wrong', fields, sees: [], ...options }) }]);
    expect(wrong({ brings: [brings('nobody', 'elder')] })).toThrow('brings "nobody"');
    expect(wrong({ brings: [brings('elder', 'nothing')] })).toThrow('no field "nothing"');
    expect(wrong({ sees: [seesWith('elder', 'elder')], brings: [brings('elder', 'elder')] })).toThrow('itself');
  });
});

describe('acts that come later than the kinds', () => {
  const label = () => '';
  const acts = mutationsOf(elder, { greet: mutation({ label, args: {}, may: () => true, apply: () => [] }) });

  it('are found like those that were there, and must bring no kind', () => {
    const registry = registryOf([{ elder }]);
    expect(registry.mutations.has('elder.greet')).toBe(false);
    registry.learn([{ acts }]);
    registry.learn([{ acts }]);
    expect(registry.mutations.get('elder.greet')).toBe(acts.greet);
    expect(() => registry.learn([{ haircut }])).toThrow('"haircut" is known too late');
  });
});
