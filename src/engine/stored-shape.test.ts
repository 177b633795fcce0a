import { describe, expect, it } from 'vitest';
import * as f from './field.ts';
import { kind } from './kind.ts';
import { rowsPerPage } from './limits.ts';
import { registryOf } from './registry.ts';
import { pagesOf, readable, sensitiveFields, storedShape } from './stored-shape.ts';

const bell = kind({ name: 'bell', fields: { room: f.text(), mark: f.text() }, sees: [] });
const rope = kind({ name: 'rope', fields: { mark: f.text() }, sees: [] });
const of = (...kinds: (typeof bell | typeof rope)[]) =>
  registryOf([Object.fromEntries(kinds.map((one) => [one.name, one]))]);

describe('the shape of what is stored', () => {
  it('is the same in whatever order kinds and fields are declared', () => {
    const turned = kind({ name: 'bell', fields: { mark: f.text(), room: f.text() }, sees: [] });
    expect(storedShape(of(bell, rope))).toBe(storedShape(registryOf([{ rope, turned }])));
  });

  it('differs with every kind and every field', () => {
    const more = kind({ name: 'bell', fields: { room: f.text(), mark: f.text(), tone: f.text() }, sees: [] });
    const other = kind({ name: 'bell', fields: { room: f.text(), tone: f.text() }, sees: [] });
    const shapes = [of(bell), of(rope), of(bell, rope), registryOf([{ more }]), registryOf([{ other }])].map(
      storedShape,
    );
    expect(new Set(shapes).size).toBe(shapes.length);
    expect(shapes[0]).toMatch(/^[0-9a-z]+$/);
  });
});

describe('a page of another version', () => {
  it('has null for every field that it does not have, and keeps the rest', () => {
    const rows = [
      { kind: 'bell', version: 2, row: { id: 'b', room: 'hall' } },
      { kind: 'comet', version: 3, row: { id: 'c', tail: 1 } },
    ];
    const removed = [{ kind: 'bell', id: 'x' }];
    expect(readable(of(bell), { rows, removed })).toEqual({
      rows: [{ ...rows[0], row: { id: 'b', room: 'hall', mark: null } }, rows[1]],
      removed,
    });
  });
});

describe('pages', () => {
  it('are full, in order, and take nothing away', () => {
    const rows = Array.from({ length: 2 * rowsPerPage + 1 }, (_none, at) => ({
      ...{ kind: 'bell', version: at, row: { id: `b${at}` } },
    }));
    const pages = pagesOf(rows);
    expect(pages.map((page) => page.rows.length)).toEqual([rowsPerPage, rowsPerPage, 1]);
    expect(pages.flatMap((page) => page.rows)).toEqual(rows);
    expect(pages.every(({ removed }) => removed.length === 0)).toBe(true);
    expect(pagesOf(rows.slice(0, rowsPerPage))).toHaveLength(1);
    expect(pagesOf([])).toEqual([]);
  });
});

describe('fields of which nothing may stay', () => {
  it('are those that are sensitive or kept from some', () => {
    const fields = {
      ...{ plain: f.text(), secret: f.text({ sensitive: true }), kept: f.text({ only: ['office'] }) },
      open: f.text({ sensitive: false }),
    };
    expect(sensitiveFields(kind({ name: 'bell', fields, sees: [] }))).toEqual(['secret', 'kept']);
  });
});
