import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnreadableColumn } from './packing.ts';
import { decodeRows, type VersionedRow } from './patch.ts';
import type { KindPatch } from './protocol.ts';
import { encodeRowsBriefly, plainPatch } from './sent-rows.ts';

const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const fields = ['room', 'note', 'tags', 'lit'];
const value = fc.oneof(
  fc.constantFrom(null, 'hall', 'attic', 3, true),
  fc.string(),
  fc.array(fc.string(), { maxLength: 3 }),
);
const args = fc.dictionary(fc.constantFrom('room', 'note', 'tags', '__proto__'), value, { noNullPrototype: true });
const acts = fc.uniqueArray(fc.record({ id: fc.uuid(), args: fc.oneof(args, fc.constantFrom(null, 'text', [1])) }), {
  selector: ({ id }) => id,
  maxLength: 12,
});
const byId = (rows: readonly VersionedRow[]) => [...rows].sort((a, b) => (a.row.id < b.row.id ? -1 : 1));

/** What the other side makes of the patches of one kind. */
function readBack(patches: readonly KindPatch[], sent: Parameters<typeof plainPatch>[1]): VersionedRow[] {
  return patches.flatMap((patch) => decodeRows(plainPatch(overTheWire(patch), sent), fields));
}

describe('rows for a phone that remembers what it sent', () => {
  it('are the same rows again, whoever made them and whatever became of them', () => {
    const row = fc.record({ room: value, note: value, tags: value, lit: value });
    const world = acts.chain((sent) =>
      fc.record({
        sent: fc.constant(sent),
        // Some records as the acts said them, some changed since, some of others.
        own: fc.constant(sent).map((all) => all.filter((_one, at) => at % 3 > 0)),
        changed: fc.array(fc.record({ room: value, lit: value }), { minLength: 12, maxLength: 12 }),
        others: fc.uniqueArray(fc.record({ id: fc.uuid(), row }), { selector: ({ id }) => id, maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(world, fc.array(fc.uuid(), { maxLength: 3 }), ({ sent, own, changed, others }, removed) => {
        const ownRows = own.map(({ id, args: said }, at) => {
          const given = Object.fromEntries(
            fields.map((field) => [field, (said as Record<string, unknown> | null)?.[field] ?? null]),
          );
          return { row: { ...given, ...(at % 2 ? changed[at] : {}), id }, version: 7 };
        });
        const ids = new Set(sent.map(({ id }) => id));
        const foreign = others
          .filter(({ id }) => !ids.has(id))
          .map(({ id, row }) => ({ row: { id, ...row }, version: 8 }));
        const patches = encodeRowsBriefly('lamp', fields, [...ownRows, ...foreign], removed, sent);
        expect(byId(readBack(patches, sent))).toEqual(byId(overTheWire([...ownRows, ...foreign])));
        expect(patches.flatMap((patch) => patch.removed)).toEqual(removed);
      }),
      { numRuns: 300 },
    );
  });

  it('say nothing again that the acts have said', () => {
    const sent = Array.from({ length: 100 }, (_none, at) => ({
      id: `id-${at}`,
      args: { room: `room ${at}`, note: null },
    }));
    const rows = sent.map(({ id, args: { room } }) => ({
      row: { id, room, note: null, tags: [], lit: false },
      version: 3,
    }));
    const [patch] = encodeRowsBriefly('lamp', fields, rows, [], sent);
    expect(JSON.stringify(patch)).not.toMatch(/id-|room \d/);
    expect(JSON.stringify(patch).length).toBeLessThan(300);
  });

  it('are not read when they refer to an act that was not sent', () => {
    const sent = [{ id: 'a', args: { room: 'hall' } }];
    const row = { row: { id: 'a', room: 'hall', note: null, tags: null, lit: null }, version: 1 };
    const [patch] = encodeRowsBriefly('lamp', fields, [row], [], sent) as [KindPatch];
    expect(() => plainPatch(patch, [])).toThrow(UnreadableColumn);
    expect(() => decodeRows({ ...patch, ids: ['a'] }, fields)).toThrow(UnreadableColumn);
  });
});
