import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { endpoint } from '#server/door.ts';
import { effectsRunner } from '#server/effects.ts';
import { serverParts } from '#server/features.ts';
import { Gate } from '#server/gate.ts';
import { exchangesAtOnce, exchangesWaitingMax } from '#server/limits.ts';
import { Metrics } from '#server/metrics.ts';
import { PokeHub } from '#server/pokes.ts';
import { connect } from '#server/postgres/connect.ts';
import { PostgresStore } from '#server/postgres/postgres-store.ts';
import { reportError, type Station } from '#server/station.ts';
import { listenOn } from '../../scripts/station/http-server.mjs';
import { doorServer } from '../support/door-server.ts';
import { benchRegistry } from './kinds.ts';

/**
 * The server of the comparison as a process of its own: the real door, gate, exchange, store and pokes over all kinds of
 * a station and the record of the comparison; beside it the page. Says its port when it can be asked.
 */
const pages = process.env.PAGE_DIR ?? '';
const sql = connect(process.env.DATABASE_URL ?? '');
const parts = serverParts();
const metrics = new Metrics();
const pokes = new PokeHub(() => metrics.pokes.add());
await pokes.listen(sql);
const station: Station = {
  sql,
  store: new PostgresStore(sql, benchRegistry, effectsRunner(parts.effects)),
  registry: benchRegistry,
  parts,
  pokes,
  gate: new Gate({ atOnce: exchangesAtOnce, waitingMax: exchangesWaitingMax }),
  metrics,
  now: Date.now,
  report: reportError,
};

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

function servePage(url: string, outgoing: ServerResponse): void {
  const file = path.join(pages, path.normalize(new URL(url, 'http://x').pathname).replace(/^\/page/, ''));
  const found = fs.existsSync(file) && fs.statSync(file).isFile() ? file : path.join(pages, 'index.html');
  // As the app's own files are kept, so that a start runs code that the browser has compiled before.
  const kept = found.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache';
  const type = types[path.extname(found)] ?? 'text/html; charset=utf-8';
  outgoing.writeHead(200, { 'content-type': type, 'cache-control': kept });
  outgoing.end(fs.readFileSync(found));
}

/** What is not asked of the door is the page. */
function servesPage(url: string, outgoing: ServerResponse): boolean {
  if (url.startsWith(`${endpoint}/`)) return false;
  servePage(url, outgoing);
  return true;
}

const server = doorServer(station, servesPage, (response) => {
  // As the app's own hook does, so that the heads weigh the same.
  if (response.status !== 204) response.headers.set('x-content-type-options', 'nosniff');
});
await listenOn(server, '127.0.0.1', 0);
const address = server.address();
process.stdout.write(`READY ${typeof address === 'object' && address ? address.port : 0}\n`);
// With --cpu-prof a profile is written only by a process that ends by itself.
process.on('SIGTERM', () => process.exit(0));
