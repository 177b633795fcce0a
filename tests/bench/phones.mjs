/**
 * Many phones in one process: each has a connection and a session of its own, is filled, then comes back at its moment
 * with a day's acts. Reads what to do from the file named first; writes what it saw as JSON.
 */
import fs from 'node:fs';
import http from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, gzip } from 'node:zlib';

const { port, phones, windowMs } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const [pack, unpack, unbrotli] = [promisify(gzip), promisify(gunzip), promisify(brotliDecompress)];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const patienceMs = 60_000;
const triesMax = 40;

function ask({ token, agent }, body, packed) {
  const headers = {
    ...{ 'content-type': 'application/json', 'x-nuanlin': '1', cookie: `nuanlin_session=${token}` },
    ...{ 'accept-encoding': 'gzip, deflate, br', 'content-length': body.length },
    ...(packed ? { 'content-encoding': 'gzip' } : {}),
  };
  const place = { host: '127.0.0.1', port, method: 'POST', path: '/api/sync.exchange', agent, headers };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...place, timeout: patienceMs }, async (response) => {
      const chunks = [];
      try {
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      } catch (error) {
        reject(error);
      }
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(body);
  });
}

async function textOf({ headers, body }) {
  const way = headers['content-encoding'];
  const plain = way === 'br' ? await unbrotli(body) : way === 'gzip' ? await unpack(body) : body;
  return plain.toString();
}

const seen = { requests: 0, sentAway: 0, errors: [], requestMs: [], phoneMs: [], applied: 0, refused: {} };

/** One exchange, sent again when the centre says that it cannot now, at the time it says. */
async function exchange(phone, mutations) {
  const queue = { unsent: 0, oldestAt: null, refused: 0 };
  const { device, epoch, cookie } = phone;
  const text = JSON.stringify({ protocol: 1, device, epoch, cookie, mutations, queue });
  const packed = text.length > 1_024;
  const body = packed ? await pack(text) : Buffer.from(text);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const from = performance.now();
    const answer = await ask(phone, body, packed);
    seen.requests += 1;
    seen.requestMs.push(performance.now() - from);
    if (answer.status === 200) return JSON.parse(await textOf(answer)).result.data;
    const after = Number(answer.headers['retry-after']);
    if (answer.status !== 503 || !Number.isFinite(after)) throw new Error(`status ${answer.status}`);
    seen.sentAway += 1;
    await pause(after * 1_000);
  }
  throw new Error('sent away too often');
}

/** Until nothing more waits; how many of the acts were applied. */
async function round(phone, acts) {
  let [applied, mutations] = [0, acts];
  for (let more = true; more;) {
    const answer = await exchange(phone, mutations);
    phone.cookie = answer.cookie;
    phone.epoch = answer.epoch;
    applied += answer.verdicts.filter(({ verdict }) => verdict === 'applied').length;
    for (const { verdict, code } of answer.verdicts)
      if (verdict === 'refused') seen.refused[code] = (seen.refused[code] ?? 0) + 1;
    mutations = [];
    more = answer.more;
  }
  return applied;
}

function connected({ token, device, acts, comesAfter }) {
  return {
    token,
    device,
    acts,
    comesAfter,
    epoch: null,
    cookie: null,
    agent: new http.Agent({ keepAlive: true, maxSockets: 1 }),
  };
}

const all = phones.map(connected);
// Filled beforehand, a few at a time: what is measured is how they come back.
const waiting = [...all];
const fillers = Array.from({ length: 8 }, async () => {
  for (let phone = waiting.pop(); phone; phone = waiting.pop()) await round(phone, []);
});
await Promise.all(fillers);
Object.assign(seen, { requests: 0, sentAway: 0, requestMs: [] });
process.stderr.write(`${all.length} phones are filled\n`);

const begun = performance.now();
await Promise.all(
  all.map(async (phone) => {
    await pause(phone.comesAfter * windowMs);
    const from = performance.now();
    try {
      const applied = await round(phone, phone.acts);
      seen.applied += applied;
      seen.phoneMs.push(performance.now() - from);
    } catch (error) {
      seen.errors.push(error.message);
    }
  }),
);
const totalMs = performance.now() - begun;

process.stdout.write(JSON.stringify({ ...seen, totalMs }));
process.exit(0);
