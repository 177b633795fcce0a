import { spawn, type ChildProcess } from 'node:child_process';

export interface Launched {
  readonly port: number;
  end(): Promise<void>;
}

const readyWithinMs = 90_000;
const endWithinMs = 5_000;

/** Starts a server that says `READY <port>`; it ends with us, however we end. Rejects with what it said last. */
export function launch(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Launched> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}: ${said.slice(-2_000)}`));
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      fail('A server was not ready in time');
    }, readyWithinMs);
    const hear = (text: Buffer): void => {
      said = (said + text.toString()).slice(-20_000);
      if (process.env.BENCH_VERBOSE) process.stderr.write(text);
      const ready = /READY (\d+)/.exec(said);
      if (!ready) return;
      clearTimeout(late);
      resolve({ port: Number(ready[1]), end: () => ended(child) });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(late);
      fail(`A server ended with ${code}`);
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
  await gone;
  clearTimeout(late);
}
