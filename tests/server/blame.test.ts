import { describe, expect, it } from 'vitest';
import { put, remove, type Change } from '#engine/change.ts';
import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { actsToBlame } from '#server/exchange/blame.ts';
import type { Judged } from '#server/exchange/judge.ts';
import type { LoadedRow, RecordName, Wanted } from '#server/exchange/store.ts';

const shelf = kind({ name: 'shelf', fields: { room: f.text(), words: f.list() }, sees: [] });
const book = kind({
  ...{ name: 'book', sees: [] },
  fields: { shelfId: f.reference('shelf'), before: f.optional(f.reference('book')), pages: f.whole() },
});
const registry = registryOf([{ shelf, book }]);
const onShelf = (id: string, shelfId: string, before: string | null = null) =>
  put(book, { id, shelfId, before, pages: 9 });
const shelfOf = (id: string, room = 'hall', words: string[] = []) => put(shelf, { id, room, words });

/** Whom a batch of acts, each with what it changes, is laid to; there are the shelves s1 and s2. */
async function blamed(...acts: (readonly Change[] | 'refused')[]) {
  const asked: RecordName[] = [];
  const load = async ({ rows }: Wanted): Promise<LoadedRow[]> => {
    asked.push(...rows);
    return rows.flatMap(({ kind: name, id }) =>
      ['s1', 's2'].includes(id) ? [{ kind: name, version: 1, row: { id } }] : [],
    );
  };
  const judged = acts.map((changes, at) => ({
    act: { id: `a${at}` },
    outcome: changes === 'refused' ? { refusal: { code: 'no' } } : { changes },
  }));
  const found = await actsToBlame({ load }, registry, judged as unknown as readonly Judged[]);
  return { found, asked: asked.map(({ kind: name, id }) => `${name}:${id}`) };
}

describe('who is to blame for a batch that a store refuses', () => {
  it('is nobody whose references stand in the store or in the batch', async () => {
    const { found, asked } = await blamed([onShelf('b1', 's1')], [onShelf('b2', 's9', 'b1')], 'refused', [
      shelfOf('s9'),
    ]);
    expect([found, asked]).toEqual([[], ['shelf:s1']]);
  });

  it('is everybody who leaves a reference to what is nowhere', async () => {
    const { found, asked } = await blamed([onShelf('b1', 's7')], [onShelf('b2', 's1')], [onShelf('b3', 's1', 'b7')]);
    expect(found).toEqual(['a0', 'a2']);
    expect(asked.sort()).toEqual(['book:b7', 'shelf:s1', 'shelf:s1', 'shelf:s7']);
  });

  it('is who has left it so first, and has not been corrected since', async () => {
    const good = [onShelf('b1', 's1')];
    const bad = [onShelf('b1', 's7')];
    expect((await blamed(bad, bad, bad)).found).toEqual(['a0']);
    expect((await blamed(good, bad, bad)).found).toEqual(['a1']);
    expect((await blamed(bad, good, bad)).found).toEqual(['a2']);
    expect((await blamed(bad, [remove(book, 'b1')], bad)).found).toEqual(['a2']);
    expect((await blamed(bad, good)).found).toEqual([]);
    expect((await blamed(bad, [remove(book, 'b1')])).found).toEqual([]);
  });

  it('is the later one where a record is taken away to which another refers', async () => {
    const away = [remove(shelf, 's1')];
    const refers = [onShelf('b1', 's1')];
    expect((await blamed(away, refers)).found).toEqual(['a1']);
    expect((await blamed(refers, away)).found).toEqual(['a1']);
    expect((await blamed(away, refers, [shelfOf('s1')])).found).toEqual([]);
  });

  it.each([['a\u0000'], ['\ud800b'], ['b\udfff']])('is who says what no store takes: %j', async (text) => {
    expect((await blamed([shelfOf('s4', 'hall')], [shelfOf('s5', text)])).found).toEqual(['a1']);
    expect((await blamed([shelfOf('s4', 'hall', ['x', text])], [shelfOf('s5', '📚')])).found).toEqual(['a0']);
  });
});
