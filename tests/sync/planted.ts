import type { ExchangeAnswer } from '#engine/protocol.ts';
import type { Profile } from './profile.ts';
import type { WorldOptions } from './world.ts';

export type Flaws = NonNullable<WorldOptions['flaws']>;

/** One mistake that is put in on purpose, the rule it breaks, and what makes it show soon. */
export interface Planted {
  readonly mistake: string;
  readonly breaks: string;
  readonly flaws: () => Flaws;
  readonly profile?: Partial<Profile>;
  readonly rot?: boolean;
}

/** A value without one of its fields. */
export function dropping<T extends object, K extends keyof T>(value: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = value;
  return rest;
}

/** The phone does not compare the sums. */
export const trusting = (answer: ExchangeAnswer): ExchangeAnswer => ({ ...answer, checksum: null });

/** Rough enough that every kind of mistake meets the moment in which it shows. */
export const rough: Partial<Profile> = {
  loseRequest: 0.15,
  loseAnswer: 0.3,
  double: 0.3,
  impatient: 0.2,
  crash: 0.02,
  diskRefuses: 0.01,
  serverFails: 0.005,
  exchange: 0.5,
  longPause: 0.02,
  phones: 3,
};

/** People become new devices, whose stores are emptied; what they had sent was often taken without their hearing of it. */
export const movingOn: Partial<Profile> = {
  ...{ wipe: 0.04, loseActs: 0.03, noteGoes: 0, exchange: 0.3, revoke: 0.04, restore: 0 },
  ...{ loseAnswer: 0.6, loseRequest: 0, actsPerRequest: 500 },
};
