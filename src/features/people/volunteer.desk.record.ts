import * as v from 'valibot';
import { put, type Change } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { mutation, mutationsOf, type RowOf } from '#engine/kind.ts';
import { person } from '#features/access/person.record.ts';
import { m } from '#messages';
import { PlaceBook } from './place-book.rules.ts';
import { rowsPerAct } from './place.desk.record.ts';
import { volunteer } from './volunteer.record.ts';

const text = (max: number) => v.nullable(v.pipe(v.string(), v.maxLength(max)));
const words = v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(60));

/** One volunteer as a list gives them. */
export const volunteerLine = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  phone: v.nullable(f.phone().schema),
  number: text(40),
  sex: v.nullable(v.picklist(['F', 'M'])),
  community: text(80),
  team: text(80),
  skills: words,
  days: volunteer.fields.days.schema,
  parts: words,
  irregular: v.boolean(),
  transport: text(60),
  training: words,
  fixed: v.boolean(),
  hoursBefore: v.nullable(v.pipe(v.number(), v.minValue(0))),
  pointsBefore: v.nullable(v.number()),
  note: text(2_000),
});
export type VolunteerLine = v.InferOutput<typeof volunteerLine>;

export const volunteerActs = mutationsOf(volunteer, {
  /** Each becomes a person too, without any role: what they may do is granted one by one. */
  registerMany: mutation({
    label: m.people_act_register_volunteers,
    args: { rows: f.structure(v.pipe(v.array(volunteerLine), v.minLength(1), v.maxLength(rowsPerAct))) },
    may: (ctx) => hasRole(ctx, 'coordinator'),
    apply(tx, { rows }, ctx) {
      const places = new PlaceBook(tx, ctx);
      const added: RowOf<typeof person>[] = [];
      const changes: Change[] = [];
      for (const line of rows) {
        const known = [...tx.where(person, { name: line.name }), ...added];
        if (known.some((one) => one.name === line.name && one.phone === line.phone)) continue;
        const id = ctx.newId();
        const communityId = line.community ? places.community(line.community).id : null;
        const row = { id, ...newcomer, name: line.name, phone: line.phone };
        added.push(row);
        changes.push(put(person, row), put(volunteer, volunteerOf(id, communityId, line)));
      }
      return [...places.changes, ...changes];
    },
  }),
});

const newcomer = { roles: [], allCommunities: false, communities: [], active: true } as const;

function volunteerOf(personId: string, communityId: string | null, line: VolunteerLine): RowOf<typeof volunteer> {
  const { name: _name, phone: _phone, community: _community, ...own } = line;
  return { id: personId, personId, communityId, ...own, status: 'active' };
}
