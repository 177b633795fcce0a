import type { Bytes } from '../sealer.ts';
import type { Timers } from '../timers.ts';
import { shrunk } from './shrink-steps.ts';

export type ShrinkAsk = { readonly ask: 'shrink'; readonly file: Blob } | { readonly ask: 'room' };
export type ShrinkAnswer =
  /** Null: it cannot be made small enough. */
  { readonly bytes: Bytes | null } | { readonly room: boolean } | { readonly failed: true };

/** How long a person waits to hear that there is no room (ms); a disk that needs longer for a megabyte has none. */
const roomPatienceMs = 900;
/** A picture of the largest camera on a slow phone (ms). */
const shrinkPatienceMs = 30_000;

/** What a browser does with pictures; handed in, so that tests bring their own. */
export interface Darkroom {
  /** Whether there is room for a photo; answers within a second. */
  hasRoom(): Promise<boolean>;
  /** The picture, small and bare; null for what is no picture this browser can open. */
  shrink(file: Blob): Promise<Bytes | null>;
}

export function browserDarkroom(timers: Timers): Darkroom {
  return {
    async hasRoom() {
      const answer = await asked({ ask: 'room' }, roomPatienceMs, timers);
      return answer !== null && 'room' in answer && answer.room;
    },
    async shrink(file) {
      if (!('OffscreenCanvas' in globalThis)) return shrunkHere(file).catch(() => null);
      const answer = await asked({ ask: 'shrink', file }, shrinkPatienceMs, timers);
      return answer !== null && 'bytes' in answer ? answer.bytes : null;
    },
  };
}

/** One question to a worker of its own: a decoder that hangs or dies takes nothing else along. Null: no answer. */
function asked(ask: ShrinkAsk, patienceMs: number, timers: Timers): Promise<ShrinkAnswer | null> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./shrink.worker.ts', import.meta.url), { type: 'module', name: 'photo' });
    const end = (answer: ShrinkAnswer | null): void => {
      callOff();
      worker.terminate();
      resolve(answer);
    };
    const callOff = timers.after(patienceMs, () => end(null));
    worker.onmessage = ({ data }: MessageEvent<ShrinkAnswer>) => end(data);
    worker.onerror = () => end(null);
    worker.postMessage(ask, []);
  });
}

/** For browsers whose workers cannot draw. */
async function shrunkHere(file: Blob): Promise<Bytes | null> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    return await shrunk({ width, height, draw: (toWidth, toHeight) => drawn(image, toWidth, toHeight) });
  } finally {
    URL.revokeObjectURL(url);
  }
}

function drawn(image: HTMLImageElement, width: number, height: number) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  const encode = (type: string, quality: number): Promise<Blob> =>
    new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The picture was not written.'))),
        type,
        quality,
      ),
    );
  return { encode };
}
