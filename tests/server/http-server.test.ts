import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closeWhenAnswered, createHttpServer, listenOn } from '../../scripts/station/http-server.mjs';

/** How long a browser keeps a connection on which nothing happens (s). */
const browserKeepsSeconds = 300;

async function served(answer: (response: http.ServerResponse) => void) {
  const server = createHttpServer((_request, response) => answer(response));
  await listenOn(server, '127.0.0.1', 0);
  const { port } = server.address() as AddressInfo;
  const agent = new http.Agent({ keepAlive: true });
  const ask = () =>
    new Promise<{ said: string; keep: string }>((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port, agent }, async (response) => {
        let said = '';
        for await (const chunk of response) said += String(chunk);
        resolve({ said, keep: String(response.headers['keep-alive'] ?? '') });
      });
      request.on('error', reject);
    });
  return { server, ask, agent };
}

describe('the HTTP server', () => {
  it('keeps a connection longer than a browser does, so that no request goes out on one that is being closed', async () => {
    const { server, ask, agent } = await served((response) => response.end('yes'));
    const { keep } = await ask();
    expect(Number(/timeout=(\d+)/.exec(keep)?.[1])).toBeGreaterThan(browserKeepsSeconds);
    agent.destroy();
    await closeWhenAnswered(server);
  });

  it('answers what was asked before it ends, and ends although the connection would be kept', async () => {
    let take: (response: http.ServerResponse) => void = () => undefined;
    const arrived = new Promise<http.ServerResponse>((resolve) => (take = resolve));
    const { server, ask } = await served((response) => take(response));
    const said = ask();
    const response = await arrived;
    const closed = closeWhenAnswered(server);
    response.end('late');
    expect((await said).said).toBe('late');
    await closed;
    expect(server.listening).toBe(false);
  });
});
