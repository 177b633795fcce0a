import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as f from './field.ts';
import { kind, type Row } from './kind.ts';
import { Table } from './table.ts';

const lamp = kind({ name: 'lamp', fields: { room: f.text() }, index: ['room'], sees: [] });

describe('a table', () => {
  const id = fc.integer({ min: 0, max: 300 }).map((number) => `l${number}`);
  const change = fc.record({ id, room: fc.option(fc.constantFrom('hall', 'stairs')), asks: fc.boolean() });

  it('lists its records in order, however few or many have changed since the last time', () => {
    const changes = fc.array(change, { maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(changes, (list) => {
        const table = new Table(lamp);
        const rows = new Map<string, { id: string; room: string }>();
        for (const one of list) {
          const row = one.room === null ? null : { id: one.id, room: one.room };
          if (row) rows.set(one.id, row);
          else rows.delete(one.id);
          table.set(one.id, row);
          if (one.asks) expect(table.all()).toEqual(inOrder([...rows.values()]));
        }
        expect(table.all()).toEqual(inOrder([...rows.values()]));
      }),
      { numRuns: 60 },
    );
  });

  it('shows what lies on top, and the base again where that is taken away, whenever it is asked', () => {
    const few = fc.integer({ min: 0, max: 9 }).map((number) => `l${number}`);
    const layer = fc.constantFrom('base', 'top', 'away');
    const changes = fc.array(
      fc.record({ id: few, layer, room: fc.constantFrom('hall', 'stairs', null), asks: fc.boolean() }),
    );
    fc.assert(
      fc.property(changes, (list) => {
        const table = new Table(lamp);
        const [base, top] = [new Map<string, Row | null>(), new Map<string, Row | null>()];
        for (const { id: one, layer: where, room, asks } of list) {
          const row = room === null ? null : { id: one, room };
          const below = where === 'base';
          if (where === 'away') table.clearTop();
          else if (below) table.setBase(one, row && { row, version: 1 });
          else table.set(one, row);
          if (where === 'away') top.clear();
          else if (below && row === null) base.delete(one);
          else (below ? base : top).set(one, row);
          if (!asks) continue;
          const shown = inOrder([...new Map([...base, ...top]).values()].filter((kept) => kept !== null));
          expect(table.all()).toEqual(shown);
          expect(table.where({ room: 'hall' })).toEqual(shown.filter((kept) => kept.room === 'hall'));
          expect([table.size, table.get(one)]).toEqual([shown.length, shown.find((kept) => kept.id === one)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives a new list when something has changed, and leaves the one before as it was', () => {
    const table = new Table(lamp);
    table.set('b', { id: 'b', room: 'hall' });
    const before = table.all();
    expect(table.all()).toBe(before);
    table.set('a', { id: 'a', room: 'hall' });
    expect(table.all().map((row) => row.id)).toEqual(['a', 'b']);
    expect(before.map((row) => row.id)).toEqual(['b']);
  });
});

function inOrder<T extends { id: string }>(rows: T[]): T[] {
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}
