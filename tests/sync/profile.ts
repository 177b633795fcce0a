import type { NetworkFaults } from './network.ts';
import type { Random } from './random.ts';

/** How rough one run is. Drawn from the seed, so that calm and wild runs both occur. */
export interface Profile extends NetworkFaults {
  /** Probability per step that one phone's app dies. */
  readonly crash: number;
  /** Probability per call that a disk refuses. */
  diskRefuses: number;
  /** Probability per call that the server's transaction dies. */
  serverFails: number;
  /** Probability per step that a phone's clock is set to something else. */
  readonly clockJump: number;
  /** Probability per step that somebody's roles or communities change. */
  readonly roleChange: number;
  /** Probability per step that a phone starts to exchange. */
  readonly exchange: number;
  /** Rows in one answer of the server. */
  readonly pageSize: number;
  /** Probability that a step moves the day on by hours instead of minutes. */
  readonly longPause: number;
  /** Probability per step that the server is restored from a backup made some time before. */
  readonly restore: number;
  /** Whether two of the phones belong to the same person. */
  readonly sharedPerson: boolean;
}

export function drawProfile(random: Random): Profile {
  const level = random.pick([0, 0.3, 1]);
  return {
    loseRequest: level * random.next() * 0.4,
    loseAnswer: level * random.next() * 0.4,
    double: level * random.next() * 0.4,
    impatient: level * random.next() * 0.3,
    crash: level * random.next() * 0.03,
    diskRefuses: level * random.next() * 0.04,
    serverFails: level * random.next() * 0.02,
    clockJump: random.next() * 0.02,
    roleChange: random.next() * 0.02,
    exchange: 0.05 + random.next() * 0.15,
    pageSize: random.pick([2, 5, 12, 2000]),
    longPause: random.next() * 0.03,
    restore: random.chance(0.2) ? 0.01 : 0,
    sharedPerson: random.chance(0.25),
  };
}

/** Everything works: how a run begins and how it comes to rest. */
export function calm(profile: Profile): void {
  profile.loseRequest = 0;
  profile.loseAnswer = 0;
  profile.double = 0;
  profile.impatient = 0;
  profile.diskRefuses = 0;
  profile.serverFails = 0;
}
