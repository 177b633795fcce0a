import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freshDatabase, type FreshDatabase } from '../../support/database.ts';
import { until } from './until.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** The built app as people start it, on a free port with its own data folder and database; it may be killed and started again. */
export class RunningStation {
  #child: ChildProcess | undefined;
  #said = '';

  private constructor(
    readonly folder: string,
    readonly database: FreshDatabase,
    readonly port: number,
    readonly build: string | undefined,
    readonly demo: boolean,
  ) {}

  /**
   * Makes folder and database; nothing runs yet. `build` is the folder of an app that was built elsewhere; with `demo`
   * the demo station is there when it has started.
   */
  static async make(build?: string, { demo = false } = {}): Promise<RunningStation> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-e2e-'));
    return new RunningStation(folder, await freshDatabase(), await freePort(), build, demo);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when it answers; throws with what it said when it ends before that. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: root,
      env: {
        ...process.env,
        PORT: String(this.port),
        DATA_DIR: path.join(this.folder, 'data'),
        DATABASE_URL: this.database.url,
        NUANLIN_DEMO: this.demo ? '1' : '0',
        ...(this.build === undefined ? {} : { NUANLIN_BUILD: this.build }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.#said += String(chunk)));
    await until(
      'the station to answer',
      async () => {
        if (child.exitCode !== null) throw new Error(`The station ended:\n${this.#said}`);
        return fetch(`${this.url}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        );
      },
      240_000,
    );
  }

  /** As when the power goes: nothing is closed or handed over. Resolves when nobody answers any more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
    await until('nobody to answer', () =>
      fetch(this.url).then(
        () => false,
        () => true,
      ),
    );
  }

  /** Ends it and removes what it left behind. */
  async remove(): Promise<void> {
    await this.#end('SIGTERM');
    await this.database.drop();
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
