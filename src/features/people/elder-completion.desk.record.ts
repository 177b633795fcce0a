import * as v from 'valibot';
import { put, type Change } from '#engine/change.ts';
import { hasRole, worksIn, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { refuse } from '#engine/refusal.ts';
import { m } from '#messages';
import { completedDiet, completedElder, newContacts } from './completion.rules.ts';
import { elderLine, type ElderLine } from './elder-line.ts';
import { dietProfile, elder } from './elder.record.ts';
import { followDiet } from './follow-diet.rules.ts';
import { PlaceBook } from './place-book.rules.ts';
import { rowsPerAct } from './place.desk.record.ts';
import { contact } from './place.record.ts';

const completion = v.object({ elderId: f.idSchema, line: elderLine });

/** What a ledger knows of somebody and the register does not, once a person has said that it is the same one. */
export const elderCompletion = mutationsOf(elder, {
  completeMany: mutation({
    label: m.people_act_complete_many,
    args: { rows: f.structure(v.pipe(v.array(completion), v.minLength(1), v.maxLength(rowsPerAct))) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    refusals: { 'other-community': m.people_refused_other_community },
    apply(tx, { rows }, ctx) {
      const places = new PlaceBook(tx, ctx);
      const changes: Change[] = [];
      for (const { elderId, line } of rows) {
        const held = tx.get(elder, elderId);
        if (!held) continue;
        if (!worksIn(ctx, held.communityId)) return refuse('other-community');
        const lives = held.buildingId === null ? houseOf(places, held.communityId, line) : {};
        changes.push(put(elder, { ...completedElder(held, line), ...lives }), ...besides(tx, elderId, line, ctx));
      }
      return [...places.changes, ...changes];
    },
  }),
});

function houseOf(places: PlaceBook, communityId: string, { estate, building }: ElderLine) {
  if (estate === null || building === null) return {};
  const place = places.building(communityId, estate, building);
  return { buildingId: place.id, ...(place.gridId === null ? {} : { gridId: place.gridId }) };
}

function besides(tx: Reader, elderId: string, line: ElderLine, ctx: Context): readonly Change[] {
  const held = tx.where(contact, { elderId });
  const last = Math.max(0, ...held.map(({ order }) => order));
  const contacts = newContacts(held, line.contacts).map((one, at) =>
    put(contact, { id: ctx.newId(), elderId, order: last + at + 1, ...one }),
  );
  const diet = tx.get(dietProfile, elderId);
  const completed = completedDiet(diet, line.diet);
  const isSame = diet !== undefined && JSON.stringify(completedDiet(diet, emptyDiet)) === JSON.stringify(completed);
  return isSame ? contacts : [...contacts, ...followDiet(tx, elderId, completed, ctx)];
}

const emptyDiet = { types: [], allergens: [], texture: null, dislikes: [], note: null };
