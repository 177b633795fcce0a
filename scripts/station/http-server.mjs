/** The HTTP server of a station, the same for the built app, the bench and the crash loop. */
import http from 'node:http';

/**
 * An idle connection is kept longer than browsers (five minutes) and proxies (one or two) keep theirs: whoever closes
 * first must be the one who asks, or a request goes out on a connection that is just being closed and is lost.
 */
const IDLE_MS = 360_000;
/** Connections that may wait to be taken: a whole subdistrict's phones find the signal again at the same moment. */
const WAITING_MAX = 4_096;
/** How often connections that have become idle are looked for while the server ends. */
const SWEEP_MS = 50;

/** @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => void} Answer */

/** @param {Answer} answer @returns {http.Server} */
export function createHttpServer(answer) {
  return http.createServer({ keepAliveTimeout: IDLE_MS }, answer);
}

/** Rejects with what the system says when nobody can listen there. @param {import('node:net').Server} server @param {string} host @param {number} port @returns {Promise<void>} */
export function listenOn(server, host, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: WAITING_MAX }, () => resolve());
  });
}

/** Takes no new connection; resolves when what was asked is answered. @param {http.Server} server @returns {Promise<void>} */
export function closeWhenAnswered(server) {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
