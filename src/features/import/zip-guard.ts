/**
 * Looks into a package before any spreadsheet library does. A ledger may come from anywhere; what is refused here never
 * reaches a parser: what is not a spreadsheet, what is cut off, what unpacks to more than a ledger can be, and XML that
 * brings its own definitions. Every entry is really unpacked, in pieces that are thrown away, because the sizes that
 * the package declares may lie.
 */
import type { FoundInstead, RefusalReason } from './ledger.ts';

/** Unpacked parts of one workbook in bytes; a ledger of 20,000 rows is about 20 MB. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 4000;
/** Bytes of XML without any tag: a cell holds 32,767 signs at most, and one of megabytes is there to exhaust a parser. */
const MAX_TEXT_BYTES = 1024 * 1024;

export interface Verdict {
  reason: RefusalReason;
  found?: FoundInstead;
}

interface Entry {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  unpacked: number;
  offset: number;
}

/** Returns why the package must not be opened, or null when a workbook may be read from it. */
export async function guardZip(bytes: Uint8Array): Promise<Verdict | null> {
  const entries = centralDirectory(bytes);
  if (!entries) return { reason: 'damaged' };
  if (entries.some((entry) => (entry.flags & 1) === 1)) return { reason: 'password-protected' };
  const kind = packageKind(entries);
  if (kind) return kind;
  const declared = entries.reduce((sum, entry) => sum + entry.unpacked, 0);
  if (declared > MAX_UNPACKED_BYTES || entries.length > MAX_ENTRIES) return { reason: 'too-large-when-unpacked' };
  let left = MAX_UNPACKED_BYTES;
  for (const entry of entries) {
    const checked = await checkEntry(bytes, entry, left);
    if (typeof checked !== 'number') return checked;
    left -= checked;
  }
  return null;
}

function packageKind(entries: Entry[]): Verdict | null {
  const names = new Set(entries.map((entry) => entry.name));
  if (entries.some((entry) => /^xl\/workbook\.bin$/i.test(entry.name))) return instead('xlsb');
  if (entries.some((entry) => /^word\/|^ppt\//i.test(entry.name))) return instead('document');
  if (names.has('content.xml') && names.has('mimetype')) return instead('ods');
  const hasSheets = entries.some((entry) => /worksheets\/[^/]+\.xml$/i.test(entry.name));
  if (names.has('[Content_Types].xml') && hasSheets) return null;
  return names.has('[Content_Types].xml') ? { reason: 'damaged' } : instead('archive');
}

function instead(found: FoundInstead): Verdict {
  return { reason: 'not-a-spreadsheet', found };
}

/** The list of entries at the end of the package; null when it is missing or points outside the file. */
function centralDirectory(bytes: Uint8Array): Entry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  if (end < 0) return null;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: Entry[] = [];
  const decoder = new TextDecoder();
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return null;
    const nameLength = view.getUint16(at + 28, true);
    const entry: Entry = {
      name: decoder.decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    if (entry.offset + 30 > bytes.length) return null;
    entries.push(entry);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries.length > 0 ? entries : null;
}

function endRecord(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  return -1;
}

/** Unpacks one entry piece by piece; returns its true size, or why the package is refused. */
async function checkEntry(bytes: Uint8Array, entry: Entry, left: number): Promise<number | Verdict> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(entry.offset, true) !== 0x04034b50) return { reason: 'damaged' };
  const nameLength = view.getUint16(entry.offset + 26, true);
  const start = entry.offset + 30 + nameLength + view.getUint16(entry.offset + 28, true);
  if (start + entry.packed > bytes.length) return { reason: 'damaged' };
  const packed = bytes.subarray(start, start + entry.packed);
  if (entry.method !== 0 && entry.method !== 8) return { reason: 'damaged' };
  const scan = new EntryScan(/\.(xml|rels|vml)$/i.test(entry.name));
  try {
    for await (const piece of unpack(packed, entry.method)) {
      scan.take(piece);
      if (scan.size > left || scan.longestText > MAX_TEXT_BYTES) return { reason: 'too-large-when-unpacked' };
      if (scan.hostile) return { reason: 'hostile-xml' };
    }
  } catch {
    return { reason: 'damaged' };
  }
  if (scan.size !== entry.unpacked || scan.crc !== entry.crc) return { reason: 'damaged' };
  return scan.size;
}

/** The unpacked bytes in pieces; nothing more than a piece is held at a time. */
async function* unpack(packed: Uint8Array, method: number): AsyncGenerator<Uint8Array> {
  if (method === 0) {
    yield packed;
    return;
  }
  const source = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
  const reader = source.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // The rest of a bomb must not go on unpacking in the background.
    await reader.cancel().catch(() => undefined);
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** Size, checksum and hostile declarations of what flows past. */
class EntryScan {
  size = 0;
  hostile = false;
  /** Bytes of the longest stretch between two tags so far. */
  longestText = 0;
  #textBytes = 0;
  #crc = 0xffffffff;
  #tail = '';

  constructor(readonly isXml: boolean) {}

  take(piece: Uint8Array): void {
    this.size += piece.length;
    let crc = this.#crc;
    for (const byte of piece) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    this.#crc = crc;
    if (this.isXml) this.#lookForDeclarations(piece);
    if (this.isXml) this.#measureText(piece);
  }

  get crc(): number {
    return (this.#crc ^ 0xffffffff) >>> 0;
  }

  #measureText(piece: Uint8Array): void {
    const tag = 0x3c;
    for (let from = 0; from < piece.length;) {
      const next = piece.indexOf(tag, from);
      this.#textBytes += (next < 0 ? piece.length : next) - from;
      this.longestText = Math.max(this.longestText, this.#textBytes);
      if (next < 0) return;
      this.#textBytes = 0;
      from = next + 1;
    }
  }

  /** A spreadsheet never declares entities. Zero bytes are dropped, so UTF-16 cannot hide the word. */
  #lookForDeclarations(piece: Uint8Array): void {
    const text = this.#tail + new TextDecoder('latin1').decode(piece).replaceAll('\0', '');
    if (/<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST)/i.test(text)) this.hostile = true;
    this.#tail = text.slice(-12);
  }
}
