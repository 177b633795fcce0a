import { createRxDatabase } from 'rxdb/plugins/core';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { makeRecords, recordCount, writeSeed } from '../care-records.ts';

/** RxDB over its Dexie storage, with an endpoint of the shape it asks for. */
const text = { type: 'string' };
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    ...{ id: { type: 'string', maxLength: 40 }, kind: text, elder: text, volunteer: text, at: text, status: text },
    ...{ minutes: { type: 'number' }, note: text },
  },
};
const json = (url, options) => fetch(url, options).then((response) => response.json());

async function timed(work) {
  const from = performance.now();
  const told = await work();
  return { ms: performance.now() - from, ...told };
}

globalThis.bench = {
  async open(options) {
    this.options = options;
    this.database = await createRxDatabase({ name: 'visits', storage: getRxStorageDexie(), multiInstance: false });
    await this.database.addCollections({ visit: { schema } });
  },

  replication() {
    const { batch } = this.options;
    return replicateRxCollection({
      ...{ collection: this.database.visit, replicationIdentifier: 'bench', live: false, waitForLeadership: false },
      pull: { batchSize: batch, handler: (place, count) => json(`/pull?from=${place?.from ?? 0}&count=${count}`) },
      push: {
        batchSize: batch,
        handler: (rows) => json('/push', { method: 'POST', body: JSON.stringify(rows) }),
      },
    });
  },

  async both() {
    const replication = this.replication();
    await replication.awaitInitialReplication();
    await replication.awaitInSync();
    await replication.cancel();
  },

  pull() {
    return timed(async () => {
      const replication = this.replication();
      await replication.awaitInitialReplication();
      const count = await this.database.visit.count().exec();
      await replication.cancel();
      return { count };
    });
  },

  write(count) {
    return timed(async () => {
      for (const record of makeRecords(count, writeSeed)) await this.database.visit.insert(record);
    });
  },

  async push() {
    const { ms } = await timed(() => this.both());
    return { ms, count: (await json('/count')).count - recordCount };
  },

  look() {
    return timed(() => this.both());
  },
};
