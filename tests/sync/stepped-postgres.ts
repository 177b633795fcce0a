import type { Glance, StationStore, StationTransaction } from '#server/exchange/store.ts';
import { StoreRefused } from '#server/exchange/store.ts';
import { isUnavailable, storeError } from '#server/postgres/errors.ts';
import { NoAnswer } from './network.ts';
import { connectionsMax, type OpenTransaction, type PostgresGround } from './postgres-ground.ts';
import { Steps, type Stepping } from './stepped-store.ts';

type Mode = 'push' | 'pull';
type Work<T> = (tx: StationTransaction) => Promise<T>;
export type OnWritten = (kinds: ReadonlySet<string>) => Promise<void>;
type Call<T> = (tx: StationTransaction) => Promise<T>;

/** Statements of one call at most, among which the one is drawn at which its connection ends. */
const statementsOfACall = 10;

/**
 * PostgreSQL as several processes of a server meet it: every transaction is a real one, open as long as the schedule
 * lets it be, and every call of it a step. Where a call would wait for a lock of the database, it waits here for the
 * same lock instead: the database itself is never left waiting, so its speed decides nothing.
 */
export class SteppedPostgres implements StationStore {
  constructor(
    readonly ground: PostgresGround,
    readonly stepping: Stepping,
    /** Runs before anybody goes on after records of these kinds, and acts, were committed. */
    readonly onWritten: OnWritten,
  ) {}

  async transaction<T>(_station: string, mode: Mode, work: Work<T>): Promise<T> {
    // The database checks its keys itself.
    const steps = new Steps({ ...this.stepping, check: async () => undefined });
    const result = await new Stretch(this.ground, steps, mode, this.onWritten).run(work);
    await steps.step(`${mode} done`);
    return result;
  }

  async glance(_station: string, device: string): Promise<Glance> {
    await new Steps(this.stepping).step('glance');
    this.stepping.onPull();
    return this.ground.really(this.stepping.schedule, () => this.ground.glance(device));
  }
}

/** One transaction from its opening to its end. */
class Stretch {
  readonly #held = new Map<string, () => void>();
  #open: OpenTransaction | null = null;
  /** Kinds of the records it has written; null before it has written anything. */
  #wrote: Set<string> | null = null;

  constructor(
    readonly ground: PostgresGround,
    readonly steps: Steps,
    readonly mode: Mode,
    readonly onWritten: OnWritten,
  ) {}

  async run<T>(work: Work<T>): Promise<T> {
    const { ground, steps, mode } = this;
    try {
      await this.#hold('connection', connectionsMax);
      if (ground.oneAtATime && mode === 'pull') await this.#hold('turn');
      steps.mustLive(`the ${mode}`);
      this.#open = await this.#really(() => ground.open(mode));
      if (mode === 'pull') steps.stepping.onPull();
      const result = await work(this.#noting(steps.through((name, call, device) => this.#call(name, call, device))));
      // Written and not yet committed: others go on, and see nothing of it.
      if (!ground.oneAtATime && this.#wrote && (await steps.reaches('commit'))) await this.#dieAt('commit', null);
      await this.#commit();
      return result;
    } catch (error) {
      throw await this.#rollBack(error);
    } finally {
      for (const free of this.#held.values()) free();
    }
  }

  #noting(tx: StationTransaction): StationTransaction {
    const write: StationTransaction['write'] = async (batch) => {
      await tx.write(batch);
      this.#wrote = new Set([...(this.#wrote ?? []), ...batch.rows.map(({ kind }) => kind)]);
    };
    return { ...tx, write };
  }

  async #call<T>(name: string, call: Call<T>, device?: string): Promise<T> {
    const dies = await this.steps.reaches(name);
    const lock = this.#lockOf(name, device);
    if (dies) return this.#dieAt(name, lock, call);
    const isForOneCall = lock === 'turn' && name !== 'lockClock' && !this.#held.has(lock);
    if (lock) await this.#hold(lock);
    try {
      this.steps.mustLive(name);
      return await this.#ask(name, call);
    } finally {
      if (isForOneCall) this.#letGo('turn');
    }
  }

  async #ask<T>(name: string, call: Call<T>): Promise<T> {
    try {
      return await this.#really(() => call((this.#open as OpenTransaction).tx));
    } catch (error) {
      if (name === 'write' && storeError(error) instanceof StoreRefused) this.steps.stepping.count('splitAtServer');
      throw error;
    }
  }

  /** Which lock a call takes in the database and keeps; in one-at-a-time mode the turn of the store in memory. */
  #lockOf(name: string, device: string | undefined): string | null {
    if (this.ground.oneAtATime) return 'turn';
    // A write locks the counter's row in any case; to take it before is what makes the order of versions.
    if (name === 'write' || (name === 'lockClock' && !this.ground.mistake.unlocked)) return 'counter';
    return device === undefined ? null : `device ${device}`;
  }

  async #hold(name: string, room = 1): Promise<void> {
    if (this.#held.has(name)) return;
    this.#held.set(name, await this.ground.locks.take(name, room));
  }

  #letGo(name: string): void {
    this.#held.get(name)?.();
    this.#held.delete(name);
  }

  #really<T>(work: () => Promise<T>): Promise<T> {
    return this.ground.really(this.steps.stepping.schedule, work);
  }

  /** The connection ends at one of the statements of this call, or right behind it. */
  async #dieAt<T>(name: string, lock: string | null, call?: Call<T>): Promise<never> {
    const open = this.#open as OpenTransaction;
    const mayGoOn = lock === null || this.#held.has(lock);
    const after = call && mayGoOn ? this.ground.random.below(statementsOfACall) : 0;
    this.steps.stepping.count('transactionKilled');
    await this.#really(async () => {
      open.ending.after(after);
      if (call && mayGoOn) await call(open.tx).catch(() => undefined);
      await open.ending.now();
    });
    throw new NoAnswer(`The database cut the connection at ${name}.`);
  }

  async #commit(): Promise<void> {
    await this.#really(async () => {
      await (this.#open as OpenTransaction).commit();
      if (this.#wrote) await this.onWritten(this.#wrote);
    });
  }

  /** Takes everything back; returns what the caller is to hear. */
  async #rollBack(error: unknown): Promise<unknown> {
    const open = this.#open;
    const told = open === null ? error : await this.#really(() => open.rollBack(error));
    if (error instanceof NoAnswer) return error;
    // A lock that is not modelled here would let the database decide who goes first.
    if ((told as { code?: string }).code === '55P03') return new Error('A call waited for a lock of the database.');
    return isUnavailable(told) ? new NoAnswer(`The database was not there: ${String(told)}`) : told;
  }
}
