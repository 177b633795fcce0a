import { crc32 } from './crc32.ts';

/**
 * A ring of acts in one file of fixed size that was filled beforehand, so that an act on a full disk overwrites bytes
 * the phone already owns. A record lies in whole slots and never goes round the end:
 *
 *   'act1' u32 · state u8 · 3 spare · length u32 · seq f64 · crc32 u32 (of length, seq and bytes) · 8 spare · bytes
 *
 * What was torn by a crash fails its checksum and is free again; it was never called saved. A record is freed by its
 * state only, so the highest number ever written stands in the file until a higher one has taken its place.
 */
export interface SyncFile {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  flush(): void;
  getSize(): number;
}

export interface RingRecord {
  readonly seq: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** No run of free slots is long enough for the act. */
export class RingFull extends Error {
  override readonly name = 'RingFull';
}

interface Held {
  readonly seq: number;
  readonly slot: number;
  readonly slots: number;
  live: boolean;
}

export const slotBytes = 512;
const headBytes = 32;
const fileHeadBytes = 4_096;
const magic = 0x31746361;
const fileMagic = 0x314a4c4e;
const turnAt = 8;
const live = 1;
const released = 2;
/** Written in one go while the file is filled (bytes). */
const fillBytes = 256 * 1_024;

/** Bytes of a file with so many slots. */
export const ringSize = (slots: number): number => fileHeadBytes + slots * slotBytes;

export class Ring {
  readonly #file: SyncFile;
  readonly #slots: number;
  #held = new Map<number, Held>();
  /** Number of the act in each slot, 0 where none ever was. */
  #owner: Float64Array;
  #next = 0;
  #highest = 0;
  #turn = 0;

  private constructor(file: SyncFile, slots: number) {
    this.#file = file;
    this.#slots = slots;
    this.#owner = new Float64Array(slots);
  }

  /** Opens the ring in this file; fills the file first when it is no ring of this size yet. */
  static open(file: SyncFile, slots: number): Ring {
    const ring = new Ring(file, slots);
    if (file.getSize() < ringSize(slots) || ring.#word(0) !== fileMagic) {
      // A file with acts in it is mended, never filled anew: only its end may be missing, or a byte of its head.
      ring.#scan();
      ring.#fill(ring.#held.size > 0 ? file.getSize() : 0);
    }
    ring.#scan();
    return ring;
  }

  /** The highest number ever given out here; 0 in a new file. */
  get highestSeq(): number {
    return this.#highest;
  }

