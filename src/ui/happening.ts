import type { IconName } from './icon-names.ts';

/** One thing that happened, for a timeline; each service tells its own. */
export interface Happening {
  readonly id: string;
  /** When (ms, UTC). */
  readonly at: number;
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  /** Of the day as a whole: no time is shown. */
  readonly wholeDay?: boolean;
  readonly kind?: 'plain' | 'alarm' | 'change';
}
