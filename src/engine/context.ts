import { dayOf } from './calendar.ts';

/** Who a device belongs to and what that person is here. Comes from the server, never from the screen. */
export interface Identity {
  readonly station: string;
  readonly person: string;
  readonly roles: readonly string[];
  /** Ids of the communities the person works in, or 'all' of the station. */
  readonly communities: readonly string[] | 'all';
}

/** Everything an act may know besides its arguments and the records: no clock, no random, no network. */
export interface Context extends Identity {
  readonly device: string;
  /** When the act happened, best known time (ms, UTC). The same number on the phone and on the server. */
  readonly at: number;
  /** Day of `at` in the station's calendar. */
  readonly today: string;
  /** Ids for new records: the act's own id, then that id with .1, .2 …; the same on the phone and on the server. */
  readonly newId: () => string;
}

export interface Act {
  readonly id: string;
  readonly at: number;
}

export function contextOf(identity: Identity, device: string, act: Act): Context {
  let taken = 0;
  return {
    ...identity,
    device,
    at: act.at,
    today: dayOf(act.at),
    newId: () => {
      const id = taken === 0 ? act.id : `${act.id}.${taken}`;
      taken += 1;
      return id;
    },
  };
}

/** Whether the person holds any of the roles. */
export function hasRole(who: Identity, ...roles: readonly string[]): boolean {
  return roles.some((role) => who.roles.includes(role));
}

/** Whether the person works in this community. */
export function worksIn(who: Identity, community: string | null): boolean {
  return who.communities === 'all' || (community !== null && who.communities.includes(community));
}
