import type { IconName } from '#ui/icon-names.ts';

/** One thing that happened to an elder; each service tells its own. */
export interface Happening {
  readonly id: string;
  readonly at: number;
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  /** Of the day as a whole: no time is shown. */
  readonly wholeDay?: boolean;
  readonly kind?: 'plain' | 'alarm' | 'change';
}
