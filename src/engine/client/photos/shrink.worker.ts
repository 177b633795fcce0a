/// <reference lib="webworker" />
/** Makes a photo small and finds out whether there is room for it, beside the page: the keys stay alive meanwhile. */
import { shrunk } from './shrink-steps.ts';
import type { ShrinkAnswer, ShrinkAsk } from './shrink.ts';

declare const self: DedicatedWorkerGlobalScope;

/** Written for real: what a browser says of its free space is a guess. Room for the photo and for a day of acts. */
const probeBytes = 1024 * 1024;

self.onmessage = async ({ data }: MessageEvent<ShrinkAsk>) => {
  const answer = await (data.ask === 'room' ? room() : shrink(data.file)).catch((): ShrinkAnswer => ({ failed: true }));
  self.postMessage(answer, 'bytes' in answer && answer.bytes ? [answer.bytes.buffer] : []);
};

async function shrink(file: Blob): Promise<ShrinkAnswer> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const bytes = await shrunk({
    width,
    height,
    draw(toWidth, toHeight) {
      const canvas = new OffscreenCanvas(toWidth, toHeight);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.imageSmoothingQuality = 'high';
      // Behind what is transparent, a JPEG would be black.
      context.fillStyle = '#fff';
      context.fillRect(0, 0, toWidth, toHeight);
      context.drawImage(bitmap, 0, 0, toWidth, toHeight);
      return { encode: (type, quality) => canvas.convertToBlob({ type, quality }) };
    },
  });
  bitmap.close();
  return { bytes };
}

/**
 * Into a file of its own and not into IndexedDB: a disk that is nearly full has made browsers drop whole databases. A
 * browser without such files says nothing, and the write of the photo itself decides.
 */
async function room(): Promise<ShrinkAnswer> {
  const folder = await navigator.storage?.getDirectory?.().catch(() => undefined);
  if (!folder) return { room: true };
  const name = `room-${crypto.randomUUID()}`;
  const file = await folder.getFileHandle(name, { create: true });
  try {
    const handle = await file.createSyncAccessHandle?.();
    if (!handle) return { room: true };
    try {
      const written = handle.write(new Uint8Array(probeBytes).fill(0x5a), { at: 0 });
      handle.flush();
      return { room: written === probeBytes };
    } finally {
      handle.close();
    }
  } finally {
    await folder.removeEntry(name).catch(() => undefined);
  }
}
