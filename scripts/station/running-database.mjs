/** Where the database of a station is that runs already; nothing is started here. */
import fs from 'node:fs';
import path from 'node:path';
import { readPassword } from './cluster.mjs';
import { clusterPlace } from './data-folder.mjs';
import { databaseUrl } from './postgres.mjs';
import { settingsFromEnvironment } from './station.mjs';

/** The url of DATABASE_URL, or of the PostgreSQL that `npm start` keeps running; undefined when none runs. */
export function runningDatabaseUrl() {
  const { databaseUrl: named, dataFolder } = settingsFromEnvironment();
  if (named) return named;
  const password = readPassword(path.join(dataFolder, 'postgresql.password'));
  if (password === undefined) return undefined;
  const file = path.join(clusterPlace(dataFolder).cluster, 'postmaster.pid');
  // PostgreSQL's own note: process, folder, time of start, port.
  const port = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8').split('\n')[3]) : Number.NaN;
  return Number.isInteger(port) ? databaseUrl(port, password) : undefined;
}

const unpreparedCodes = [
  'ECONNREFUSED',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'ENOTFOUND',
  '42P01',
  '3D000',
  '57P03',
];

/** Whether the error says that the database is not there, or that no station has prepared it yet. @param {unknown} error */
export function isUnprepared(error) {
  return unpreparedCodes.includes(/** @type {{ code?: string }} */ (error).code ?? '');
}
