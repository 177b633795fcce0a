import { trusting, type Planted } from './planted.ts';
import type { SqlMistake } from './tapped-sql.ts';

/** A mistake in what the server says to PostgreSQL, the rule it breaks, and the first seed in which that shows. */
export interface PlantedSql extends Planted {
  readonly seed: string;
  readonly steps: number;
  readonly said: SqlMistake;
}

const nowhereElse = () => ({});
/** What the phone would notice by comparing the sums, and then be filled anew. */
const sumsNotCompared = () => ({ phone: { answer: trusting } });

/** Many phones that talk often, so that their transactions lie over each other. */
const crowd = {
  phones: 5,
  exchange: 0.9,
  tabsKnowEachOther: true,
  secondTab: 0,
  loseRequest: 0,
  loseAnswer: 0,
  actsPerRequest: 5,
};

/** Changes only statements in which one of the texts occurs. */
function instead(...changes: readonly (readonly [text: string | RegExp, by: string])[]): SqlMistake {
  const said = new Set<string | RegExp>();
  const rewrite = (statement: string): string => {
    let changed = statement;
    for (const [text, by] of changes) {
      const before = changed;
      changed = before.replace(text, by);
      if (changed !== before) said.add(text);
    }
    return changed;
  };
  return { rewrite, isSaid: () => said.size === changes.length };
}

/** Mistakes that the store in memory cannot make: they lie in SQL, in transactions and in locks. */
export const inPostgres: readonly PlantedSql[] = [
  {
    mistake: 'the counter of the station is read and not taken, and nobody compares the sums',
    // The audit's numbers are read with the counter, so its key would stop the second of two writers: it is let by.
    breaks: 'equal when quiet',
    seed: '23',
    steps: 60,
    flaws: sumsNotCompared,
    profile: crowd,
    said: {
      unlocked: true,
      ...instead(['for update of c', ''], [/(as r\(number, at, what, .*)$/s, '$1 on conflict do nothing']),
    },
  },
  {
    mistake: 'a verdict is written beside the transaction that its effect is in',
    breaks: 'verdict and effect agree',
    seed: '24',
    steps: 40,
    flaws: nowhereElse,
    said: { outside: (text) => text.includes('insert into act ') },
    profile: { serverFails: 0.03 },
  },
  {
    mistake: 'a pull reads what is committed at each statement instead of one moment, and nobody compares the sums',
    breaks: 'nobody holds what they may not',
    seed: '11',
    steps: 60,
    flaws: sumsNotCompared,
    profile: crowd,
    said: { manyMoments: true },
  },
  {
    mistake: 'what a phone may no longer see is not among the differences',
    breaks: 'nobody holds what they may not',
    seed: '5',
    steps: 30,
    flaws: nowhereElse,
    said: instead(['when s.id is null then not h.removed', 'when s.id is null then false']),
  },
  {
    mistake: 'what any phone holds counts as held by this one',
    breaks: 'holds what it may',
    seed: '3',
    steps: 30,
    flaws: nowhereElse,
    said: instead([/and h\.device_id = (\$\d+::text)/g, 'and $1 is not null']),
  },
  {
    mistake: 'a record that is written again keeps its version',
    breaks: 'equal when quiet',
    seed: '7',
    steps: 30,
    flaws: nowhereElse,
    said: instead([/^(insert into ".*update set) version = excluded.version,/s, '$1']),
  },
  {
    mistake: 'a page that ends within one version goes on behind it',
    breaks: 'equal when quiet',
    seed: '3',
    steps: 30,
    flaws: nowhereElse,
    said: instead([/\(([a-z]\.version > \$2) or [a-z]\.id collate "C" > \$3\)/g, '($1 and $$3::text is not null)']),
  },
];
