import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { databaseIdentity, programs } from '../../scripts/station/binaries.mjs';
import { giveTo, makeCluster, newPassword } from '../../scripts/station/cluster.mjs';
import { databaseUrl, freePort, startPostgres } from '../../scripts/station/postgres.mjs';

/** A PostgreSQL of the test's own that keeps what it has committed, to be killed and started again. */
export class OwnPostgres {
  #running: Awaited<ReturnType<typeof startPostgres>> | null = null;

  private constructor(
    readonly folder: string,
    readonly url: string,
    readonly plan: Parameters<typeof startPostgres>[0],
  ) {}

  static async start(): Promise<OwnPostgres> {
    const identity = databaseIdentity();
    const found = { ...programs(identity), identity };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-crash-'));
    giveTo(identity, folder);
    const cluster = path.join(folder, 'postgresql');
    const password = newPassword();
    await makeCluster(found, cluster, password, { throwaway: true });
    const port = await freePort();
    // Killed is the process, not the machine: what was handed to the system is kept, what was not is lost.
    const settings = { fsync: 'off', synchronous_commit: 'on', full_page_writes: 'off' };
    const plan = { programs: found, cluster, logFile: path.join(folder, 'log'), settings, port, throwaway: true };
    const one = new OwnPostgres(folder, databaseUrl(port, password), plan);
    await one.startAgain();
    return one;
  }

  async startAgain(): Promise<void> {
    this.#running = await startPostgres(this.plan);
  }

  /** As a power cut ends it. */
  async kill(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    process.kill(running.pid, 'SIGKILL');
    await running.ended;
  }

  async end(): Promise<void> {
    await this.#running?.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
