import type { Journal, JournalState } from './journal.ts';
import { Ring, type RingRecord, type SyncFile } from './ring.ts';
import type { Bytes } from './sealer.ts';

/** A file whose power can be cut: what was not flushed is lost, and of the last write only the first bytes may stand. */
export class MemoryFile implements SyncFile {
  bytes = new Uint8Array(0);
  flushed = new Uint8Array(0);
  /** How many more bytes may be written before the power goes; null: no end. */
  left: number | null = null;
  fills = 0;
  /** Not needed where no power is cut, and slow for a large file. */
  remembers = true;

  read(into: Uint8Array, { at }: { at: number }): number {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  write(bytes: Uint8Array, { at }: { at: number }): number {
    if (this.bytes.length < at + bytes.length) {
      const longer = new Uint8Array(at + bytes.length);
      longer.set(this.bytes);
      this.bytes = longer;
      this.fills += 1;
    }
    const taken = this.left === null ? bytes : bytes.subarray(0, this.left);
    this.bytes.set(taken, at);
    if (this.left !== null) this.left -= taken.length;
    if (taken.length < bytes.length) throw new Error('The power is gone.');
    return bytes.length;
  }

  flush(): void {
    if (this.left === 0) throw new Error('The power is gone.');
    if (this.remembers) this.flushed = this.bytes.slice();
  }

  getSize(): number {
    return this.bytes.length;
  }

  /** The power comes back. `torn`: what was written and not flushed stands as far as it came. */
  again(torn: boolean): this {
    if (!torn) this.bytes = this.flushed.slice();
    this.left = null;
    return this;
  }
}

/** The journals of one browser, a file for each device. */
export class MemoryJournals {
  readonly files = new Map<string, MemoryFile>();
  /** The disk takes nothing more at the moment. */
  failing = false;

  journal(): Journal {
    return new MemoryJournal(this);
  }
}

/** A tab's journal without a worker. */
class MemoryJournal implements Journal {
  readonly inPlace = true;
  readonly #all: MemoryJournals;
  #device = '';
  #ring: Ring | null = null;

  constructor(all: MemoryJournals) {
    this.#all = all;
  }

  devices = async (): Promise<readonly string[]> => [...this.#all.files.keys()];

  async open(device: string): Promise<JournalState> {
    const file = this.#all.files.get(device) ?? Object.assign(new MemoryFile(), { remembers: false });
    this.#all.files.set(device, file);
    this.#device = device;
    this.#ring = Ring.open(file, 64);
    return { highestSeq: this.#ring.highestSeq, seqs: this.#ring.seqs() };
  }

  append = async (bytes: Bytes, floor: number): Promise<number> => this.#opened().append(bytes, floor);
  seqs = async (): Promise<readonly number[]> => this.#opened().seqs();
  read = async (seqs: readonly number[]): Promise<readonly RingRecord[]> => this.#opened().read(seqs);
  release = async (seqs: readonly number[]): Promise<void> => this.#opened().release(seqs);

  async remove(): Promise<void> {
    this.#all.files.delete(this.#device);
  }

  close(): void {
    this.#ring = null;
  }

  #opened(): Ring {
    if (!this.#ring || this.#all.failing) throw new Error('The journal does not answer.');
    return this.#ring;
  }
}
