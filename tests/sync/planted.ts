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

/** The phone does not compare the sums. */
export const trusting = (answer: ExchangeAnswer): ExchangeAnswer => ({ ...answer, checksum: null });
