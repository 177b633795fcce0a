/** A server of CouchDB's protocol from express-pouchdb, in memory. */
import { createRequire } from 'node:module';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { records, sayReady, servedPage } from './serving.mjs';

const peer = createRequire(path.join(process.env.PEER_DIR, 'x.js'));
const express = peer('express');
const PouchDB = peer('pouchdb');
PouchDB.plugin(peer('pouchdb-adapter-memory'));
const InMemory = PouchDB.defaults({ adapter: 'memory' });

const app = express();
app.use((request, response, next) => (servedPage(request, response) ? undefined : next()));
const logPath = path.join(os.tmpdir(), `nuanlin-bench-pouchdb-${process.pid}.log`);
app.use('/db', peer('express-pouchdb')(InMemory, { mode: 'minimumForPouchDB', logPath }));
// Made behind the door, which otherwise would not know that it is there.
const visits = new InMemory('visits');
const rows = records().map(({ id, ...record }) => ({ _id: id, ...record }));
for (let from = 0; from < rows.length; from += 1_000) await visits.bulkDocs(rows.slice(from, from + 1_000));
// Stands for CHT's list of the ids and revisions that a person may hold.
app.get('/ids', async (_request, response) => {
  const all = await visits.allDocs();
  response.json({ rows: all.rows.map(({ id, value }) => [id, value.rev]) });
});
app.get('/change', async (_request, response) => {
  const some = await visits.allDocs({ include_docs: true, limit: 100 });
  await visits.bulkDocs(some.rows.map(({ doc }) => ({ ...doc, minutes: doc.minutes + 1 })));
  response.json({});
});

sayReady(http.createServer(app));
