import { addDays } from '#engine/calendar.ts';
import type { AnyMutation } from '#engine/kind.ts';
import type { Replica } from '#engine/replica.ts';
import {
  door,
  doorActs,
  elder,
  elderActs,
  handover,
  handoverActs,
  note,
  noteActs,
  replyActs,
  round,
  roundActs,
  slot,
  slotActs,
  tallyActs,
} from './kinds.ts';
import type { Random } from './random.ts';

export interface Tap {
  readonly mutation: AnyMutation;
  readonly args: Record<string, unknown>;
}

/** What a person needs for a tap besides the screen: whom rounds can be given to, and fresh marks for secrets. */
export interface Setting {
  readonly people: readonly string[];
  readonly communities: readonly string[];
  readonly today: string;
  /** A number that no record before has had. */
  nextNumber(): number;
}

type Choice = (replica: Replica, random: Random, setting: Setting) => Tap | null;

const outcomes = ['given', 'noAnswer', 'away'];

const anybody: Readonly<Record<string, Choice>> = {
  note: (_replica, random, { communities, nextNumber }) => ({
    mutation: noteActs.write,
    // An older version of the app takes what it knows of these and leaves the rest.
    args: { community: random.pick(communities), words: `note ${nextNumber()}`, mood: random.pick(['calm', 'loud']) },
  }),
  tally: (_replica, random) => {
    const topic = random.pick(['boxes', 'calls']);
    return { mutation: tallyActs.add, args: { topic, about: topic, amount: random.between(1, 9) } };
  },
  reply: (replica, random) => {
    const notes = replica.shown.all(note);
    if (notes.length === 0) return null;
    return { mutation: replyActs.write, args: { noteId: random.pick(notes).id, words: 'heard' } };
  },
  claim: (_replica, random) => ({ mutation: slotActs.claim, args: { number: random.between(0, 7) } }),
  use: (replica, random) => {
    const own = replica.shown.all(slot).filter(({ by }) => by === replica.facts.identity?.person);
    return own.length === 0 ? null : { mutation: slotActs.use, args: { slotId: random.pick(own).id } };
  },
  correct: (replica, random) => {
    const facts = replica.shown.all(handover);
    if (facts.length === 0) return null;
    return {
      mutation: handoverActs.correct,
      args: { handoverId: random.pick(facts).id, outcome: random.pick(outcomes) },
    };
  },
};

const field: Readonly<Record<string, Choice>> = {
  take: (replica, random) => {
    const free = replica.shown.all(round).filter((one) => one.free);
    return free.length === 0 ? null : { mutation: roundActs.take, args: { roundId: random.pick(free).id } };
  },
  record: (replica, random) => {
    const doors = replica.shown.all(door);
    if (doors.length === 0) return null;
    return { mutation: handoverActs.record, args: { doorId: random.pick(doors).id, outcome: random.pick(outcomes) } };
  },
};

const desk: Readonly<Record<string, Choice>> = {
  open: (_replica, random, { today, nextNumber }) => ({
    mutation: roundActs.open,
    args: { day: addDays(today, random.between(-1, 2)), name: `round ${nextNumber()}` },
  }),
  assign: (replica, random, { people }) => {
    const rounds = replica.shown.all(round);
    if (rounds.length === 0) return null;
    const to = random.chance(0.2) ? null : random.pick(people);
    return { mutation: roundActs.assign, args: { roundId: random.pick(rounds).id, to } };
  },
  postpone: (replica, random, { today }) => {
    const rounds = replica.shown.all(round);
    if (rounds.length === 0) return null;
    return {
      mutation: roundActs.postpone,
      args: { roundId: random.pick(rounds).id, day: addDays(today, random.between(-1, 3)) },
    };
  },
  enter: (_replica, _random, { nextNumber }) => {
    const number = nextNumber();
    const secrets = { name: `secret-name-${number}`, medical: `secret-medical-${number}` };
    return { mutation: elderActs.enter, args: { ...secrets, gate: `gate ${number}` } };
  },
  describe: (replica, random, { nextNumber }) => {
    const elders = replica.shown.all(elder);
    if (elders.length === 0) return null;
    const one = random.pick(elders);
    const medical = random.chance(0.2) ? null : `${one.name.replace('name', 'medical')} again ${nextNumber()}`;
    return { mutation: elderActs.describe, args: { elderId: one.id, gate: `gate ${nextNumber()}`, medical } };
  },
  place: (replica, random) => {
    const [rounds, elders] = [replica.shown.all(round), replica.shown.all(elder)];
    if (rounds.length === 0 || elders.length === 0) return null;
    return { mutation: doorActs.place, args: { roundId: random.pick(rounds).id, elderId: random.pick(elders).id } };
  },
  move: (replica, random) => {
    const [doors, rounds] = [replica.shown.all(door), replica.shown.all(round)];
    if (doors.length === 0 || rounds.length === 0) return null;
    return { mutation: doorActs.move, args: { doorId: random.pick(doors).id, roundId: random.pick(rounds).id } };
  },
  misplace: (replica, random) => {
    const doors = replica.shown.all(door);
    return doors.length === 0 ? null : { mutation: doorActs.misplace, args: { doorId: random.pick(doors).id } };
  },
  strike: (replica, random) => {
    const doors = replica.shown.all(door);
    return doors.length === 0 ? null : { mutation: doorActs.strike, args: { doorId: random.pick(doors).id } };
  },
};

const fieldWeights = { note: 3, tally: 3, reply: 2, claim: 2, use: 2, correct: 2, take: 2, record: 6 };
const deskWeights = {
  note: 1,
  tally: 1,
  reply: 1,
  correct: 1,
  open: 2,
  assign: 5,
  postpone: 2,
  enter: 2,
  describe: 2,
  place: 4,
  move: 4,
  misplace: 1,
  strike: 1,
};

/** What this person does next, out of what their phone shows; null when there is nothing to tap. */
export function chooseTap(replica: Replica, random: Random, setting: Setting): Tap | null {
  const office = replica.facts.identity?.roles.includes('office') ?? false;
  const choices: Readonly<Record<string, Choice>> = office ? { ...anybody, ...desk } : { ...anybody, ...field };
  const name = random.weighted<string>(office ? deskWeights : fieldWeights);
  return choices[name]?.(replica, random, setting) ?? null;
}

/** What the office has entered before the first phone leaves. */
export function firstDay(replica: Replica, random: Random, setting: Setting): Tap[] {
  const { rounds, elders } = { rounds: replica.shown.all(round), elders: replica.shown.all(elder) };
  const choose = (name: string): Tap[] =>
    [desk[name]?.(replica, random, setting)].filter((tap) => tap != null) as Tap[];
  if (rounds.length < 4) return choose('open');
  if (elders.length < 5) return choose('enter');
  return random.chance(0.6) ? choose('place') : choose('assign');
}
