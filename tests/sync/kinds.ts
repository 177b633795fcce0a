import { put, remove } from '#engine/change.ts';
import { hasRole } from '#engine/context.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf } from '#engine/kind.ts';
import { refuse } from '#engine/refusal.ts';
import { registryOf } from '#engine/registry.ts';
import { seesMine, seesReferredBy, seesStation, seesWith } from '#engine/scope.ts';

/**
 * Kinds of a station that exists only in the simulation. Each has one property that synchronisation can get wrong:
 * scope through other kinds and through the day, fields kept from some roles, corrections, natural keys that two phones
 * claim at once, sums that show a doubled act, and acts that stand on another's record.
 */
const label = () => '';
const office = { roles: ['office'] };

export const round = kind({
  name: 'round',
  fields: { day: f.date(), name: f.text(), assignee: f.optional(f.person()), free: f.yesNo() },
  index: ['assignee', 'day'],
  sees: [
    seesStation(office),
    seesMine('assignee', { days: { field: 'day', from: -1, to: 1 } }),
    seesStation({
      roles: ['volunteer'],
      having: { field: 'free', values: [true] },
      days: { field: 'day', from: 0, to: 1 },
    }),
  ],
  urgency: 1,
});

export const door = kind({
  name: 'door',
  fields: { round: f.reference('round'), elder: f.reference('elder') },
  index: ['round', 'elder'],
  sees: [seesStation(office), seesWith('round', 'round')],
  urgency: 1,
});

export const elder = kind({
  name: 'elder',
  fields: {
    name: f.text({ sensitive: true }),
    gate: f.text(),
    medical: f.optional(f.text({ only: ['office', 'nurse'], sensitive: true })),
  },
  sees: [seesStation(office), seesReferredBy('door', 'elder')],
});

export const handover = kind({
  name: 'handover',
  fields: {
    door: f.reference('door'),
    by: f.person(),
    at: f.instant(),
    day: f.date(),
    outcome: f.oneOf(['given', 'noAnswer', 'away']),
    corrects: f.optional(f.reference('handover')),
  },
  index: ['door', 'corrects', 'by'],
  sees: [seesStation(office), seesMine('by', { days: { field: 'day', from: -2, to: 1 } }), seesWith('door', 'door')],
});

export const tally = kind({
  name: 'tally',
  fields: { person: f.person(), topic: f.text(), count: f.whole() },
  index: ['person'],
  sees: [seesStation(office), seesMine('person')],
});

export const note = kind({
  name: 'note',
  fields: { by: f.person(), community: f.text(), day: f.date(), words: f.text(), mood: f.optional(f.text()) },
  index: ['by'],
  sees: [
    seesStation(office),
    seesMine('by'),
    seesStation({ roles: ['volunteer'], within: 'community', days: { field: 'day', from: -1, to: 0 } }),
  ],
});

export const reply = kind({
  name: 'reply',
  fields: { note: f.reference('note'), by: f.person(), words: f.text() },
  index: ['note'],
  sees: [seesMine('by'), seesWith('note', 'note')],
});

export const slot = kind({
  name: 'slot',
  fields: { number: f.whole({ min: 0, max: 99 }), by: f.person(), used: f.whole() },
  sees: [seesStation()],
  urgency: 0,
});

/** What a phone has lost; the centre makes it when it is told. */
export const lostWork = kind({
  name: 'lostWork',
  fields: {
    device: f.text(),
    person: f.person(),
    count: f.whole({ min: 1 }),
    numbers: f.text(),
    from: f.optional(f.instant()),
    to: f.optional(f.instant()),
    toldAt: f.instant(),
    day: f.date(),
    state: f.oneOf(['open', 'settled']),
    settledBy: f.optional(f.person()),
    settledAt: f.optional(f.instant()),
    finding: f.optional(f.text()),
  },
  index: ['person'],
  sees: [seesStation(office), seesMine('person')],
});

