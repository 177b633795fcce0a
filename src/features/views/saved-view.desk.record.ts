import { put, remove } from '#engine/change.ts';
import { hasRole, type Context } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { office } from '#features/access/public.ts';
import { m } from '#messages';
import { savedView, type SavedView } from './saved-view.record.ts';

/** More of one list would no longer be found faster than asked. */
export const viewsMax = 30;
const step = 10;

const viewId = f.reference('savedView');
const about = { kind: savedView, id: (args: { readonly viewId: string }) => args.viewId } as const;
const isMine = (ctx: Context, view: SavedView): boolean => hasRole(ctx, ...office) && view.person === ctx.person;
const nameMissing = { 'name-missing': m.views_refused_name_missing } as const;

/** Everybody keeps their own; nobody sees or changes another's. */
export const savedViewActs = mutationsOf(savedView, {
  /** Under a name that this list has already the new question takes the old one's place. */
  keep: mutation({
    label: m.views_act_keep,
    args: {
      list: savedView.fields.list,
      name: savedView.fields.name,
      question: savedView.fields.question,
      /** Of one that was dropped and comes back, so that its address leads to it again. */
      before: f.optional(f.reference('savedView')),
      order: f.optional(savedView.fields.order),
    },
    may: (ctx) => hasRole(ctx, ...office),
    refusals: { ...nameMissing, 'too-many': m.views_refused_too_many },
    apply(tx, { before, order, ...asked }, ctx) {
      const name = asked.name.trim();
      const mine = tx.where(savedView, { person: ctx.person }).filter(({ list }) => list === asked.list);
      const same = mine.find((view) => view.name === name);
      if (name === '') return refuse('name-missing');
      if (same) return [put(savedView, { ...same, question: asked.question })];
      if (mine.length >= viewsMax) return refuse('too-many');
      // An id that is somebody's already would write over what is theirs.
      const id = before !== null && !tx.get(savedView, before) ? before : ctx.newId();
      const last = mine.reduce((most, view) => Math.max(most, view.order), 0);
      return [put(savedView, { ...asked, id, name, person: ctx.person, order: order ?? last + step })];
    },
  }),
  rename: mutation({
    label: m.views_act_rename,
    args: { viewId, name: savedView.fields.name },
    about,
    may: isMine,
    refusals: { ...nameMissing, 'name-taken': m.views_refused_name_taken },
    apply(tx, args, ctx) {
      const view = tx.get(savedView, args.viewId);
      const name = args.name.trim();
      if (!view || name === '') return refuse('name-missing');
      const others = tx
        .where(savedView, { person: ctx.person })
        .filter(({ id, list }) => id !== view.id && list === view.list);
      if (others.some((other) => other.name === name)) return refuse('name-taken');
      return [put(savedView, { ...view, name })];
    },
  }),
  drop: mutation({
    label: m.views_act_drop,
    args: { viewId },
    about,
    may: isMine,
    apply: (_tx, args) => [remove(savedView, args.viewId)],
  }),
});
