/** The page's side of the worker that reads ledgers. */
import type { ImportCall } from './import-calls.ts';
import type { Refusal } from './ledger.ts';
import type { ActsSeen, DeskSettings, Seen } from './ledger-desk.ts';
import type { Decision, StationKnown } from './ledger-to-acts.ts';
import type { GivenLayouts, ReadProgress } from './read-ledger.ts';

export type DeskAsk =
  | { readonly ask: 'open'; readonly settings: DeskSettings; readonly bytes: Uint8Array; readonly fileName: string }
  | { readonly ask: 'read'; readonly known: StationKnown; readonly layouts: GivenLayouts }
  | { readonly ask: 'weigh'; readonly known: StationKnown; readonly decisions: Readonly<Record<string, Decision>> }
  | { readonly ask: 'piece'; readonly at: number };
export type DeskAnswer =
  | { readonly progress: ReadProgress }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** The part of Worker that is used. */
export interface DeskWorker {
  postMessage(message: { readonly id: number } & DeskAsk, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<DeskAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** Somebody has pressed the key to stop, or the worker has broken; whoever waits is told by this. */
export class DeskClosed extends Error {}

export class DeskPort {
  readonly #worker: DeskWorker;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;

  constructor(make: () => DeskWorker, told: (progress: ReadProgress) => void) {
    this.#worker = make();
    this.#worker.onmessage = ({ data }) => {
      if ('progress' in data) return told(data.progress);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.value);
    };
    this.#worker.onerror = () => this.close();
  }

  open(settings: DeskSettings, bytes: Uint8Array, fileName: string): Promise<Refusal | null> {
    return this.#ask({ ask: 'open', settings, bytes, fileName }) as Promise<Refusal | null>;
  }

  read(known: StationKnown, layouts: GivenLayouts): Promise<Seen> {
    return this.#ask({ ask: 'read', known, layouts }) as Promise<Seen>;
  }

  weigh(known: StationKnown, decisions: Readonly<Record<string, Decision>>): Promise<ActsSeen> {
    return this.#ask({ ask: 'weigh', known, decisions }) as Promise<ActsSeen>;
  }

  piece(at: number): Promise<ImportCall | undefined> {
    return this.#ask({ ask: 'piece', at }) as Promise<ImportCall | undefined>;
  }

  close(): void {
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new DeskClosed());
    this.#waiting.clear();
  }

  #ask(ask: DeskAsk): Promise<unknown> {
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...ask }, []);
    });
  }
}
