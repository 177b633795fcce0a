import type { OpenDevice } from '../device.ts';
import { Sealer } from '../sealer.ts';
import { journalKeyFrom } from '../unlock.ts';
import { forgetPhotos, hasPhotos } from './photo-database.ts';
import { PhotoStore } from './photo-store.ts';

/** Photos that the centre does not have yet go over into the store of another device; what was begun begins anew there. */
export async function moveAlong(from: PhotoStore, { device, database }: OpenDevice): Promise<void> {
  const row = await database.get('device', 'device');
  if (!row) return;
  const to = new PhotoStore(device, new Sealer(row.journalKey, device));
  try {
    for (const { hash, state, keptAt } of await from.rows()) {
      const bytes = state === 'waiting' || state === 'draft' ? await from.bytesOf(hash) : null;
      if (!bytes) continue;
      await to.keep(hash, bytes, keptAt);
      await to.change(hash, { state });
    }
  } finally {
    to.close();
  }
}

/** The same for a device that this person was on this phone before, whose key the centre has given again. */
export async function takePhotosAlong(
  former: { readonly device: string; readonly journalKey: string },
  next: OpenDevice,
): Promise<void> {
  const { device, journalKey } = former;
  if (!(await hasPhotos(device))) return;
  const from = new PhotoStore(device, new Sealer(await journalKeyFrom(journalKey), device));
  await moveAlong(from, next).finally(() => from.close());
  await forgetPhotos(device);
}

/** The same for a device whose store still stands on this phone, because moving out of it was cut off. */
export async function takeLeftPhotos(left: OpenDevice, next: OpenDevice): Promise<void> {
  const row = await left.database.get('device', 'device');
  if (!row || !(await hasPhotos(left.device))) return;
  const from = new PhotoStore(left.device, new Sealer(row.journalKey, left.device));
  await moveAlong(from, next).finally(() => from.close());
  await forgetPhotos(left.device);
}
