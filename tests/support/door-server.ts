import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { answer } from '#server/door.ts';
import type { Station } from '#server/station.ts';
import { createHttpServer } from '../../scripts/station/http-server.mjs';

/** The station's real door behind plain HTTP. `before` may answer by itself and says so; `head` may change an answer. */
export function doorServer(
  station: Station,
  before: (url: string, outgoing: ServerResponse) => boolean = () => false,
  head: (response: Response) => void = () => undefined,
): Server {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method, url = '/' } = incoming;
    if (before(url, outgoing)) return;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const leave = new AbortController();
    outgoing.on('close', () => leave.abort());
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const body = method === 'POST' ? new Uint8Array(Buffer.concat(chunks)) : undefined;
    const request = new Request(`http://127.0.0.1${url}`, { method, headers, body, signal: leave.signal });
    const response = await answer(station, request, '127.0.0.1');
    head(response);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body) Readable.fromWeb(response.body as never).pipe(outgoing);
    else outgoing.end();
  };
  return createHttpServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
}
