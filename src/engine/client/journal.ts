import type { RingRecord } from './ring.ts';
import type { Bytes } from './sealer.ts';
import type { Timers } from './timers.ts';

/** What the worker is asked. */
export type JournalRequest = { readonly id: number } & JournalAsk;
export type JournalAsk =
  | { readonly ask: 'open'; readonly device: string }
  | { readonly ask: 'devices' }
  | { readonly ask: 'seqs' }
  | { readonly ask: 'append'; readonly bytes: Bytes; readonly floor: number }
  | { readonly ask: 'read'; readonly seqs: readonly number[] }
  | { readonly ask: 'release'; readonly seqs: readonly number[] }
  | { readonly ask: 'remove' };
export type JournalAnswer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

/** What a journal holds when it is opened. */
export interface JournalState {
  /** The highest number it has ever given out; 0 when none. */
  readonly highestSeq: number;
  /** Numbers of the acts it keeps, ascending. */
  readonly seqs: readonly number[];
}

/**
 * The first home of every act: a ring in a file of the phone's own that is written in place and flushed. It lives
 * beside IndexedDB because browsers were seen to drop whole databases on a nearly full disk without a word.
 */
export interface Journal {
  /** Whether an act overwrites bytes that the phone already owns, so that a full disk does not matter. */
  readonly inPlace: boolean;
  /** Devices whose acts it holds. */
  devices(): Promise<readonly string[]>;
  /** What it holds of this device. Throws where the browser has no such file; then there is no journal. */
  open(device: string): Promise<JournalState>;
  /** Resolves with the act's number, which is above `floor`, when it is flushed. */
  append(bytes: Bytes, floor: number): Promise<number>;
  /** Numbers of the acts it keeps now, those of other tabs among them. */
  seqs(): Promise<readonly number[]>;
  read(seqs: readonly number[]): Promise<readonly RingRecord[]>;
  /** The centre has had these for long enough. */
  release(seqs: readonly number[]): Promise<void>;
  /** Deletes everything of this device. */
  remove(): Promise<void>;
  close(): void;
}

/** The part of Worker that is used. */
export interface JournalWorker {
  postMessage(message: JournalRequest, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<JournalAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** A file that has not answered by then is as good as gone (ms). */
const patienceMs = 2_000;
/** Filling the file, and reading all of it after a loss, takes a slow phone longer (ms). */
const wholeFilePatienceMs = 15_000;

/** The journal in its worker. A worker that does not answer is ended, and the next call starts a new one. */
export class WorkerJournal implements Journal {
  readonly inPlace = true;
  readonly #make: () => JournalWorker;
  readonly #timers: Timers;
  #worker: JournalWorker | null = null;
  #device: string | null = null;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;

  constructor(make: () => JournalWorker, timers: Timers) {
    this.#make = make;
    this.#timers = timers;
  }

  devices(): Promise<readonly string[]> {
    return this.#ask({ ask: 'devices' }) as Promise<readonly string[]>;
  }

  open(device: string): Promise<JournalState> {
    this.#device = device;
    return this.#ask({ ask: 'open', device }) as Promise<JournalState>;
  }

  append(bytes: Bytes, floor: number): Promise<number> {
    return this.#ask({ ask: 'append', bytes, floor }) as Promise<number>;
  }

  seqs(): Promise<readonly number[]> {
    return this.#ask({ ask: 'seqs' }) as Promise<readonly number[]>;
  }

  read(seqs: readonly number[]): Promise<readonly RingRecord[]> {
    return this.#ask({ ask: 'read', seqs }) as Promise<readonly RingRecord[]>;
  }

  async release(seqs: readonly number[]): Promise<void> {
    if (seqs.length > 0) await this.#ask({ ask: 'release', seqs });
  }

  async remove(): Promise<void> {
    await this.#ask({ ask: 'remove' });
    this.close();
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error('The journal was closed.'));
    this.#waiting.clear();
  }

  #ask(ask: JournalAsk): Promise<unknown> {
    const worker = this.#worker ?? this.#start(ask);
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      const whole = ask.ask === 'open' || ask.ask === 'read';
      const callOff = this.#timers.after(whole ? wholeFilePatienceMs : patienceMs, () => {
        this.close();
        reject(new Error('The journal does not answer.'));
      });
      const settle =
        <T>(end: (value: T) => void) =>
        (value: T) => {
          callOff();
          end(value);
        };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      worker.postMessage({ id, ...ask }, []);
    });
  }

  #start(first: JournalAsk): JournalWorker {
    const worker = this.#make();
    worker.onmessage = ({ data }) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.value);
    };
    worker.onerror = () => this.close();
    this.#worker = worker;
    // A worker that had to be started anew does not know whose file it holds.
    if (first.ask !== 'open' && this.#device) worker.postMessage({ id: 0, ask: 'open', device: this.#device }, []);
    return worker;
  }
}
