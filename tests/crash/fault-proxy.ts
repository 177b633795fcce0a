import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '../sync/random.ts';

/** What a line between a phone and the station does to one request. */
export const lineFaults = [
  ...(['none', 'late', 'slow', 'requestLost', 'answerLost', 'stalled', 'cutOff', 'doubled', 'portal'] as const),
];
export type LineFault = (typeof lineFaults)[number];

const weights: Readonly<Record<LineFault, number>> = {
  none: 8,
  late: 3,
  slow: 1,
  requestLost: 2,
  answerLost: 3,
  stalled: 1,
  cutOff: 2,
  doubled: 2,
  portal: 1,
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A bad line: passes requests on to the server's port and does to each what the seed says. */
export class FaultProxy {
  readonly counts: Partial<Record<LineFault, number>> = {};
  calm = false;
  readonly #server: http.Server;
  readonly #agent = new http.Agent({ keepAlive: false });

  constructor(
    readonly target: number,
    readonly random: Random,
  ) {
    this.#server = http.createServer((incoming, outgoing) => {
      this.#pass(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    const fault = this.calm ? 'none' : this.random.weighted(weights);
    this.counts[fault] = (this.counts[fault] ?? 0) + 1;
    const body = await bodyOf(incoming);
    const asked = { method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers: incoming.headers, body };
    if (fault === 'requestLost') return void outgoing.destroy();
    if (fault === 'portal') return welcome(outgoing);
    if (fault === 'late') await pause(this.random.between(5, 120));
    if (fault === 'doubled') void this.#ask(asked).catch(() => undefined);
    const answered = await this.#ask(asked);
    if (fault === 'answerLost') return void outgoing.destroy();
    if (fault === 'stalled') {
      await pause(2_000);
      return void outgoing.destroy();
    }
    outgoing.writeHead(answered.status, answered.headers);
    if (fault === 'cutOff') {
      outgoing.write(answered.body.subarray(0, answered.body.length >> 1));
      await pause(5);
      return void outgoing.destroy();
    }
    if (fault === 'slow') await drip(outgoing, answered.body);
    outgoing.end(fault === 'slow' ? undefined : answered.body);
  }

  #ask({ method, url, headers, body }: Asked): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.target, method, path: url, headers, agent: this.#agent };
      const request = http.request(options, (response) => {
        bodyOf(response).then(
          (answer) => resolve({ status: response.statusCode ?? 502, headers: response.headers, body: answer }),
          reject,
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** The page a hotel shows instead of what was asked for. */
function welcome(outgoing: http.ServerResponse): void {
  outgoing.writeHead(200, { 'content-type': 'text/html' });
  outgoing.end('<html><body>Welcome, please accept our terms.</body></html>');
}

async function drip(outgoing: http.ServerResponse, body: Buffer): Promise<void> {
  const size = Math.max(1, Math.ceil(body.length / 8));
  for (let from = 0; from < body.length; from += size) {
    outgoing.write(body.subarray(from, from + size));
    await pause(5);
  }
}

async function bodyOf(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
