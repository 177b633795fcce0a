/**
 * The same records for everybody in the comparison: 291 bytes of JSON each, from a small generator, so that every peer
 * gets the same bytes. Runs in the page as well as in Node.
 */
export interface CareRecord {
  readonly id: string;
  readonly kind: string;
  readonly elder: string;
  readonly volunteer: string;
  /** ISO text, as the peers store it. */
  readonly at: string;
  readonly status: string;
  readonly minutes: number;
  readonly note: string;
}

export const careKinds = ['meal', 'visit', 'escort', 'call'] as const;
export const careStatuses = ['done', 'missed'] as const;
/** How many records a device is filled with, and how many it writes offline. */
export const recordCount = 10_000;
export const writeCount = 1_000;
/** Seed of what is written offline; what stands at the centre has seed 1. */
export const writeSeed = 99;

const words = (
  'door open elder well ate half soup asked call daughter medicine short walk porch rain late key neighbour water ' +
  'heater fixed list milk bank form sign chair knee sore better sleep'
).split(' ');
const elderCount = 400;
const volunteerCount = 60;
const noteLength = 60;
const firstInstant = 1_767_225_600_000;
const instantSpread = 2e10;

type Random = () => number;

function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const below = (random: Random, end: number): number => Math.floor(random() * end);
const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => below(random, 16).toString(16)).join('');
const randomId = (random: Random): string =>
  `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;

function noteOf(random: Random): string {
  let note = '';
  while (note.length < noteLength) note += `${words[below(random, words.length)]} `;
  return note.trim();
}

/** So many records; the same seed gives the same ones. */
export function makeRecords(count: number, seed = 1): CareRecord[] {
  const random = randomFrom(seed);
  const elders = Array.from({ length: elderCount }, () => randomId(random));
  const volunteers = Array.from({ length: volunteerCount }, () => randomId(random));
  return Array.from({ length: count }, () => {
    const note = noteOf(random);
    return {
      id: randomId(random),
      kind: careKinds[below(random, careKinds.length)] as string,
      elder: elders[below(random, elderCount)] as string,
      volunteer: volunteers[below(random, volunteerCount)] as string,
      at: new Date(firstInstant + below(random, instantSpread)).toISOString(),
      status: random() < 0.9 ? 'done' : 'missed',
      minutes: below(random, 90),
      note,
    };
  });
}
