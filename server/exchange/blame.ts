import type { Fields } from '#engine/field.ts';
import type { Row } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import type { Judged } from './judge.ts';
import type { RecordName, StationTransaction } from './store.ts';

/** What no store takes in a text: the sign that stands for nothing, and half of a sign. */
const isUnstorableText = (text: string): boolean => text.includes('\u0000') || /\p{Surrogate}/u.test(text);

/** What became of one record in a batch, in order: the place of the act and the state in which it left the record. */
type Story = readonly { readonly at: number; readonly kind: string; readonly row: Row | null }[];

/**
 * Ids of the acts for which a store refuses a batch, as far as that can be told without writing: what they leave behind
 * refers to a record that is not there, or says what no store takes. One load, however many there are; nobody may write
 * in the station between that and the writing.
 */
export async function actsToBlame(
  tx: Pick<StationTransaction, 'load'>,
  registry: Registry,
  judged: readonly Judged[],
): Promise<readonly string[]> {
  const stories = storiesOf(judged);
  const blamed = new Set<number>();
  const outside: { readonly at: number; readonly name: RecordName }[] = [];
  for (const story of stories.values()) {
    const { kind, row } = lastOf(story);
    if (row === null) continue;
    if (isUnstorable(row)) blamed.add(since(story, isUnstorable));
    for (const [field, name] of referencesIn(registry, kind, row)) {
      const at = since(story, (state) => state[field] === name.id);
      const other = stories.get(keyOf(name));
      if (!other) outside.push({ at, name });
      // Of the act that takes a record away and the one that refers to it, the later should have known.
      else if (lastOf(other).row === null) blamed.add(Math.max(at, lastOf(other).at));
    }
  }
  const found = await tx.load({ rows: outside.map(({ name }) => name), sets: [] });
  const there = new Set(found.map(({ kind, row }) => keyOf({ kind, id: row.id })));
  for (const { at, name } of outside) if (!there.has(keyOf(name))) blamed.add(at);
  return judged.filter((_one, at) => blamed.has(at)).map(({ act }) => act.id);
}

function storiesOf(judged: readonly Judged[]): ReadonlyMap<string, Story> {
  const stories = new Map<string, Story>();
  for (const [at, { outcome }] of judged.entries()) {
    if (!('changes' in outcome)) continue;
    for (const { kind, id, row } of outcome.changes) {
      const key = keyOf({ kind, id });
      stories.set(key, [...(stories.get(key) ?? []), { at, kind, row }]);
    }
  }
  return stories;
}

const lastOf = (story: Story): Story[number] => story.at(-1) as Story[number];

/** The place of the act since which the record is like this; the acts behind it have only left it so. */
function since(story: Story, isLikeThis: (row: Row) => boolean): number {
  const before = story.findLastIndex(({ row }) => row === null || !isLikeThis(row));
  return (story[before + 1] as Story[number]).at;
}

/** The records to which a row refers, by field. */
function referencesIn(registry: Registry, kind: string, row: Row): [field: string, name: RecordName][] {
  return Object.entries(registry.kind(kind).fields as Fields).flatMap(([field, { refers }]) => {
    const id = row[field];
    return refers !== undefined && typeof id === 'string' ? [[field, { kind: refers, id }]] : [];
  });
}

const isUnstorable = (row: Row): boolean =>
  Object.values(row)
    .flat()
    .some((value) => typeof value === 'string' && isUnstorableText(value));

const keyOf = ({ kind, id }: RecordName): string => `${kind}\u0000${id}`;
