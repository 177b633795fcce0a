/** Small photos made by hand, with whatever a test wants in them. */
type Bytes = Uint8Array<ArrayBuffer>;

const ascii = (text: string): number[] => [...text].map((sign) => sign.charCodeAt(0));

/** EXIF with a place in it, in either byte order. */
export function exif(order: 'II' | 'MM'): Bytes {
  const magic = order === 'II' ? [0x2a, 0x00] : [0x00, 0x2a];
  return new Uint8Array([...ascii(`Exif\0\0${order}`), ...magic, ...ascii('GPS 30.25N 120.17E')]);
}

export function jpegSegment(marker: number, content: Uint8Array): Bytes {
  const length = content.length + 2;
  return new Uint8Array([0xff, marker, length >> 8, length & 0xff, ...content]);
}

/** `size`: bytes of compressed picture; `seed` makes photos of the same size differ. */
export function jpeg(between: readonly Uint8Array[] = [], size = 40, seed = 1): Bytes {
  const jfif = jpegSegment(0xe0, new Uint8Array([...ascii('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]));
  const tables = [0xdb, 0xc0, 0xc4].map((marker) => jpegSegment(marker, new Uint8Array([1, 2, 3])));
  const scan = jpegSegment(0xda, new Uint8Array([1, 1, 0, 0, 63, 0]));
  const head = [[0xff, 0xd8], jfif, ...between, ...tables, scan].flatMap((part) => [...part]);
  const bytes = new Uint8Array(head.length + size + 2);
  bytes.set(head);
  let state = seed;
  for (let at = head.length; at < head.length + size; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = (state >>> 16) % 0xff;
  }
  // A 0xff of the picture and a restart mark, which do not end it.
  if (size >= 8) bytes.set([0xff, 0x00, 0xff, 0xd3], head.length + 2);
  bytes.set([0xff, 0xd9], head.length + size);
  return bytes;
}

export function webpChunk(name: string, content: Uint8Array): Bytes {
  const length = new Uint8Array(new Uint32Array([content.length]).buffer);
  return new Uint8Array([...ascii(name), ...length, ...content, ...(content.length % 2 ? [0] : [])]);
}

/** `extended`: the flags of an extended head; left out, a plain one. */
export function webp({ extended, after = [] }: { extended?: number; after?: readonly Uint8Array[] } = {}): Bytes {
  const flags = new Uint8Array([extended ?? 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
  const picture = webpChunk('VP8 ', new Uint8Array([1, 2, 3, 4, 5]));
  const parts = [...(extended === undefined ? [] : [webpChunk('VP8X', flags)]), picture, ...after];
  return webpChunk('RIFF', new Uint8Array([...ascii('WEBP'), ...parts.flatMap((part) => [...part])]));
}
