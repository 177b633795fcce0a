import type { NetworkFaults } from './network.ts';
import type { Random } from './random.ts';

/** How rough one run is. Drawn from the seed, so that calm and wild runs both occur. */
export interface Profile extends NetworkFaults {
  /** Field phones besides the office's. */
  readonly phones: number;
  /** Probability per step that one phone's app dies. */
  readonly crash: number;
  /** Probability per call that a disk refuses. */
  diskRefuses: number;
  /** Probability per call that a disk does what it says it did not do. */
  diskLies: number;
  /** Probability per call that the server's transaction dies. */
  serverFails: number;
  /** Probability per request that the server has no time. */
  busy: number;
  /** Probability per step that the whole server is killed, with everything it was doing. */
  readonly serverKill: number;
  /** Probability per step that a phone's clock is set to something else. */
  readonly clockJump: number;
  /** Probability per step that somebody's roles or communities change. */
  readonly roleChange: number;
  /** Probability per step that a phone looks whether something is due. */
  readonly exchange: number;
  /** Rows in one answer of the server. */
  readonly pageSize: number;
  /** Acts in one request of a phone. */
  readonly actsPerRequest: number;
  /** Probability that a step moves the day on by hours instead of minutes. */
  readonly longPause: number;
  /** Probability per step that the server is restored from a backup made some time before. */
  readonly restore: number;
  /** Probability per step that a phone's store is emptied. */
  readonly wipe: number;
  /** Probability per step that some of what a phone has not sent is lost from its store. */
  readonly loseActs: number;
  /** Probability that the note beside the store goes with an emptied store. */
  readonly noteGoes: number;
  /** Probability per step that a device is taken from its person, who signs in again. */
  readonly revoke: number;
  /** Probability per step that a second tab is opened, or one of two closed. */
  readonly secondTab: number;
  /** Whether the browsers can say which tab leads. */
  readonly tabsKnowEachOther: boolean;
  /** Whether phones begin with an older version of the app, and take the new one some time. */
  readonly upgrade: boolean;
  /** Whether the centre tells phones that something changed. */
  readonly pokes: boolean;
  /** Whether two of the phones belong to the same person. */
  readonly sharedPerson: boolean;
}

export function drawProfile(random: Random): Profile {
  const level = random.pick([0, 0.3, 1]);
  const rare = (chance: number, value: number): number => (random.chance(chance) ? value : 0);
  const restore = rare(0.2, 0.01);
  // A device that was left behind is not there to hand in again what a restored centre has lost.
  const revoke = restore > 0 ? 0 : rare(0.25, 0.008);
  return {
    phones: random.between(0, 5),
    loseRequest: level * random.next() * 0.4,
    loseAnswer: level * random.next() * 0.4,
    double: level * random.next() * 0.4,
    impatient: level * random.next() * 0.3,
    cutRequest: level * random.next() * 0.1,
    cutAnswer: level * random.next() * 0.1,
    crash: level * random.next() * 0.03,
    diskRefuses: level * random.next() * 0.04,
    diskLies: level * random.next() * 0.02,
    serverFails: level * random.next() * 0.02,
    busy: level * random.next() * 0.1,
    serverKill: level * random.next() * 0.01,
    clockJump: random.next() * 0.02,
    roleChange: random.next() * 0.02,
    exchange: 0.2 + random.next() * 0.5,
    pageSize: random.pick([2, 5, 12, 2000]),
    // What a new device takes over from an old one goes with its first request.
    actsPerRequest: revoke > 0 ? 500 : random.pick([1, 2, 5, 500]),
    longPause: random.next() * 0.03,
    restore,
    wipe: rare(0.25, 0.004),
    revoke,
    secondTab: rare(0.4, 0.05),
    tabsKnowEachOther: random.chance(0.9),
    upgrade: random.chance(0.3),
    pokes: random.chance(0.3),
    sharedPerson: random.chance(0.25),
    loseActs: rare(0.2, 0.004),
    noteGoes: 0.3,
  };
}

/** Everything works: how a run begins and how it comes to rest. */
export function calm(profile: Profile): void {
  const works = {
    loseRequest: 0,
    loseAnswer: 0,
    double: 0,
    impatient: 0,
    cutRequest: 0,
    cutAnswer: 0,
    diskRefuses: 0,
    diskLies: 0,
    serverFails: 0,
    busy: 0,
  };
  Object.assign(profile, works);
}
