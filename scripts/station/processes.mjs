/**
 * Questions about other processes. A process id alone says nothing after a crash, as the system hands it out again;
 * so every question here is about an id together with something only that process can have.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Is there any process with this id? One that belongs to somebody else counts. @param {number} pid */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** A dead child whose parent has not collected it still has an id, but it holds nothing. @param {number} pid */
function isZombie(pid) {
  return statFields(pid)?.[0] === 'Z';
}

/** The fields of /proc/PID/stat behind the program's name, or undefined where there is no such file. @param {number} pid */
function statFields(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** The parent of a process that is a shell; undefined for any other process, and where the system does not tell. @param {number} pid */
export function shellParent(pid) {
  try {
    if (!/^(ba|da|a)?sh$/.test(fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim())) return undefined;
    return Number(statFields(pid)?.[1]);
  } catch {
    return undefined;
  }
}

/**
 * When this process began, as text that is only ever compared: no two processes with the same id share it.
 * Empty when the system does not tell (then the id alone has to do).
 * @param {number} pid
 */
export function startMark(pid) {
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux') return ask('ps', ['-o', 'lstart=', '-p', String(pid)]);
  const started = statFields(pid)?.[19];
  return started === undefined ? '' : `${bootMark()}/${started}`;
}

/** Start times count from the start of the machine, so the machine's start is part of the mark. */
function bootMark() {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * Is this process a PostgreSQL server on this data folder? Undefined when the system does not tell.
 * @param {number} pid
 * @param {string} folder
 * @returns {boolean | undefined}
 */
export function isPostgresOn(pid, folder) {
  if (process.platform === 'win32') return undefined;
  const command = commandLine(pid);
  if (command === '') return undefined;
  if (!/(^|\/)postgres(\s|$)/.test(command)) return false;
  if (command.split(/\s/).includes(folder)) return true;
  try {
    // The server makes its data folder its working folder, whatever way it was started.
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(folder);
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function commandLine(pid) {
  if (process.platform !== 'linux') return ask('ps', ['-o', 'command=', '-p', String(pid)]);
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** @param {string} program @param {string[]} args */
function ask(program, args) {
  const answer = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  return answer.status === 0 ? answer.stdout.trim() : '';
}

/** The full path of a program on PATH, or undefined. @param {string} name */
export function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, name);
    try {
      fs.accessSync(candidate, fs.constants.X_OK);
      if (folder !== '' && fs.statSync(candidate).isFile()) return candidate;
    } catch {
      // Not in this folder: look in the next.
    }
  }
  return undefined;
}