export const roundActs = mutationsOf(round, {
  open: mutation({
    label,
    args: { day: f.date(), name: f.text() },
    may: (ctx) => hasRole(ctx, 'office'),
    apply: (_tx, { day, name }, ctx) => [put(round, { id: ctx.newId(), day, name, assignee: null, free: true })],
  }),
  assign: mutation({
    label,
    args: { roundId: f.reference('round'), to: f.optional(f.person()) },
    about: { kind: round, id: ({ roundId }) => roundId },
    may: (ctx) => hasRole(ctx, 'office'),
    apply: (tx, { roundId, to }) => {
      const row = tx.get(round, roundId);
      return row ? [put(round, { ...row, assignee: to, free: to === null })] : [];
    },
  }),
  postpone: mutation({
    label,
    args: { roundId: f.reference('round'), day: f.date() },
    about: { kind: round, id: ({ roundId }) => roundId },
    may: (ctx) => hasRole(ctx, 'office'),
    apply: (tx, { roundId, day }) => {
      const row = tx.get(round, roundId);
      return row ? [put(round, { ...row, day })] : [];
    },
  }),
  take: mutation({
    label,
    args: { roundId: f.reference('round') },
    about: { kind: round, id: ({ roundId }) => roundId },
    may: () => true,
    refusals: { taken: label },
    apply: (tx, { roundId }, ctx) => {
      const row = tx.get(round, roundId);
      if (!row || (row.assignee !== null && row.assignee !== ctx.person)) return refuse('taken');
      return [put(round, { ...row, assignee: ctx.person, free: false })];
    },
  }),
});

export const elderActs = mutationsOf(elder, {
  enter: mutation({
    label,
    args: { name: f.text(), gate: f.text(), medical: f.optional(f.text()) },
    may: (ctx) => hasRole(ctx, 'office'),
    apply: (_tx, args, ctx) => [put(elder, { id: ctx.newId(), ...args })],
  }),
  describe: mutation({
    label,
    args: { elderId: f.reference('elder'), gate: f.text(), medical: f.optional(f.text()) },
    about: { kind: elder, id: ({ elderId }) => elderId },
    may: (ctx) => hasRole(ctx, 'office'),
    apply: (tx, { elderId, gate, medical }) => {
      const row = tx.get(elder, elderId);
      return row ? [put(elder, { ...row, gate, medical })] : [];
    },
  }),
});

export const doorActs = mutationsOf(door, {
  place: mutation({
    label,
    args: { roundId: f.reference('round'), elderId: f.reference('elder') },
    about: { kind: round, id: ({ roundId }) => roundId },
    may: (ctx) => hasRole(ctx, 'office'),
    refusals: { unknown: label },
    apply: (tx, { roundId, elderId }, ctx) =>
      tx.get(elder, elderId)
        ? [put(door, { id: ctx.newId(), round: roundId, elder: elderId })]
        : refuse('unknown', elderId),
  }),
  move: mutation({
    label,
    args: { doorId: f.reference('door'), roundId: f.reference('round') },
    about: { kind: door, id: ({ doorId }) => doorId },
    may: (ctx) => hasRole(ctx, 'office'),
    refusals: { unknown: label },
    apply: (tx, { doorId, roundId }) => {
      const row = tx.get(door, doorId);
      if (!row || !tx.get(round, roundId)) return refuse('unknown', roundId);
      return [put(door, { ...row, round: roundId })];
    },
  }),
  // A reference that nobody looks at before the database does: the batch it is in does not pass as a whole.
  misplace: mutation({
    label,
    args: { doorId: f.reference('door') },
    about: { kind: door, id: ({ doorId }) => doorId },
    may: () => true,
    apply: (tx, { doorId }) => {
      const row = tx.get(door, doorId);
      return row ? [put(door, { ...row, round: 'no-such-round' })] : [];
    },
  }),
  strike: mutation({
    label,
    args: { doorId: f.reference('door') },
    about: { kind: door, id: ({ doorId }) => doorId },
    may: (ctx) => hasRole(ctx, 'office'),
    refusals: { 'has-facts': label },
    apply: (tx, { doorId }) =>
      tx.where(handover, { door: doorId }).length > 0 ? refuse('has-facts') : [remove(door, doorId)],
  }),
});

export const handoverActs = mutationsOf(handover, {
  record: mutation({
    label,
    args: { doorId: f.reference('door'), outcome: f.oneOf(['given', 'noAnswer', 'away']) },
    about: { kind: door, id: ({ doorId }) => doorId },
    may: (ctx, subject, tx) => {
      const own = tx.get(round, subject.round);
      return hasRole(ctx, 'office') || own?.assignee === ctx.person;
    },
    refusals: { already: label },
    apply: (tx, { doorId, outcome }, ctx) => {
      if (tx.where(handover, { door: doorId }).length > 0) return refuse('already');
      const fact = { door: doorId, by: ctx.person, at: ctx.at, day: ctx.today, outcome, corrects: null };
      return [put(handover, { id: ctx.newId(), ...fact })];
    },
  }),
  correct: mutation({
    label,
    args: { handoverId: f.reference('handover'), outcome: f.oneOf(['given', 'noAnswer', 'away']) },
    about: { kind: handover, id: ({ handoverId }) => handoverId },
    may: (ctx, subject) => hasRole(ctx, 'office') || subject.by === ctx.person,
    refusals: { already: label },
    apply: (tx, { handoverId, outcome }, ctx) => {
      const wrong = tx.get(handover, handoverId);
      if (!wrong || tx.where(handover, { corrects: handoverId }).length > 0) return refuse('already');
      const fact = { ...wrong, by: ctx.person, at: ctx.at, day: ctx.today, outcome, corrects: handoverId };
      return [put(handover, { ...fact, id: ctx.newId() })];
    },
  }),
});

