import * as f from '#engine/field.ts';
import { kind, type RowOf } from '#engine/kind.ts';
import { seesMine } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

/** 常用名单: a question that somebody of the office asks of a list again and again, under a name of their own. */
export const savedView = kind({
  name: 'savedView',
  fields: {
    person: f.person(),
    /** Which list: people, volunteers, visits … */
    list: f.text({ max: 40 }),
    name: f.text({ max: 40 }),
    question: f.text({ max: 1_000 }),
    order: f.whole({ min: 0 }),
  },
  index: ['person'],
  sees: [seesMine('person', { roles: office })],
});

export type SavedView = RowOf<typeof savedView>;
