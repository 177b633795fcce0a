import Dexie from 'dexie';
import { makeRecords, writeSeed } from '../care-records.ts';

/**
 * Not a peer: the least that a Dexie client could cost. No scope, no sign-in, no verdicts, no encryption. Row by row, or
 * packed: many rows in one stored value.
 */
const pageOf = (after, limit) => fetch(`/pull?after=${after}&limit=${limit}`).then((response) => response.json());

async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

async function timed(work) {
  const from = performance.now();
  const told = await work();
  return { ms: performance.now() - from, ...told };
}

globalThis.bench = {
  async open(options) {
    this.options = options;
    this.database = new Dexie('floor', { chromeTransactionDurability: options.durability });
    this.database.version(1).stores({ visit: 'id', queue: '++number' });
    await this.database.open();
  },

  pull() {
    const { visit } = this.database;
    const { rowsPerPage, isPacked } = this.options;
    return timed(async () => {
      let count = 0;
      for (let after = 0; ;) {
        const page = await pageOf(after, rowsPerPage);
        if (page.rows.length > 0) {
          if (isPacked) await visit.put({ id: `page-${after}`, rows: page.rows });
          else await visit.bulkPut(page.rows);
          after = this.cursor = page.cursor;
        }
        count += page.rows.length;
        if (page.rows.length < rowsPerPage) break;
      }
      return { count: isPacked ? count : await visit.count() };
    });
  },

  write(count) {
    const { database } = this;
    const { visit, queue } = database;
    return timed(async () => {
      for (const row of makeRecords(count, writeSeed))
        await database.transaction('rw', visit, queue, async () => {
          await visit.put(row);
          await queue.add({ row });
        });
    });
  },

  push() {
    const { queue } = this.database;
    return timed(async () => {
      const waiting = await queue.toArray();
      const body = await packed(JSON.stringify(waiting.map(({ row }) => row)));
      const response = await fetch('/push', { method: 'POST', headers: { 'x-packed': 'gzip' }, body });
      const { count } = await response.json();
      await queue.bulkDelete(waiting.map(({ number }) => number));
      return { count };
    });
  },

  /** What a device does on each contact: nothing to send, whatever is new. */
  look() {
    return timed(async () => {
      const page = await pageOf(this.cursor, 10_000);
      const unsent = await this.database.queue.count();
      if (page.rows.length > 0) {
        await this.database.visit.bulkPut(page.rows);
        this.cursor = page.cursor;
      }
      return { count: page.rows.length, unsent };
    });
  },
};
