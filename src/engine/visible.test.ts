import { describe, expect, it } from 'vitest';
import * as f from './field.ts';
import { kind, type Row } from './kind.ts';
import { registryOf } from './registry.ts';
import { rulesFor, seesBeside, seesMine, seesStation, type SeeRule, type Viewer } from './scope.ts';
import { projectRow, visibleIds } from './visible.ts';

const fields = {
  who: f.optional(f.person()),
  area: f.optional(f.text()),
  day: f.optional(f.date()),
  secret: f.optional(f.text({ only: ['nurse', 'office'] })),
};
const viewer: Viewer = { person: 'p', roles: ['helper'], communities: ['north'], today: '2026-11-20' };
const bells = (sees: readonly SeeRule[]) => kind({ name: 'bell', fields, sees: [...sees] });

/** Ids of the bells that are seen by these rules. */
function seen(sees: readonly SeeRule[], rows: readonly object[], who: Partial<Viewer> = {}): string[] {
  const bell = bells(sees);
  const all = rows.map((row, at) => ({ id: `b${at}`, ...row }) as Row);
  return [...(visibleIds(registryOf([{ bell }]), { ...viewer, ...who }, () => all).get('bell') ?? [])];
}

describe('what a person sees', () => {
  it('is nothing without a rule, and with several what any of them gives', () => {
    expect(seen([], [{}])).toEqual([]);
    const rows = [{ who: 'p' }, { area: 'north' }, { area: 'south' }];
    expect(seen([seesMine('who'), seesStation({ within: 'area' })], rows)).toEqual(['b0', 'b1']);
    expect(seen([seesStation({ within: 'area' })], rows, { communities: 'all' })).toEqual(['b0', 'b1', 'b2']);
  });

  it('goes by the day of the record, both ends included; one without a day is not seen', () => {
    const days = { field: 'day', from: -1, to: 2 };
    const rows = ['2026-11-18', '2026-11-19', '2026-11-22', '2026-11-23', null].map((day) => ({ day }));
    expect(seen([seesStation({ days })], rows)).toEqual(['b1', 'b2']);
    expect(seen([seesStation({ days })], [{}, { day: 20261120 }])).toEqual([]);
  });

  it('is not joined by two values that are both missing', () => {
    const rope = kind({
      name: 'rope',
      fields: { area: f.optional(f.text()) },
      sees: [seesBeside('bell', 'area', 'area')],
    });
    const bell = bells([seesStation()]);
    const rows: Record<string, readonly object[]> = {
      bell: [{ id: 'b0', area: null }, { id: 'b1' }, { id: 'b2', area: 'north' }],
      rope: [{ id: 'r0', area: null }, { id: 'r1' }, { id: 'r2', area: 'north' }],
    };
    const all = visibleIds(registryOf([{ bell, rope }]), viewer, (name) => rows[name] as Row[]);
    expect([...(all.get('rope') ?? [])]).toEqual(['r2']);
  });

  it('goes by roles: a rule without any counts for everybody', () => {
    const [open, nurses] = [seesStation(), seesStation({ roles: ['nurse', 'office'] })];
    expect(rulesFor([open, nurses], viewer)).toEqual([open]);
    expect(rulesFor([open, nurses], { ...viewer, roles: ['helper', 'office'] })).toEqual([open, nurses]);
    expect(rulesFor([seesStation({ roles: [] })], viewer)).toEqual([]);
  });
});

describe('a record as somebody may have it', () => {
  const row = { id: 'b', who: 'p', area: 'north', day: null, secret: 'x' } as Row;

  it('lacks the fields that are kept from their roles', () => {
    expect(projectRow(bells([]), row, ['helper'])).toEqual({ ...row, secret: null });
    expect(projectRow(bells([]), row, [])).toEqual({ ...row, secret: null });
  });

  it('is the same object when nothing is kept from them', () => {
    expect(projectRow(bells([]), row, ['helper', 'nurse'])).toBe(row);
  });
});
