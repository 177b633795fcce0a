/**
 * One holder per file, also after `kill -9`: the file names its holder by process id and start time, so a crashed
 * holder, or a stranger who later got the same id, is never taken for a running one.
 */
import fs from 'node:fs';
import { isAlive, startMark } from './processes.mjs';
import { pause } from './sentence.mjs';

/** @typedef {{ pid: number, started: string, address?: string }} Holder */

/** Somebody else holds the lock; `holder` says who. */
export class LockHeld extends Error {
  /** @param {Holder} holder */
  constructor(holder) {
    super(`held by process ${holder.pid}`);
    this.name = 'LockHeld';
    this.holder = holder;
  }
}

/**
 * Takes the lock, waiting a little for a holder that is just ending.
 * Throws LockHeld, or the system's error when the file cannot be written.
 * @param {string} file
 * @param {{ address?: string, patienceMs?: number }} [options] the address is told to whoever comes second
 * @returns {Promise<() => void>} gives the lock back; safe to call twice
 */
export async function takeLock(file, { address, patienceMs = 0 } = {}) {
  /** @type {Holder} */
  const self = { pid: process.pid, started: startMark(process.pid), ...(address === undefined ? {} : { address }) };
  const mine = `${JSON.stringify(self)}\n`;
  const begun = Date.now();
  for (;;) {
    const holder = tryOnce(file, mine);
    if (holder === undefined) {
      return () => {
        if (readText(file) === mine) fs.rmSync(file, { force: true });
      };
    }
    if (Date.now() - begun >= patienceMs) throw new LockHeld(holder);
    await pause(100);
  }
}

/** Undefined when the lock is ours now, else its living holder. @param {string} file @param {string} mine */
function tryOnce(file, mine) {
  const part = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(part, mine, { mode: 0o644 });
  try {
    for (;;) {
      if (linked(part, file)) return undefined;
      const found = readText(file);
      const holder = found === undefined ? undefined : parse(found);
      if (holder !== undefined && isAlive(holder.pid) && startMark(holder.pid) === holder.started) return holder;
      if (found !== undefined) setAside(file, found);
    }
  } finally {
    fs.rmSync(part, { force: true });
  }
}

/** Gives the whole text the lock's name in one step; false when the name is taken. @param {string} part @param {string} file */
function linked(part, file) {
  try {
    fs.linkSync(part, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead holder's file. Two starts may do so at once, and the slower one may catch the file that the faster
 * one has just made; it is then put back.
 * @param {string} file @param {string} dead
 */
function setAside(file, dead) {
  const aside = `${file}.${process.pid}-aside`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw error;
  }
  if (readText(aside) !== dead) linked(aside, file);
  fs.rmSync(aside, { force: true });
}

/** @param {string} file */
function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {string} text @returns {Holder | undefined} undefined for a text no holder of ours wrote */
function parse(text) {
  try {
    const holder = JSON.parse(text);
    return Number.isInteger(holder?.pid) && typeof holder.started === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}
