import { createMergeableStore } from 'tinybase';
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db';
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client';
import { makeRecords, recordCount, writeSeed } from '../care-records.ts';

/** TinyBase: a store that merges, in memory, saved to IndexedDB as a whole, met with the server's over a socket. */
const answerWithinSeconds = 60;

async function timed(work) {
  const from = performance.now();
  const told = await work();
  return { ms: performance.now() - from, ...told };
}

globalThis.bench = {
  async open() {
    this.store = createMergeableStore();
    this.persister = createIndexedDbPersister(this.store, 'visits');
  },

  async meet() {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/room`);
    this.meeting = await createWsSynchronizer(this.store, socket, answerWithinSeconds);
    await this.meeting.startSync();
  },

  async part() {
    await this.meeting.stopSync();
    await this.meeting.destroy();
  },

  holds(count) {
    const { store } = this;
    if (store.getRowCount('visit') >= count) return undefined;
    return new Promise((resolve) => {
      const listener = store.addRowCountListener('visit', (_store, _table, held) => {
        if (held < count) return;
        store.delListener(listener);
        resolve();
      });
    });
  },

  async pull() {
    const told = await timed(async () => {
      await this.meet();
      await this.holds(recordCount);
      await this.persister.save();
      return { count: this.store.getRowCount('visit') };
    });
    await this.part();
    return told;
  },

  /** A save writes every table anew: once for all of them, not a thousand times. */
  write(count) {
    return timed(async () => {
      for (const { id, ...record } of makeRecords(count, writeSeed)) this.store.setRow('visit', id, record);
      await this.persister.save();
    });
  },

  /** The server says when it holds them: TinyBase itself acknowledges nothing. */
  push() {
    return timed(async () => {
      await this.meet();
      const held = await fetch(`/holds?count=${this.store.getRowCount('visit')}`);
      return { count: (await held.json()).count - recordCount };
    });
  },
};
