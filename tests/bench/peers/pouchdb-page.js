import PouchDB from 'pouchdb';
import indexedDbAdapter from 'pouchdb-adapter-indexeddb';
import { makeRecords, writeSeed } from '../care-records.ts';

/** PouchDB with its newer adapter and large batches, or the way CHT uses it: a list of what is allowed, then bulk gets. */
PouchDB.plugin(indexedDbAdapter);

async function timed(work) {
  const from = performance.now();
  const told = await work();
  return { ms: performance.now() - from, ...told };
}

async function pullTheChtWay(local, remote, batch) {
  const { rows } = await (await fetch('/ids')).json();
  const held = await local.allDocs();
  const seen = new Set(held.rows.map(({ id }) => id));
  const wanted = rows.filter(([id]) => !seen.has(id));
  while (wanted.length > 0) {
    const docs = wanted.splice(0, batch).map(([id, rev]) => ({ id, rev }));
    const found = await remote.bulkGet({ docs, attachments: true, revs: true });
    await local.bulkDocs(
      found.results.map((one) => one.docs[0].ok),
      { new_edits: false },
    );
  }
  // What was pulled counts as uploaded, or the first push would list all of it again.
  await PouchDB.replicate(local, remote, { since: (await local.info()).update_seq });
}

globalThis.bench = {
  async open(options) {
    this.options = options;
    this.local = new PouchDB('visits', { adapter: options.adapter, auto_compaction: true });
    await this.local.info();
    this.remote = new PouchDB(`${location.origin}/db/visits`);
  },

  pull() {
    const { local, remote, options } = this;
    return timed(async () => {
      if (options.theChtWay) await pullTheChtWay(local, remote, options.batch);
      else await PouchDB.replicate(remote, local, { batch_size: options.batch });
      return { count: (await local.info()).doc_count };
    });
  },

  write(count) {
    return timed(async () => {
      for (const { id, ...record } of makeRecords(count, writeSeed)) await this.local.put({ _id: id, ...record });
    });
  },

  push() {
    return timed(async () => {
      const done = await PouchDB.replicate(this.local, this.remote, { batch_size: this.options.batch });
      return { count: done.docs_written };
    });
  },

  look() {
    const { local, remote, options } = this;
    return timed(async () => {
      const up = await PouchDB.replicate(local, remote, { batch_size: options.batch });
      const down = await PouchDB.replicate(remote, local, { batch_size: options.batch });
      return { count: up.docs_written + down.docs_written };
    });
  },
};
