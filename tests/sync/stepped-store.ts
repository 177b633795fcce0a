import type { Glance, StationStore, StationTransaction } from '#server/exchange/store.ts';
import { NoAnswer } from './network.ts';

export interface Stepping {
  /** Waits for the schedule before a call to the store takes effect. */
  readonly wait: (call: string) => Promise<void>;
  /** Whether the server dies at this call. */
  readonly dies: () => boolean;
  /** A pull has begun: it sees the station as it stands now. */
  readonly onPull: () => void;
}

type Call = <T>(name: string, call: (tx: StationTransaction) => Promise<T>) => Promise<T>;

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

  async transaction<T>(
    station: string,
    mode: 'push' | 'pull',
    work: (tx: StationTransaction) => Promise<T>,
  ): Promise<T> {
    const result = await (mode === 'pull' ? this.#pull(station, work) : this.#push(station, work));
    await this.#step(`${mode} done`);
    return result;
  }

  async glance(station: string, device: string): Promise<Glance> {
    await this.#step('glance');
    this.stepping.onPull();
    return this.inner.glance(station, device);
  }

  #pull<T>(station: string, work: (tx: StationTransaction) => Promise<T>): Promise<T> {
    return this.inner.transaction(station, 'pull', (tx) => {
      this.stepping.onPull();
      return work(
        this.#through(async (name, call) => {
          await this.#step(name);
          return call(tx);
        }),
      );
    });
  }

  async #push<T>(station: string, work: (tx: StationTransaction) => Promise<T>): Promise<T> {
    let alone: StationTransaction | null = null;
    let end: (outcome: Promise<T>) => void = () => undefined;
    let ended: Promise<T> | null = null;
    /** From here to the end one transaction of the inner store stays open, and everybody else waits for it. */
    const lock = (): Promise<void> =>
      new Promise((locked, failed) => {
        ended = this.inner.transaction(station, 'push', (tx) => {
          alone = tx;
          locked();
          return new Promise<T>((finish) => {
            end = finish;
          });
        });
        ended.catch(failed);
      });
    const outcome = work(
      this.#through(async (name, call) => {
        await this.#step(name);
        if (name === 'lockClock' && alone === null) await lock();
        return alone ? call(alone) : this.inner.transaction(station, 'push', call);
      }),
    );
    // The inner transaction ends as the work does: kept when it resolved, thrown away when it rejected.
    await outcome.catch(() => undefined);
    end(outcome);
    await (ended ?? undefined);
    return outcome;
  }

  async #step(name: string): Promise<void> {
    await this.stepping.wait(name);
    if (this.stepping.dies()) throw new NoAnswer(`The server died at ${name}.`);
  }

  #through(call: Call): StationTransaction {
    return {
      clock: () => call('clock', (tx) => tx.clock()),
      lockClock: () => call('lockClock', (tx) => tx.lockClock()),
      lastSeq: (device) => call('lastSeq', (tx) => tx.lastSeq(device)),
      taken: (device, acts) => call('taken', (tx) => tx.taken(device, acts)),
      refusedActs: (device, ids) => call('refusedActs', (tx) => tx.refusedActs(device, ids)),
      load: (wanted) => call('load', (tx) => tx.load(wanted)),
      write: (batch) => call('write', (tx) => tx.write(batch)),
      device: (device) => call('device', (tx) => tx.device(device)),
      confirm: (device, pull) => call('confirm', (tx) => tx.confirm(device, pull)),
      forget: (device) => call('forget', (tx) => tx.forget(device)),
      difference: (device, viewer, kinds, limit) =>
        call('difference', (tx) => tx.difference(device, viewer, kinds, limit)),
      changes: (kind, after, goneAfter, limit) => call('changes', (tx) => tx.changes(kind, after, goneAfter, limit)),
      remember: (device, pull, difference) => call('remember', (tx) => tx.remember(device, pull, difference)),
      checksum: (device) => call('checksum', (tx) => tx.checksum(device)),
      saveDevice: (device, state) => call('saveDevice', (tx) => tx.saveDevice(device, state)),
    };
  }
}
