/** TinyBase's own socket server over a store in memory, which is how its documentation begins. */
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { records, sayReady, servedPage } from './serving.mjs';

const peer = createRequire(path.join(process.env.PEER_DIR, 'x.js'));
const ofPeer = (name) => import(pathToFileURL(peer.resolve(name)).href);
const { createMergeableStore } = await ofPeer('tinybase');
const { createCustomPersister } = await ofPeer('tinybase/persisters');
const { createWsServer } = await ofPeer('tinybase/synchronizers/synchronizer-ws-server');
const { WebSocketServer } = peer('ws');

const store = createMergeableStore('centre');
store.transaction(() => {
  for (const { id, ...record } of records()) store.setRow('visit', id, record);
});

/** Answers once that many are held. */
function answerAt(count, response) {
  const held = store.getRowCount('visit');
  if (held >= count) return void response.end(JSON.stringify({ count: held }));
  const listener = store.addRowCountListener('visit', () => {
    store.delListener(listener);
    answerAt(count, response);
  });
}

const server = http.createServer((request, response) => {
  if (servedPage(request, response)) return;
  const url = new URL(request.url, 'http://x');
  if (url.pathname === '/holds') answerAt(Number(url.searchParams.get('count')), response);
  else response.writeHead(404).end();
});
const nothing = () => undefined;
const mergeable = 2;
createWsServer(new WebSocketServer({ server }), () =>
  createCustomPersister(
    ...[store, async () => store.getMergeableContent(), async () => undefined],
    ...[nothing, nothing, undefined, undefined, mergeable],
  ),
);
sayReady(server);
