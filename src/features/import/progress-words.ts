import { m } from '#messages';
import type { ReadProgress } from './read-ledger.ts';

/** How far the reading is, in words. */
export function progressWords({ step, done = 0, all = 0 }: ReadProgress): string {
  switch (step) {
    case 'open':
      return m.import_progress_open();
    case 'rows':
      return m.import_progress_rows({ done, all });
    case 'people':
      return m.import_progress_people({ done, all });
    case 'weigh':
      return m.import_progress_weigh();
  }
}