  /** Numbers of the acts that are kept, ascending. */
  seqs(): number[] {
    this.#meetOthers();
    return [...this.#held.values()]
      .filter((held) => held.live)
      .map(({ seq }) => seq)
      .sort((a, b) => a - b);
  }

  /**
   * Writes an act in place and flushes it. Its number is above `floor` and above every number in the ring. Throws
   * RingFull, or what the file throws; then the act is not saved here.
   */
  append(bytes: Uint8Array, floor: number): number {
    this.#meetOthers();
    const slots = Math.ceil((headBytes + bytes.length) / slotBytes);
    const slot = this.#place(slots);
    const seq = Math.max(this.#highest, floor) + 1;
    this.#write(this.#at(slot), recordOf(seq, bytes, slots));
    this.#flushOrFree(slot);
    for (const under of this.#owner.subarray(slot, slot + slots)) this.#held.delete(under);
    this.#keep({ seq, slot, slots, live: true });
    this.#next = (slot + slots) % this.#slots;
    this.#endTurn();
    return seq;
  }

  /** The kept acts of these numbers; what is not kept is left out. */
  read(seqs: readonly number[]): RingRecord[] {
    this.#meetOthers();
    return seqs.flatMap((seq) => {
      const held = this.#held.get(seq);
      const found = held?.live ? this.#record(held.slot) : null;
      return found ? [{ seq, bytes: found.bytes }] : [];
    });
  }

  /** Frees the slots of these acts. Not flushed: an act that comes back is taken by the centre once all the same. */
  release(seqs: readonly number[]): void {
    this.#meetOthers();
    for (const seq of seqs) {
      const held = this.#held.get(seq);
      if (!held?.live) continue;
      held.live = false;
      this.#write(this.#at(held.slot) + 4, Uint8Array.of(released));
    }
    this.#endTurn();
  }

  /** Another tab may have written since; a counter in the head of the file tells. */
  #meetOthers(): void {
    if (this.#word(turnAt) !== this.#turn) this.#scan();
  }

  #endTurn(): void {
    this.#turn = (this.#turn + 1) >>> 0;
    this.#write(turnAt, words(this.#turn));
  }

  /** What could not be flushed is not called saved, so it must not come back as an act after a restart. */
  #flushOrFree(slot: number): void {
    try {
      this.#file.flush();
    } catch (error) {
      this.#write(this.#at(slot) + 4, Uint8Array.of(released));
      throw error;
    }
  }

  /** The newest act stays where it is although it is freed: a write over it that is torn would take its number along. */
  #place(slots: number): number {
    const isTaken = (seq: number): boolean => this.#held.get(seq)?.live === true || (seq > 0 && seq === this.#highest);
    for (let tried = 0, slot = this.#next; tried < this.#slots; tried += 1, slot = (slot + 1) % this.#slots) {
      if (slot + slots > this.#slots) continue;
      if (!this.#owner.subarray(slot, slot + slots).some(isTaken)) return slot;
    }
    throw new RingFull('The ring has no room for this act.');
  }

  #keep(held: Held): void {
    this.#held.set(held.seq, held);
    this.#owner.fill(held.seq, held.slot, held.slot + held.slots);
    this.#highest = Math.max(this.#highest, held.seq);
  }

  #scan(): void {
    this.#held = new Map();
    this.#owner = new Float64Array(this.#slots);
    this.#turn = this.#word(turnAt);
    const all = new Uint8Array(this.#slots * slotBytes);
    this.#file.read(all, { at: fileHeadBytes });
    for (let slot = 0; slot < this.#slots;) {
      const found = recordIn(all.subarray(slot * slotBytes));
      if (found) this.#keep({ seq: found.seq, slot, slots: found.slots, live: found.live });
      slot += found?.slots ?? 1;
    }
    const newest = this.#held.get(this.#highest);
    this.#next = newest ? (newest.slot + newest.slots) % this.#slots : 0;
  }

  #record(slot: number): ReturnType<typeof recordIn> {
    const head = new Uint8Array(headBytes);
    this.#file.read(head, { at: this.#at(slot) });
    const bytes = new Uint8Array(headBytes + new DataView(head.buffer).getUint32(8, true));
    this.#file.read(bytes, { at: this.#at(slot) });
    return recordIn(bytes);
  }

  /** Zeros are written, not just a length: a file with holes needs new room on the disk for every act. */
  #fill(from: number): void {
    const size = ringSize(this.#slots);
    const zeros = new Uint8Array(fillBytes);
    for (let at = from; at < size; at += fillBytes) this.#write(at, zeros.subarray(0, Math.min(fillBytes, size - at)));
    this.#file.flush();
    this.#write(0, words(fileMagic));
    this.#file.flush();
  }

  #write(at: number, bytes: Uint8Array): void {
    if (this.#file.write(bytes, { at }) !== bytes.length) throw new Error('The journal took only a part of the act.');
  }

  #word(at: number): number {
    const bytes = new Uint8Array(4);
    this.#file.read(bytes, { at });
    return new DataView(bytes.buffer).getUint32(0, true);
  }

  #at(slot: number): number {
    return fileHeadBytes + slot * slotBytes;
  }
}

function words(word: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, word, true);
  return bytes;
}

function recordOf(seq: number, bytes: Uint8Array, slots: number): Uint8Array {
  const record = new Uint8Array(slots * slotBytes);
  const head = new DataView(record.buffer);
  head.setUint32(0, magic, true);
  head.setUint8(4, live);
  head.setUint32(8, bytes.length, true);
  head.setFloat64(12, seq, true);
  record.set(bytes, headBytes);
  head.setUint32(20, sumOf(record, bytes.length), true);
  return record;
}

/** The record at the start of these bytes; null when there is none or it is torn. */
function recordIn(from: Uint8Array): (RingRecord & { readonly slots: number; readonly live: boolean }) | null {
  if (from.length < headBytes) return null;
  const head = new DataView(from.buffer, from.byteOffset, headBytes);
  if (head.getUint32(0, true) !== magic) return null;
  const length = head.getUint32(8, true);
  const slots = Math.ceil((headBytes + length) / slotBytes);
  if (headBytes + length > from.length || head.getUint32(20, true) !== sumOf(from, length)) return null;
  const bytes = from.slice(headBytes, headBytes + length) as Uint8Array<ArrayBuffer>;
  return { seq: head.getFloat64(12, true), bytes, slots, live: head.getUint8(4) === live };
}

/** Over length and number (bytes 8 to 20) and what follows the head. */
function sumOf(record: Uint8Array, length: number): number {
  return crc32(record.subarray(headBytes, headBytes + length), crc32(record.subarray(8, 20)));
}
