/**
 * RxDB ships the phone's half of its HTTP replication only; the endpoint is ours, of the shape it asks for: pull behind
 * a checkpoint, push with the state that was assumed. In memory, packed on the way down.
 */
import http from 'node:http';
import zlib from 'node:zlib';
import { bodyOf, records, sayReady, servedPage } from './serving.mjs';

const held = new Map();
const log = [];

function save(document) {
  const before = held.get(document.id);
  if (before) log[before.at] = undefined;
  held.set(document.id, { at: log.length, document });
  log.push(document);
}
for (const record of records()) save({ ...record, _deleted: false });

function pull(url) {
  const count = Number(url.searchParams.get('count'));
  const documents = [];
  let at = Number(url.searchParams.get('from') ?? 0);
  for (; at < log.length && documents.length < count; at += 1) if (log[at]) documents.push(log[at]);
  return { documents, checkpoint: { from: at } };
}

async function push(request) {
  const conflicts = [];
  for (const { newDocumentState, assumedMasterState } of JSON.parse((await bodyOf(request)).toString())) {
    const current = held.get(newDocumentState.id)?.document;
    const isAssumed = JSON.stringify(current) === JSON.stringify(assumedMasterState);
    if (current && !isAssumed) conflicts.push(current);
    else save(newDocumentState);
  }
  return conflicts;
}

function change() {
  for (const { document } of [...held.values()].slice(0, 100)) save({ ...document, minutes: document.minutes + 1 });
  return {};
}

sayReady(
  http.createServer(async (request, response) => {
    if (servedPage(request, response)) return;
    const url = new URL(request.url, 'http://x');
    const answers = { '/pull': () => pull(url), '/push': () => push(request), '/change': change };
    const answer = answers[url.pathname] ?? (() => ({ count: held.size }));
    const text = JSON.stringify(await answer());
    response.setHeader('content-type', 'application/json').setHeader('content-encoding', 'gzip');
    response.end(zlib.gzipSync(text, { level: 6 }));
  }),
);
