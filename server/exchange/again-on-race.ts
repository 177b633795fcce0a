import { transactionTries } from '#server/limits.ts';
import { Race } from './store.ts';

/** Does a transaction again while somebody else was in between, a bounded number of times; tries count from 1. */
export async function againOnRace<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof Race) || attempt >= transactionTries) throw error;
    }
  }
}
