/**
 * Zero's own server as a child, the two doors that it asks for, and a front that hands out the page and passes its
 * socket on. Runs on the Node that came with the packages: Zero wants a newer one than ours.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bodyOf, records, sayReady, servedPage } from './serving.mjs';
import { tablesOf } from './zero-tables.mjs';

const { DATABASE_URL, DATA_DIR, PEER_DIR } = process.env;
const patienceMs = 60_000;
const peer = createRequire(path.join(PEER_DIR, 'x.js'));
const ofPeer = (name) => import(pathToFileURL(peer.resolve(name)).href);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const zero = await ofPeer('@rocicorp/zero');
const { handleMutateRequest, handleQueryRequest } = await ofPeer('@rocicorp/zero/server');
const { zeroNodePg } = await ofPeer('@rocicorp/zero/server/adapters/pg');
const Sqlite = peer('@rocicorp/zero-sqlite3');
const { schema, queries, mutators } = tablesOf(zero);
const pool = new (peer('pg').Pool)({ connectionString: DATABASE_URL, max: 8 });

async function fill() {
  const words = ['kind', 'elder', 'volunteer', 'at', 'status'].map((name) => `${name} text not null`).join(', ');
  await pool.query(`create table visit (id text primary key, ${words}, minutes int not null, note text not null)`);
  const filling = 'insert into visit select * from json_populate_recordset(null::visit, $1)';
  await pool.query(filling, [JSON.stringify(records())]);
}

const dbProvider = zeroNodePg(schema, pool);
const userID = 'bench';
const doors = {
  mutate: (request) => {
    const act = (name, tx, args) => zero.mustGetMutator(mutators, name).fn({ args, tx });
    const handler = (transact) => transact((tx, name, args) => act(name, tx, args));
    return handleMutateRequest({ dbProvider, handler, request, userID });
  },
  query: (request) => {
    const handler = (name, args) => zero.mustGetQuery(queries, name).fn({ args });
    return handleQueryRequest({ handler, schema, request, userID });
  },
};

/** Where Zero's server asks what a query is and has mutations carried out. */
async function openDoors() {
  const server = http.createServer(async (request, response) => {
    try {
      const { pathname, href } = new URL(request.url, 'http://127.0.0.1');
      const asked = new Request(href, { method: 'POST', headers: request.headers, body: await bodyOf(request) });
      const answer = await doors[pathname.slice(1)](asked);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    } catch (error) {
      process.stderr.write(`${error.stack}\n`);
      response.writeHead(500).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const replica = path.join(DATA_DIR, 'replica.db');

function startCache(url, port, changesPort) {
  const databases = { ZERO_UPSTREAM_DB: DATABASE_URL, ZERO_CVR_DB: DATABASE_URL, ZERO_CHANGE_DB: DATABASE_URL };
  const ports = { ZERO_PORT: String(port), ZERO_CHANGE_STREAMER_PORT: String(changesPort) };
  const env = {
    ...{ ...process.env, ...databases, ...ports, NODE_ENV: 'development' },
    ...{ ZERO_MUTATE_URL: `${url}/mutate`, ZERO_QUERY_URL: `${url}/query`, ZERO_ADMIN_PASSWORD: 'bench' },
    ...{ ZERO_REPLICA_FILE: replica, ZERO_NUM_SYNC_WORKERS: '1', ZERO_LOG_LEVEL: 'error' },
    ...{ ZERO_ENABLE_TELEMETRY: 'false', DO_NOT_TRACK: '1' },
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
  };
  const program = path.join(PEER_DIR, 'node_modules/@rocicorp/zero/out/zero/src/cli.js');
  return spawn(process.execPath, [program], { cwd: DATA_DIR, env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** How many records Zero's server holds itself; it answers before it has copied them. */
function copied() {
  if (!fs.existsSync(replica)) return 0;
  let copy;
  try {
    copy = new Sqlite(replica, { readonly: true });
    return copy.prepare('select count(*) as count from visit').get().count;
  } catch {
    return 0;
  } finally {
    copy?.close();
  }
}

async function untilReady(port, count) {
  const until = performance.now() + patienceMs;
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/keepalive`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(copied() === count && (await answers()))) {
    if (performance.now() > until) throw new Error(`Zero's server holds ${copied()} records of ${count}.`);
    await pause(100);
  }
}

/** The socket goes on as it came, so that the line outside sees every byte of it. */
function passOn(port) {
  return (request, socket, head) => {
    const onward = net.connect(port, '127.0.0.1', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
      onward.write(`${[`GET ${request.url} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  };
}

await fill();
const port = await freePort();
const cache = startCache(await openDoors(), port, await freePort());
/** This signal ends its workers too, without waiting until they have nothing left to do. */
const endCache = () => cache.kill('SIGQUIT');
process.on('exit', endCache);
await untilReady(port, records().length);
const front = http.createServer((request, response) => {
  if (!servedPage(request, response)) response.writeHead(404).end();
});
sayReady(front.on('upgrade', passOn(port)), async () => {
  const ended = new Promise((resolve) => cache.once('exit', resolve));
  if (endCache()) await ended;
});
