/**
 * Serves the built app over HTTP. The app's own start (migrations, demo station) happens while its handler is
 * imported, so nobody is answered by an app that is not ready.
 */
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { closeWhenAnswered, createHttpServer, listenOn } from './http-server.mjs';
import { StationError, pause } from './sentence.mjs';

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse} Outgoing */
/** @typedef {(request: Incoming, response: Outgoing, next: () => void) => void} Handler */

/** Throws a StationError when nobody can listen there. @param {string} host @param {number} port */
export async function refuseTakenPort(host, port) {
  const probe = net.createServer();
  await listen(probe, host, port);
  await new Promise((resolve) => probe.close(resolve));
}

/** @param {net.Server} server @param {string} host @param {number} port @returns {Promise<void>} */
function listen(server, host, port) {
  return listenOn(server, host, port).catch((error) => {
    throw cannotListen(host, port, /** @type {NodeJS.ErrnoException} */ (error));
  });
}

/** @param {string} host @param {number} port @param {NodeJS.ErrnoException} error */
function cannotListen(host, port, { code, message }) {
  if (code === 'EADDRINUSE') {
    return new StationError(
      `端口 ${port} 已经被别的程序占用了。数据没有动过。请关掉那个程序，或者换一个端口，比如 PORT=${port + 1} npm start。`,
      `Port ${port} is taken by another program. No data was touched. Please end that program or choose another port, for example PORT=${port + 1} npm start.`,
    );
  }
  return new StationError(
    `不能在 ${host} 的端口 ${port} 上提供服务（${code ?? message}）。数据没有动过。请检查 HOST 和 PORT。`,
    `Nuanlin cannot listen on ${host}, port ${port} (${code ?? message}). No data was touched. Please check HOST and PORT.`,
  );
}

/**
 * Imports the app's handler and serves it.
 * @param {{ build: string, host: string, port: number }} place
 * @returns {Promise<{ close: (graceMs: number) => Promise<void> }>}
 */
export async function serve({ build, host, port }) {
  /** @type {{ handler: Handler }} */
  const { handler } = await import(pathToFileURL(path.join(build, 'handler.js')).href);
  const server = createHttpServer((request, response) => {
    // We speak plain HTTP ourselves; a proxy in front says with this header when the browser came over HTTPS.
    request.headers['x-forwarded-proto'] ??= 'http';
    handler(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  });
  await listen(server, host, port);
  const close = async (/** @type {number} */ graceMs) => {
    const closed = closeWhenAnswered(server);
    // The app's own listeners close its database connections and end its open streams.
    process.emit(/** @type {any} */ ('sveltekit:shutdown'), /** @type {any} */ ('SIGTERM'));
    await Promise.race([closed, pause(graceMs)]);
    server.closeAllConnections();
  };
  return { close };
}

/** The addresses under which a browser finds a server on this host and port. @param {string} host @param {number} port */
export function addresses(host, port) {
  const isEvery = host === '0.0.0.0' || host === '::';
  const hosts = isEvery ? ['localhost', ...ownAddresses()] : [host.includes(':') ? `[${host}]` : host];
  return hosts.map((name) => `http://${name}:${port}/`);
}

function ownAddresses() {
  return Object.values(os.networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
}
