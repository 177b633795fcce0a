/**
 * What the bytes of a photo are made of, as far as the house must know: which of its blocks are picture and which tell
 * of the camera, the place or the day. Only blocks that a decoder needs are known by name; everything else goes, so
 * that a kind of description nobody has thought of goes too.
 */
export type PhotoType = 'image/jpeg' | 'image/webp';

type Bytes = Uint8Array<ArrayBuffer>;

interface Parsed {
  readonly type: PhotoType;
  /** Parts of the file that belong to the picture, as from and to. */
  readonly picture: readonly (readonly [number, number])[];
}

/** The type by the bytes themselves; null for what is neither a whole JPEG nor a whole WebP. */
export function photoTypeOf(bytes: Bytes): PhotoType | null {
  return parsed(bytes)?.type ?? null;
}

/** Whether there is nothing in the file but the picture. False for what is no photo. */
export function isBarePhoto(bytes: Bytes): boolean {
  const bare = barePhoto(bytes);
  return bare !== null && bare.length === bytes.length && bare.every((byte, at) => byte === bytes[at]);
}

/** The same picture without a word about itself, or null for what is no photo. Nothing is decoded or encoded. */
export function barePhoto(bytes: Bytes): Bytes | null {
  const found = parsed(bytes);
  if (!found) return null;
  const parts = found.picture.map(([from, to]) => bytes.subarray(from, to));
  const bare = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bare.set(part, at);
    at += part.length;
  }
  if (found.type === 'image/webp') mendHead(bare);
  return bare;
}

function parsed(bytes: Bytes): Parsed | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return parsedJpeg(bytes);
  if (word(bytes, 0) === 'RIFF' && word(bytes, 8) === 'WEBP') return parsedWebp(bytes);
  return null;
}

/** Start of scan and end of image. */
const [scan, end] = [0xda, 0xd9];

/** A JPEG is a row of segments; behind each scan its compressed picture runs to the next marker. */
function parsedJpeg(bytes: Bytes): Parsed | null {
  const picture: [number, number][] = [[0, 2]];
  let scans = 0;
  for (let at = 2; at + 1 < bytes.length;) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== 0xff) return null;
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === end) {
      picture.push([at, at + 2]);
      return scans > 0 ? { type: 'image/jpeg', picture } : null;
    }
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    let next = at + 2 + length;
    if (!(length >= 2) || next > bytes.length) return null;
    if (marker === scan) {
      scans += 1;
      next = endOfScan(bytes, next);
    }
    if (isPictureSegment(bytes, at, marker)) picture.push([at, next]);
    at = next;
  }
  return null;
}

/** Where the next real marker stands: 0xff 0x00 is a byte of the picture, and restart marks belong to it. */
function endOfScan(bytes: Bytes, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] as number;
    if (bytes[at] === 0xff && next !== 0x00 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

/** Frames, tables, scans and what a decoder needs to get the colours right. No APP1 (EXIF, XMP), no comment, no other. */
function isPictureSegment(bytes: Bytes, at: number, marker: number): boolean {
  if (marker >= 0xc0 && marker <= 0xcf) return true;
  if (marker >= 0xda && marker <= 0xdf) return true;
  if (marker === 0xdb) return true;
  // Of just this length: a longer one carries a small picture of its own.
  if (marker === 0xe0) return text(bytes, at + 2, 7) === '\0\x10JFIF\0';
  if (marker === 0xe2) return text(bytes, at + 4, 12) === 'ICC_PROFILE\0';
  return marker === 0xee && text(bytes, at + 4, 5) === 'Adobe';
}

const pictureChunks = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP'];

/** A WebP is a row of named chunks, each padded to an even length; none may be left over at the end. */
function parsedWebp(bytes: Bytes): Parsed | null {
  if (long(bytes, 4) + 8 > bytes.length) return null;
  const picture: [number, number][] = [[0, 12]];
  let pictures = 0;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const name = word(bytes, at);
    const length = long(bytes, at + 4);
    const next = at + 8 + length + (length % 2);
    if (next > bytes.length) return null;
    if (name === 'VP8 ' || name === 'VP8L') pictures += 1;
    if (pictureChunks.includes(name)) picture.push([at, next]);
    at = next;
  }
  if (pictures !== 1 || at !== bytes.length) return null;
  return { type: 'image/webp', picture };
}

/** After leaving chunks out: the length in front, and no announcement of EXIF (0x08) and XMP (0x04). */
function mendHead(bytes: Bytes): void {
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true);
  if (word(bytes, 12) === 'VP8X') bytes[20] = (bytes[20] as number) & ~0x0c;
}

function word(bytes: Bytes, at: number): string {
  return text(bytes, at, 4);
}

function text(bytes: Bytes, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function long(bytes: Bytes, at: number): number {
  if (at + 4 > bytes.length) return Number.POSITIVE_INFINITY;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}
