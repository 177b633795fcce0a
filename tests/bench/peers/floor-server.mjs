/** Not a peer: the least that a pull and a push over PostgreSQL could cost on this machine. */
import http from 'node:http';
import zlib from 'node:zlib';
import postgres from 'postgres';
import { bodyOf, records, sayReady, servedPage } from './serving.mjs';

const sql = postgres(process.env.DATABASE_URL, { max: 4, onnotice: () => undefined });
await sql`create table floor_visit (id uuid primary key, seq bigint not null, body jsonb not null)`;
await sql`create table floor_seen (op uuid primary key)`;
await sql`create index on floor_visit (seq)`;
await sql`insert into floor_visit select (e->>'id')::uuid, o, e
  from jsonb_array_elements(${JSON.stringify(records())}::text::jsonb) with ordinality t(e, o)`;

async function pull(url, response) {
  const [after, limit] = [url.searchParams.get('after') ?? '0', url.searchParams.get('limit') ?? '10000'];
  const [{ cursor, rows }] = await sql`
    select coalesce(max(seq), 0)::text as cursor,
      coalesce('[' || string_agg(body::text, ',' order by seq) || ']', '[]') as rows
    from (select seq, body from floor_visit where seq > ${after}::bigint order by seq limit ${limit}::bigint) t`;
  const text = `{"cursor":${cursor},"rows":${rows}}`;
  response.setHeader('content-encoding', 'gzip').setHeader('content-type', 'application/json');
  response.end(zlib.gzipSync(text, { level: 6 }));
}

async function push(request, response) {
  const body = await bodyOf(request);
  const text = request.headers['x-packed'] === 'gzip' ? zlib.gunzipSync(body).toString() : body.toString();
  const taken = await sql`
    with d as (select e from jsonb_array_elements(${text}::text::jsonb) e),
      fresh as (insert into floor_seen select (e->>'id')::uuid from d on conflict do nothing returning op)
    insert into floor_visit select f.op, 100000 + row_number() over (), d.e
      from d join fresh f on f.op = (d.e->>'id')::uuid returning 1`;
  response.end(JSON.stringify({ count: taken.length }));
}

async function change(response) {
  await sql`update floor_visit set seq = 500000 + seq, body = jsonb_set(body, '{minutes}', '1') where seq <= 100`;
  response.end('{}');
}

async function serve(request, response) {
  if (servedPage(request, response)) return;
  const url = new URL(request.url, 'http://x');
  if (url.pathname === '/pull') await pull(url, response);
  else if (url.pathname === '/push') await push(request, response);
  else if (url.pathname === '/change') await change(response);
  else response.writeHead(404).end();
}

sayReady(
  http.createServer((request, response) => {
    serve(request, response).catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      response.writeHead(500).end();
    });
  }),
);
