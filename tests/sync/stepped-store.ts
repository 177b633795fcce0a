import {
  StoreRefused,
  type Glance,
  type StationStore,
  type StationTransaction,
  type WriteBatch,
} from '#server/exchange/store.ts';
import { NoAnswer } from './network.ts';
import type { Schedule } from './schedule.ts';

export interface Stepping {
  readonly schedule: Schedule;
  /** Of which exchange the calls are. */
  readonly exchange: number;
  /** Whether the server dies at this call. */
  readonly dies: (call: string) => boolean;
  /** Changes whenever the whole server is killed: what it was doing dies with it. */
  readonly life: () => number;
  /** A pull has begun: it sees the station as it stands now. */
  readonly onPull: () => void;
  /** A check of the database that the store in memory does not have; throws what the database would. */
  readonly check: (batch: WriteBatch, load: StationTransaction['load']) => Promise<void>;
  readonly count: (fault: string) => void;
  /** Acts are about to be written down as lost on this device; nobody else writes at this moment. */
  readonly onTold: (device: string, numbers: string) => void;
}

/** `device` where the call takes hold of what is known of one. */
type Call = <T>(name: string, call: (tx: StationTransaction) => Promise<T>, device?: string) => Promise<T>;
type Work<T> = (tx: StationTransaction) => Promise<T>;

/** One call after the other waits for the schedule, and the server may die before any of them. */
export class Steps {
  readonly #life: number;

  constructor(readonly stepping: Stepping) {
    this.#life = stepping.life();
  }

  async step(name: string): Promise<void> {
    if (await this.reaches(name)) throw new NoAnswer(`The server died at ${name}.`);
  }

  /** Waits for its turn; says whether the server is to die at this call. */
  async reaches(name: string): Promise<boolean> {
    const { schedule, exchange, dies, count } = this.stepping;
    await schedule.wait('server', `${name} of ${exchange}`);
    this.mustLive(name);
    if (!dies(name)) return false;
    count('serverFails');
    return true;
  }

  /** Whoever has waited for somebody else may have been killed meanwhile. */
  mustLive(name: string): void {
    if (this.stepping.life() !== this.#life) throw new NoAnswer(`The server was killed before ${name}.`);
  }

  /** A transaction each call of which goes through `call`. */
  through(call: Call): StationTransaction {
    return {
      clock: () => call('clock', (tx) => tx.clock()),
      lockClock: () => call('lockClock', (tx) => tx.lockClock()),
      lastSeq: (device) => call('lastSeq', (tx) => tx.lastSeq(device)),
      taken: (device, acts) => call('taken', (tx) => tx.taken(device, acts)),
      refusedActs: (device, ids) => call('refusedActs', (tx) => tx.refusedActs(device, ids)),
      load: (wanted) => call('load', (tx) => tx.load(wanted)),
      write: (batch) => call('write', (tx) => this.#write(tx, batch)),
      device: (device) => call('device', (tx) => tx.device(device), device),
      confirm: (device, pull) => call('confirm', (tx) => tx.confirm(device, pull)),
      forget: (device) => call('forget', (tx) => tx.forget(device)),
      difference: (...asked) => call('difference', (tx) => tx.difference(...asked)),
      changes: (kind, after, goneAfter, limit) => call('changes', (tx) => tx.changes(kind, after, goneAfter, limit)),
      remember: (device, pull, difference) => call('remember', (tx) => tx.remember(device, pull, difference)),
      checksum: (device) => call('checksum', (tx) => tx.checksum(device)),
      saveDevice: (device, state) => call('saveDevice', (tx) => tx.saveDevice(device, state)),
    };
  }

  async #write(tx: StationTransaction, batch: WriteBatch): Promise<void> {
    for (const { kind, row } of batch.rows)
      if (kind === 'lostWork' && row) this.stepping.onTold(String(row['device']), String(row['numbers']));
    try {
      await tx.write(batch);
      // As in PostgreSQL: that an act was taken meanwhile shows before references are looked at.
      await this.stepping.check(batch, (wanted) => tx.load(wanted));
    } catch (error) {
      if (error instanceof StoreRefused) this.stepping.count('splitAtServer');
      throw error;
    }
  }
}

/**
 * The memory store as several processes of a server meet it. A push reads what others have committed at each call and
 * is alone only once it has taken the station's counter, as in PostgreSQL; and the server may die before any call, or
 * after the transaction was committed and before anybody was told.
 */
export class SteppedStore implements StationStore {
  constructor(
    readonly inner: StationStore,
    readonly stepping: Stepping,
  ) {}

  async transaction<T>(station: string, mode: 'push' | 'pull', work: Work<T>): Promise<T> {
    const steps = new Steps(this.stepping);
    const result = await (mode === 'pull' ? this.#pull(steps, station, work) : this.#push(steps, station, work));
    await steps.step(`${mode} done`);
    return result;
  }

  async glance(station: string, device: string): Promise<Glance> {
    await new Steps(this.stepping).step('glance');
    this.stepping.onPull();
    return this.inner.glance(station, device);
  }

  #pull<T>(steps: Steps, station: string, work: Work<T>): Promise<T> {
    return this.inner.transaction(station, 'pull', async (tx) => {
      steps.mustLive('the pull');
      this.stepping.onPull();
      return work(
        steps.through(async (name, call) => {
          await steps.step(name);
          return call(tx);
        }),
      );
    });
  }

  async #push<T>(steps: Steps, station: string, work: Work<T>): Promise<T> {
    let alone: StationTransaction | null = null;
    let end: (outcome: Promise<T>) => void = () => undefined;
    let ended: Promise<T> | null = null;
    /** From here to the end one transaction of the inner store stays open, and everybody else waits for it. */
    const lock = (): Promise<void> =>
      new Promise((locked, failed) => {
        ended = this.inner.transaction(station, 'push', (tx) => {
          steps.mustLive('lockClock');
          alone = tx;
          locked();
          return new Promise<T>((finish) => {
            end = finish;
          });
        });
        ended.catch(failed);
      });
    const outcome = work(
      steps.through(async (name, call) => {
        await steps.step(name);
        if (name === 'lockClock' && alone === null) await lock();
        if (alone) return call(alone);
        return this.inner.transaction(station, 'push', (tx) => {
          steps.mustLive(name);
          return call(tx);
        });
      }),
    );
    // The inner transaction ends as the work does: kept when it resolved, thrown away when it rejected.
    await outcome.catch(() => undefined);
    end(outcome);
    await (ended ?? undefined);
    return outcome;
  }
}
