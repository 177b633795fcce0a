import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const outDir = path.join(root, `node_modules/.crash-server-${process.pid}`);
let built: Promise<string> | undefined;

/** The server as one file for plain Node, made once per run, so that it starts again in a moment after a kill. */
function builtServer(): Promise<string> {
  built ??= build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'tests/crash/serve.ts', outDir, emptyOutDir: true, target: 'node20', minify: false },
  }).then(() => path.join(outDir, 'serve.js'));
  return built;
}

/** One server process; `port` 0 lets it choose. */
export class ServerProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Whether the process still runs. */
  get lives(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  static async start(databaseUrl: string, port = 0, flaw = ''): Promise<ServerProcess> {
    const file = await builtServer();
    const env = { ...process.env, DATABASE_URL: databaseUrl, PORT: String(port), CRASH_FLAW: flaw };
    const child = spawn(process.execPath, [file], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    const said = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The server did not start (${code}).`)));
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const ready = /ready (\d+)/.exec(text);
        if (ready) resolve(Number(ready[1]));
      });
    });
    return new ServerProcess(child, said);
  }

  /** As a power cut does it: nothing is finished or said. */
  async kill(): Promise<void> {
    if (!this.lives) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }
}
