import { put, remove } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import { dayOf } from '#engine/calendar.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import { photosPerRecordMax } from '#engine/limits.ts';
import { refuse } from '#engine/refusal.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';
import { m } from '#messages';
import { delivery } from './delivery.record.ts';

/**
 * A photo of a door, taken after its outcome was noted: where the box was left, the gate that did not open. A record of
 * its own, so that the one tap at the door asks for nothing and a fact is never written over. People are not what it
 * is of; the screen says so.
 */
export const doorPhoto = kind({
  name: 'doorPhoto',
  label: () => m.routes_door_photo(),
  fields: {
    factId: f.reference('delivery'),
    elderId: f.reference('elder'),
    date: f.date(),
    photo: f.photo(),
    at: f.instant(),
    by: f.person(),
  },
  index: ['factId', 'elderId', 'date'],
  sees: [
    seesStation({ roles: office, days: { field: 'date', from: -14, to: 1 } }),
    seesMine('by', { days: { field: 'date', from: 0, to: 1 } }),
  ],
  urgency: 3,
});
export type DoorPhoto = RowOf<typeof doorPhoto>;

/** Who noted the fact adds what they see, and takes it back, on the same day; the office may take back any. */
const isOwnToday = (ctx: Context, { by, at }: { readonly by: string; readonly at: number }): boolean =>
  by === ctx.person && dayOf(at) === ctx.today;

export const doorPhotoActs = mutationsOf(doorPhoto, {
  add: mutation({
    label: () => m.routes_act_add_photo(),
    args: { factId: f.reference('delivery'), photo: f.photo() },
    about: { kind: delivery, id: ({ factId }) => factId },
    may: (ctx, fact) => isOwnToday(ctx, fact),
    refusals: { enough: () => m.routes_refusal_photos_enough() },
    apply(tx, { factId, photo }, ctx) {
      const fact = tx.get(delivery, factId);
      const there = tx.where(doorPhoto, { factId });
      if (there.some((one) => one.photo === photo)) return [];
      if (!fact || there.length >= photosPerRecordMax) return refuse('enough');
      const { elderId, date } = fact;
      return [put(doorPhoto, { id: ctx.newId(), factId, elderId, date, photo, at: ctx.at, by: ctx.person })];
    },
  }),
  takeBack: mutation({
    label: () => m.routes_act_take_photo_back(),
    args: { photoId: f.reference('doorPhoto') },
    about: { kind: doorPhoto, id: ({ photoId }) => photoId },
    may: (ctx, one) => isOwnToday(ctx, one) || hasRole(ctx, 'coordinator'),
    apply: (_tx, { photoId }) => [remove(doorPhoto, photoId)],
  }),
});
