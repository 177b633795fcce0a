import { guessesAtCodes, guessesPerName, guessesPerPlace, guessWindowMs } from '#server/limits.ts';
import type { Sql } from '#server/postgres/connect.ts';
import { hashOf } from './secrets.ts';

/** Guessing pauses; say so, with the seconds to wait. */
export class TooManyGuesses extends Error {
  constructor(readonly seconds: number) {
    super('too-many-guesses');
  }
}

/** What is being guessed: a password of somebody, or a join code. `place` is where the guess comes from. */
export type Guess = { readonly at: 'password'; readonly name: string; readonly place: string } | CodeGuess;
interface CodeGuess {
  readonly at: 'code';
  readonly place: string;
}

function bucketsOf(guess: Guess): { bucket: string; max: number }[] {
  const place = { bucket: hashOf(`${guess.at} place ${guess.place}`), max: guessesPerPlace };
  if (guess.at === 'code') return [place, { bucket: 'code everywhere', max: guessesAtCodes }];
  return [place, { bucket: hashOf(`name ${guess.name.toLowerCase()}`), max: guessesPerName }];
}

/** Counts a guess before it is looked at, so that many at once are all counted. Throws `TooManyGuesses`. */
export async function countGuess(sql: Sql, guess: Guess, now: number): Promise<void> {
  for (const { bucket, max } of bucketsOf(guess)) {
    const [found] = await sql<{ count: number; until: number }[]>`
      insert into guess (bucket, count, until) values (${bucket}, 1, ${now + guessWindowMs})
      on conflict (bucket) do update set
        count = case when guess.until <= ${now} then 1 else guess.count + 1 end,
        until = case when guess.until <= ${now} then excluded.until else guess.until end
      returning count, until`;
    if (found && found.count > max) throw new TooManyGuesses(Math.max(1, Math.ceil((found.until - now) / 1_000)));
  }
}

/** A right answer: earlier slips of this name do not count any more. */
export async function forgetGuesses(sql: Sql, name: string): Promise<void> {
  await sql`delete from guess where bucket = ${hashOf(`name ${name.toLowerCase()}`)} or until < now()`;
}
