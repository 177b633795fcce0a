import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { Ring, RingFull, ringSize, slotBytes } from './ring.ts';
import { MemoryFile } from './testing-journal.ts';

const act = (size: number, fill = 7): Uint8Array => new Uint8Array(size).fill(fill);
const held = (ring: Ring) => new Map(ring.read(ring.seqs()).map(({ seq, bytes }) => [seq, [...bytes]]));

describe('crc32', () => {
  it('is the sum that everybody else computes', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new TextEncoder().encode('6789'), crc32(new TextEncoder().encode('12345')))).toBe(0xcbf43926);
  });
});

describe('the ring', () => {
  it('has room for 4,000 acts of usual size in the file that phones have', () => {
    const file = Object.assign(new MemoryFile(), { remembers: false });
    const ring = Ring.open(file, 8_192);
    for (let seq = 1; seq <= 4_000; seq += 1) ring.append(act(700), 0);
    expect(ring.seqs()).toHaveLength(4_000);
  });

  it('never grows once it is filled', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 16);
    const { fills } = file;
    expect(file.bytes).toHaveLength(ringSize(16));
    for (let round = 0; round < 100; round += 1) ring.release([ring.append(act(slotBytes * 2), 0)]);
    expect([file.fills, file.bytes.length]).toEqual([fills, ringSize(16)]);
  });

  it('refuses when it is full, and overwrites nothing that is kept', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 4);
    for (let seq = 1; seq <= 4; seq += 1) ring.append(act(100, seq), 0);
    const before = held(ring);
    expect(() => ring.append(act(100), 0)).toThrow(RingFull);
    ring.release([2]);
    expect(() => ring.append(act(900), 0)).toThrow(RingFull);
    expect(ring.append(act(100), 0)).toBe(5);
    before.delete(2);
    expect(held(Ring.open(file, 4))).toEqual(new Map([...before, [5, [...act(100)]]]));
  });

  it('gives no number twice, also when all acts were released and after a higher floor', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 8);
    ring.release([ring.append(act(9), 0), ring.append(act(9), 40)]);
    expect(Ring.open(file, 8).highestSeq).toBe(41);
    expect(Ring.open(file, 8).append(act(9), 0)).toBe(42);
  });

  it('is mended, not emptied, when a byte of its head is broken or its end is missing', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 8);
    ring.append(act(600, 1), 0);
    file.bytes[0] = 0;
    file.bytes = file.bytes.slice(0, ringSize(4));
    expect([...held(Ring.open(file, 8)).keys()]).toEqual([1]);
    expect(file.bytes).toHaveLength(ringSize(8));
    expect([...held(Ring.open(file, 8)).keys()]).toEqual([1]);
  });

  it('sees what another tab has written to the same file', () => {
    const file = new MemoryFile();
    const [one, other] = [Ring.open(file, 8), Ring.open(file, 8)];
    expect(one.append(act(9, 1), 0)).toBe(1);
    expect(other.append(act(9, 2), 0)).toBe(2);
    one.release([2]);
    expect(other.append(act(600, 3), 0)).toBe(3);
    expect([...held(one).keys()]).toEqual([1, 3]);
  });

  it('gives nothing back that could not be flushed and so was never called saved', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 8);
    ring.append(act(9, 1), 0);
    const { flush } = file;
    file.flush = () => {
      throw new Error('The disk does not answer.');
    };
    expect(() => ring.append(act(9, 2), 0)).toThrow('does not answer');
    file.flush = flush;
    expect([...held(Ring.open(file, 8)).keys()]).toEqual([1]);
  });

  it('is filled once and whole, and left alone by whoever opens it again', () => {
    const file = new MemoryFile();
    const written: [number, number][] = [];
    const { write } = file;
    file.write = (bytes, options) => {
      written.push([options.at, bytes.length]);
      return write.call(file, bytes, options);
    };
    Ring.open(file, 1_100);
    const whole = written.filter(([, length]) => length > 4);
    expect(whole[0]?.[0]).toBe(0);
    for (const [at, [from]] of whole.entries())
      if (at > 0) expect(from).toBe((whole[at - 1]?.[0] ?? 0) + (whole[at - 1]?.[1] ?? 0));
    expect(whole.reduce((sum, [, length]) => sum + length, 0)).toBe(ringSize(1_100));
    written.length = 0;
    Ring.open(file, 1_100);
    expect(written).toEqual([]);
  });

  it('fills a file anew that is long enough and no ring', () => {
    const file = new MemoryFile();
    file.bytes = new Uint8Array(ringSize(4)).fill(7);
    expect(Ring.open(file, 4).append(act(9), 0)).toBe(1);
    expect([...held(Ring.open(file, 4)).keys()]).toEqual([1]);
    expect(file.bytes.subarray(ringSize(4) - slotBytes)).toEqual(new Uint8Array(slotBytes));
  });

  it('tells the numbers of what is kept in their order, and gives nothing for others', () => {
    const ring = Ring.open(new MemoryFile(), 6);
    for (let nth = 1; nth <= 3; nth += 1) ring.append(act(900, nth), nth > 2 ? 40 : 0);
    expect(ring.seqs()).toEqual([1, 2, 41]);
  });

  it('keeps the order of numbers also when later acts lie before earlier ones', () => {
    const ring = Ring.open(new MemoryFile(), 4);
    for (let seq = 1; seq <= 4; seq += 1) ring.append(act(9, seq), 0);
    ring.release([1, 3, 99]);
    ring.release([1]);
    expect(ring.append(act(9, 5), 0)).toBe(5);
    expect(ring.seqs()).toEqual([2, 4, 5]);
    expect(ring.read([1, 3, 99, 5]).map(({ seq }) => seq)).toEqual([5]);
  });

  it('writes behind the newest act also after it was opened again, so that what was freed last stands longest', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 8);
    ring.release([ring.append(act(600, 1), 0), ring.append(act(9, 2), 0)]);
    const before = file.bytes.slice(4_096, 4_096 + 3 * slotBytes);
    Ring.open(file, 8).append(act(9, 3), 0);
    expect(file.bytes.slice(4_096, 4_096 + 3 * slotBytes)).toEqual(before);
  });

  it('forgets an act of several slots as soon as one of them is written over', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 4);
    ring.append(act(900, 1), 0);
    ring.append(act(900, 2), 0);
    ring.release([1, 2]);
    ring.append(act(9, 3), 0);
    ring.append(act(9, 4), 0);
    expect([...held(ring).keys()]).toEqual([3, 4]);
    expect([...held(Ring.open(file, 4)).keys()]).toEqual([3, 4]);
  });

  it('says so when the disk takes only a part of an act', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 4);
    file.write = () => 5;
    expect(() => ring.append(act(9), 0)).toThrow('only a part');
  });

  it('keeps its highest number when the power goes while an act is written, also of an act that was freed', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 4);
    ring.append(act(9), 0);
    ring.append(act(9), 0);
    ring.release([2]);
    file.left = 600;
    // Behind the newest act there is no room for it; in its place it would be the only one to know of number 2.
    expect(() => ring.append(act(1_200), 0)).toThrow();
    const again = Ring.open(file.again(true), 4);
    expect(again.highestSeq).toBe(2);
    expect(again.append(act(9), 0)).toBe(3);
    expect(again.append(act(9), 0)).toBe(4);
  });

  it('does not take the end of a cut file for a record', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 2);
    ring.append(act(9, 1), 0);
    // A head whose length reaches beyond the file.
    file.bytes.set(file.bytes.slice(4_096, 4_096 + 32), 4_096 + slotBytes);
    new DataView(file.bytes.buffer).setUint32(4_096 + slotBytes + 8, 5_000, true);
    expect([...held(Ring.open(file, 2)).keys()]).toEqual([1]);
  });

  it('does not take a record with a broken byte for an act', () => {
    const file = new MemoryFile();
    const ring = Ring.open(file, 8);
    ring.append(act(600, 1), 0);
    ring.append(act(30, 2), 0);
    const at = file.bytes.indexOf(1, 4_096 + 300);
    file.bytes[at] = 9;
    expect([...held(Ring.open(file, 8)).keys()]).toEqual([2]);
  });

  it('keeps what it called saved, whatever was being written when the power went', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ size: fc.integer({ min: 1, max: 1_700 }), cut: fc.option(fc.nat(2_100)) }) },
      { weight: 1, arbitrary: fc.record({ release: fc.nat(9), cut: fc.constant(null) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, torn) => {
        const file = new MemoryFile();
        let ring = Ring.open(file, 12);
        const saved = new Map<number, number[]>();
        const perhapsFreed = new Set<number>();
        let highest = 0;
        for (const one of steps) {
          if ('release' in one) {
            const seq = ring.seqs()[one.release];
            if (seq === undefined) continue;
            file.left = null;
            ring.release([seq]);
            perhapsFreed.add(seq);
            continue;
          }
          file.left = one.cut;
          const bytes = act(one.size, (highest + 1) % 250);
          try {
            const seq = ring.append(bytes, 0);
            expect(seq).toBeGreaterThan(highest);
            highest = seq;
            saved.set(seq, [...bytes]);
          } catch (error) {
            if (error instanceof RingFull) continue;
            ring = Ring.open(file.again(torn), 12);
          }
        }
        const stands = held(Ring.open(file.again(torn), 12));
        for (const [seq, bytes] of saved) if (!perhapsFreed.has(seq)) expect(stands.get(seq)).toEqual(bytes);
        for (const [seq, bytes] of stands) if (saved.has(seq)) expect(bytes).toEqual(saved.get(seq));
      }),
      { numRuns: 400 },
    );
  });
});
