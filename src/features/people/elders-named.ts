import type { RowOf } from '#engine/kind.ts';
import type { elder } from './elder.record.ts';
import { matches, searchEntry } from './people-search.rules.ts';

/** No more keys than fit below the field. */
const shownAtMost = 8;

/** The elders with an open file whom a name or its pinyin may mean, each with the address to tell them apart. */
export function eldersNamed(elders: readonly RowOf<typeof elder>[], sought: string): { id: string; label: string }[] {
  return elders
    .filter((one) => one.status !== 'ended' && matches(searchEntry({ ...one, door: '' }), sought))
    .slice(0, shownAtMost)
    .map(({ id, name, address }) => ({ id, label: `${name} ${address}` }));
}
