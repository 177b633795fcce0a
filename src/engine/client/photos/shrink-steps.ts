import { photoBytesMax, photoEdgeMax } from '../../limits.ts';
import { barePhoto } from '../../photo-bytes.ts';
import type { Bytes } from '../sealer.ts';

/** A picture drawn at one size. */
export interface Drawn {
  /** Browsers give another type when they cannot write this one. */
  encode(type: string, quality: number): Promise<Blob>;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  draw(width: number, height: number): Drawn;
}

/** Quality goes down before size does: a smaller picture loses the door number first. */
const qualities = [0.8, 0.65, 0.5, 0.35];
const edges = [photoEdgeMax, 1_024, 800, 640, 480];

/**
 * The picture small enough to be sent over a bad line, and bare: drawing it anew leaves what the camera wrote about
 * itself behind, and what an encoder adds goes as well. Null when no step is small enough.
 */
export async function shrunk(picture: Picture): Promise<Bytes | null> {
  const { width, height } = picture;
  const longest = Math.max(width, height);
  for (const edge of edges) {
    // A small picture has only one size; it is not drawn larger than it is.
    if (edge !== edges[0] && edge > longest) continue;
    const scale = Math.min(1, edge / longest);
    const drawn = picture.draw(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    for (const quality of qualities) {
      const bytes = await encoded(drawn, quality);
      if (bytes && bytes.length <= photoBytesMax) return bytes;
    }
  }
  return null;
}

async function encoded(drawn: Drawn, quality: number): Promise<Bytes | null> {
  const webp = await drawn.encode('image/webp', quality);
  const blob = webp.type === 'image/webp' ? webp : await drawn.encode('image/jpeg', quality);
  return barePhoto(new Uint8Array(await blob.arrayBuffer()));
}