export const tallyActs = mutationsOf(tally, {
  add: mutation({
    label,
    version: 2,
    args: { topic: f.text(), amount: f.whole({ min: 1, max: 9 }) },
    upcast: ({ about, amount }) => ({ topic: about, amount }),
    may: () => true,
    apply: (tx, { topic, amount }, ctx) => {
      const id = `${ctx.person}:${topic}`;
      const count = (tx.get(tally, id)?.count ?? 0) + amount;
      return [put(tally, { id, person: ctx.person, topic, count })];
    },
  }),
});

export const noteActs = mutationsOf(note, {
  write: mutation({
    label,
    version: 2,
    args: { community: f.text(), words: f.text(), mood: f.text() },
    upcast: ({ community, words }) => ({ community, words, mood: 'unsaid' }),
    may: () => true,
    apply: (_tx, args, ctx) => [put(note, { id: ctx.newId(), by: ctx.person, day: ctx.today, ...args })],
  }),
});

export const replyActs = mutationsOf(reply, {
  write: mutation({
    label,
    args: { noteId: f.reference('note'), words: f.text() },
    about: { kind: note, id: ({ noteId }) => noteId },
    may: () => true,
    // Urgent, and yet it stands on a note that may have been written a moment before.
    urgent: true,
    apply: (_tx, { noteId, words }, ctx) => [put(reply, { id: ctx.newId(), note: noteId, by: ctx.person, words })],
  }),
});

export const slotActs = mutationsOf(slot, {
  claim: mutation({
    label,
    args: { number: f.whole({ min: 0, max: 99 }) },
    may: () => true,
    urgent: true,
    refusals: { taken: label },
    apply: (tx, { number }, ctx) => {
      const held = tx.get(slot, `slot:${number}`);
      if (held && held.by !== ctx.person) return refuse('taken');
      return [put(slot, { id: `slot:${number}`, number, by: ctx.person, used: held?.used ?? 0 })];
    },
  }),
  use: mutation({
    label,
    args: { slotId: f.reference('slot') },
    about: { kind: slot, id: ({ slotId }) => slotId },
    may: (ctx, subject) => subject.by === ctx.person,
    apply: (tx, { slotId }) => {
      const row = tx.get(slot, slotId);
      return row ? [put(slot, { ...row, used: row.used + 1 })] : [];
    },
  }),
});

export const simulatedRegistry = registryOf([
  { round, door, elder, handover, tally, note, reply, slot, lostWork },
  { roundActs, elderActs, doorActs, handoverActs, tallyActs, noteActs, replyActs, slotActs },
]);

/** Which field of a kind holds the id of a record of which other kind. */
export const references: Readonly<Record<string, readonly (readonly [field: string, kind: string])[]>> = {
  door: [
    ['round', 'round'],
    ['elder', 'elder'],
  ],
  handover: [
    ['door', 'door'],
    ['corrects', 'handover'],
  ],
  reply: [['note', 'note']],
};

const oldNote = kind({
  name: 'note',
  fields: { by: f.person(), community: f.text(), day: f.date(), words: f.text() },
  index: ['by'],
  sees: note.sees,
});

const oldNoteActs = mutationsOf(oldNote, {
  write: mutation({
    label,
    args: { community: f.text(), words: f.text() },
    may: () => true,
    apply: (_tx, args, ctx) => [put(oldNote, { id: ctx.newId(), by: ctx.person, day: ctx.today, ...args })],
  }),
});

const oldTallyActs = mutationsOf(tally, {
  add: mutation({
    label,
    args: { about: f.text(), amount: f.whole({ min: 1, max: 9 }) },
    may: () => true,
    apply: (tx, { about: topic, amount }, ctx) => {
      const id = `${ctx.person}:${topic}`;
      const count = (tx.get(tally, id)?.count ?? 0) + amount;
      return [put(tally, { id, person: ctx.person, topic, count })];
    },
  }),
});

/** What an older version of the app declares: an act with other arguments, a kind without a field that came later. */
export const olderRegistry = registryOf([
  { round, door, elder, handover, tally, note: oldNote, reply, slot, lostWork },
  {
    roundActs,
    elderActs,
    doorActs,
    handoverActs,
    tallyActs: oldTallyActs,
    noteActs: oldNoteActs,
    replyActs,
    slotActs,
  },
]);
