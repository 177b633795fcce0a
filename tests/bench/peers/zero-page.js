import * as zero from '@rocicorp/zero';
import { makeRecords, writeSeed } from '../care-records.ts';
import { tablesOf } from './zero-tables.mjs';

/**
 * Zero the way its documentation sets it up: the query that holds everything is preloaded, the clock stops when it says
 * that it is complete. Then the records are in memory; its copy in IndexedDB is written afterwards.
 */
const { schema, queries, mutators } = tablesOf(zero);

globalThis.bench = {
  async open() {},

  async pull() {
    const from = performance.now();
    const settings = {
      cacheURL: location.origin,
      schema,
      mutators,
      userID: 'bench',
      kvStore: 'idb',
      logLevel: 'error',
    };
    this.zero = new zero.Zero(settings);
    await this.zero.preload(queries.all()).complete;
    const ms = performance.now() - from;
    return { ms, count: (await this.zero.run(queries.all())).length };
  },

  /** Zero refuses writes without a connection: these are on their way while they are made. */
  async write(count) {
    this.begun = performance.now();
    this.taken = [];
    for (const record of makeRecords(count, writeSeed)) {
      const { client, server } = this.zero.mutate(mutators.add(record));
      await client;
      this.taken.push(server);
    }
    return { ms: performance.now() - this.begun };
  },

  /** From the first write, which was sent at once. */
  async push() {
    const answers = await Promise.all(this.taken);
    return { ms: performance.now() - this.begun, count: answers.filter(({ type }) => type !== 'error').length };
  },
};
