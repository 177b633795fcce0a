import * as v from 'valibot';
import { hasRole, worksIn } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { PlaceBook } from './place-book.rules.ts';
import { building } from './place.record.ts';

const word = v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(80)));
const count = (max: number) => v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max)));

/** One line of a list of places: a building with all it lies in, or only a community, grid or micro-grid. */
export const placeRow = v.object({
  community: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
  grid: word,
  microGrid: word,
  estate: word,
  building: word,
  entrances: count(99),
  floors: count(199),
  lift: v.nullable(v.boolean()),
  /** WGS-84 degrees. */
  latitude: v.nullable(v.pipe(v.number(), v.minValue(-90), v.maxValue(90))),
  longitude: v.nullable(v.pipe(v.number(), v.minValue(-180), v.maxValue(180))),
});
export type PlaceLine = v.InferOutput<typeof placeRow>;
/** Rows that one act of a bulk registration takes. */
export const rowsPerAct = 100;

export const placeActs = mutationsOf(building, {
  registerPlaces: mutation({
    label: m.people_act_register_places,
    args: { rows: f.structure(v.pipe(v.array(placeRow), v.minLength(1), v.maxLength(rowsPerAct))) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'other-community': m.people_refused_other_community },
    apply(tx, { rows }, ctx) {
      const book = new PlaceBook(tx, ctx);
      for (const row of rows) {
        const place = book.community(row.community);
        if (!worksIn(ctx, place.id)) return refuse('other-community');
        writePlace(book, place.id, row);
      }
      return book.changes;
    },
  }),
});

function writePlace(book: PlaceBook, communityId: string, row: PlaceLine): void {
  const gridId = row.grid === null ? null : book.grid(communityId, row.grid).id;
  const microGridId =
    gridId === null || row.microGrid === null ? null : book.microGrid(communityId, gridId, row.microGrid).id;
  if (row.estate === null || row.building === null) return;
  const { entrances, floors, lift, latitude, longitude } = row;
  const facts = { gridId, microGridId, entrances, floors, lift, latitude, longitude };
  book.building(communityId, row.estate, row.building, facts);
}
