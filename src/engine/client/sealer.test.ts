import { describe, expect, it } from 'vitest';
import { SealBroken, Sealer } from './sealer.ts';
import { newKeptKey, unlockOf } from './unlock.ts';

const key = () => newKeptKey().then((kept) => unlockOf(kept).open());
const place = { table: 'outbox', kind: 'entry' };

describe('a sealed value', () => {
  it('opens where it was sealed and shows nothing of itself', async () => {
    const sealer = new Sealer(await key(), 'd1');
    const bytes = await sealer.seal(place, { name: '刘淑珍', door: '502' });
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).not.toContain('502');
    expect(text).not.toContain(Buffer.from('刘淑珍').toString('latin1'));
    expect(await sealer.open(place, bytes)).toEqual({ name: '刘淑珍', door: '502' });
  });

  it('never uses a nonce twice', async () => {
    const sealer = new Sealer(await key(), 'd1');
    const sealed = await Promise.all(Array.from({ length: 200 }, () => sealer.seal(place, 'same')));
    expect(new Set(sealed.map((bytes) => Buffer.from(bytes.slice(1, 13)).toString('hex'))).size).toBe(200);
  });

  it('does not open in another table, as another kind, under another id, on another device or damaged', async () => {
    const shared = await key();
    const sealer = new Sealer(shared, 'd1');
    const bytes = await sealer.seal(place, 'x');
    const other = await key();
    const changed = (at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    const elsewhere = [
      () => sealer.open({ ...place, table: 'pages' }, bytes),
      () => sealer.open({ ...place, kind: 'verdict' }, bytes),
      () => sealer.open({ ...place, id: '1' }, bytes),
      () => new Sealer(shared, 'd2').open(place, bytes),
      () => new Sealer(other, 'd1').open(place, bytes),
      () => sealer.open(place, changed(20)),
      () => sealer.open(place, changed(0)),
      () => sealer.open(place, bytes.slice(0, 5)),
    ];
    for (const open of elsewhere) await expect(open()).rejects.toBeInstanceOf(SealBroken);
  });

  it('is kept with a key that cannot be taken out', async () => {
    const { key: kept } = await newKeptKey();
    expect(kept.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', kept)).rejects.toThrow('not extractable');
  });
});
