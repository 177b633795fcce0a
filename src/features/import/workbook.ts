/**
 * The only place that knows how a ledger is packed. Gives every sheet as plain cells with what a person sees around
 * them: merged areas, hidden rows and columns, which cells a formula filled. hucre reads xlsx and separated text; what
 * it does not do is done here: telling a spreadsheet from what only bears its name, guarding the package, the
 * encodings of Chinese offices, and cutting off the lone cell in the last corner of the sheet, which would make hucre
 * refuse the whole sheet.
 */
import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import type { FoundInstead, Refusal, RefusalReason } from './ledger.ts';
import type { CellValue } from './text.rules.ts';
import { guardZip } from './zip-guard.ts';

/** Zero-based and inclusive. */
export interface Area {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export interface Grid {
  name: string;
  hidden: boolean;
  rows: CellValue[][];
  merges: Area[];
  hiddenRows: Set<number>;
  hiddenColumns: Set<number>;
  /** Keys `row,column` of cells whose value a formula gave. */
  formulas: Set<string>;
}

export interface Workbook {
  outcome: 'opened';
  encoding: string;
  grids: Grid[];
}

// A ledger is never wider or longer; what lies outside is a slip of the mouse or an attack on memory.
const LAST_COLUMN = 'DZ';
const LAST_ROW = 60_000;

/** Opens a ledger file. Never throws: whatever cannot be opened comes back as a refusal with its reason. */
export async function openWorkbook(
  bytes: Uint8Array,
  fileName: string,
  rest?: () => void,
): Promise<Workbook | Refusal> {
  if (bytes.length === 0) return refuse('empty-file');
  try {
    if (startsWith(bytes, [0x50, 0x4b])) return await openPackage(bytes, rest);
    if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return refuseOldContainer(bytes);
    const found = foundInstead(bytes);
    return found ? refuse('not-a-spreadsheet', found) : openText(bytes, fileName);
  } catch {
    return refuse('damaged');
  }
}

function refuse(reason: RefusalReason, found?: FoundInstead): Refusal {
  return found ? { outcome: 'refused', reason, found } : { outcome: 'refused', reason };
}

function startsWith(bytes: Uint8Array, signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

async function openPackage(bytes: Uint8Array, rest?: () => void): Promise<Workbook | Refusal> {
  const verdict = await guardZip(bytes);
  if (verdict) return refuse(verdict.reason, verdict.found);
  rest?.();
  const book = await readXlsx(bytes, { range: `A1:${LAST_COLUMN}${LAST_ROW}` });
  return { outcome: 'opened', encoding: 'xlsx', grids: book.sheets.map(toGrid) };
}

type HucreSheet = Awaited<ReturnType<typeof readXlsx>>['sheets'][number];

function toGrid(sheet: HucreSheet): Grid {
  const rows = sheet.rows.map((row) => row.map(toCellValue));
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const hiddenRows = new Set<number>();
  for (const [index, definition] of sheet.rowDefs ?? []) if (definition.hidden) hiddenRows.add(index);
  const hiddenColumns = new Set<number>();
  (sheet.columns ?? []).slice(0, width).forEach((column, index) => column?.hidden && hiddenColumns.add(index));
  const formulas = new Set<string>();
  for (const [key, cell] of sheet.cells ?? []) if (cell.formula !== undefined) formulas.add(key);
  const merges = (sheet.merges ?? []).map((merge) => clip(merge, rows.length, width)).filter((area) => area !== null);
  return {
    name: sheet.name,
    hidden: Boolean(sheet.hidden || sheet.veryHidden),
    rows,
    merges,
    hiddenRows,
    hiddenColumns,
    formulas,
  };
}

/** A merged area may claim the whole sheet; only what has cells matters. */
function clip(
  merge: { startRow: number; startCol: number; endRow: number; endCol: number },
  height: number,
  width: number,
): Area | null {
  const area = {
    top: merge.startRow,
    left: merge.startCol,
    bottom: Math.min(merge.endRow, height - 1),
    right: Math.min(merge.endCol, width - 1),
  };
  return area.top <= area.bottom && area.left <= area.right ? area : null;
}

function toCellValue(value: unknown): CellValue {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : { day: value.toISOString().slice(0, 10) };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

/** An OLE container is a workbook of before 2007, or a newer one locked with a password. */
function refuseOldContainer(bytes: Uint8Array): Refusal {
  return containsUtf16(bytes, 'EncryptedPackage') || containsUtf16(bytes, 'EncryptionInfo')
    ? refuse('password-protected')
    : refuse('not-a-spreadsheet', containsUtf16(bytes, 'WordDocument') ? 'document' : 'old-xls');
}

function containsUtf16(bytes: Uint8Array, word: string): boolean {
  const needle = [...word].flatMap((sign) => [sign.charCodeAt(0), 0]);
  for (let at = 0; at + needle.length <= bytes.length; at += 2) {
    if (needle.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

function foundInstead(bytes: Uint8Array): FoundInstead | null {
  if (startsWith(bytes, [0x25, 0x50, 0x44, 0x46])) return 'pdf';
  const picture = [
    [0x89, 0x50, 0x4e, 0x47],
    [0xff, 0xd8, 0xff],
    [0x47, 0x49, 0x46, 0x38],
    [0x42, 0x4d],
    [0x49, 0x49, 0x2a, 0],
  ];
  // "BM" may also begin a text; a bitmap has zero bytes soon after.
  if (
    picture.some((signature) => startsWith(bytes, signature)) &&
    (bytes[0] !== 0x42 || bytes.subarray(0, 16).includes(0))
  ) {
    return 'picture';
  }
  if (startsWith(bytes, [0x52, 0x61, 0x72, 0x21]) || startsWith(bytes, [0x37, 0x7a, 0xbc, 0xaf])) return 'archive';
  if (startsWith(bytes, [0x1f, 0x8b])) return 'archive';
  if (startsWith(bytes, [0x7b, 0x5c, 0x72, 0x74, 0x66])) return 'document';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 512)).replaceAll('\0', '').trimStart().toLowerCase();
  return /^(<!doctype|<html|<\?xml|<table|mime-version)/.test(start.replace(/^\u00ef\u00bb\u00bf/, ''))
    ? 'web-page'
    : null;
}

function openText(bytes: Uint8Array, fileName: string): Workbook | Refusal {
  const decoded = decodeText(bytes);
  if (!decoded) return refuse('not-a-spreadsheet');
  if (decoded.text.trim() === '') return refuse('empty-file');
  const rows = parseCsv(decoded.text, {
    delimiter: delimiterOf(decoded.text),
    typeInference: false,
    skipEmptyRows: false,
  });
  const grid: Grid = {
    name: fileName.replace(/^.*[\\/]/, '').replace(/\.[^.]+$/, ''),
    hidden: false,
    rows: rows.slice(0, LAST_ROW).map((row) => row.map(toCellValue)),
    merges: [],
    hiddenRows: new Set(),
    hiddenColumns: new Set(),
    formulas: new Set(),
  };
  return { outcome: 'opened', encoding: decoded.encoding, grids: [grid] };
}

/** UTF-8 and UTF-16 by their marks, then UTF-8 when every byte fits, else GB18030; null when it is no text at all. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } | null {
  const marked = (encoding: string) => ({
    text: new TextDecoder(encoding).decode(bytes),
    encoding: encoding.toUpperCase(),
  });
  if (startsWith(bytes, [0xff, 0xfe])) return marked('utf-16le');
  if (startsWith(bytes, [0xfe, 0xff])) return marked('utf-16be');
  const sample = bytes.subarray(0, 4096);
  const zeros = sample.filter((byte) => byte === 0).length;
  if (zeros > sample.length / 10) return unmarkedUtf16(bytes, sample);
  if (zeros > 0) return null;
  const candidates = ['utf-8', 'gb18030'];
  for (const encoding of candidates) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return looksLikeText(text) ? { text, encoding: encoding.toUpperCase() } : null;
    } catch {
      continue;
    }
  }
  // A byte or two may have been lost on the way; more than that and it is no text.
  const text = new TextDecoder('gb18030').decode(bytes);
  const lost = text.split('\ufffd').length - 1;
  return lost * 200 < text.length && looksLikeText(text) ? { text, encoding: 'GB18030' } : null;
}

function unmarkedUtf16(bytes: Uint8Array, sample: Uint8Array): { text: string; encoding: string } | null {
  const evenZeros = sample.filter((byte, index) => byte === 0 && index % 2 === 0).length;
  const oddZeros = sample.filter((byte, index) => byte === 0 && index % 2 === 1).length;
  if (Math.min(evenZeros, oddZeros) > sample.length / 50) return null;
  const encoding = oddZeros > evenZeros ? 'utf-16le' : 'utf-16be';
  const text = new TextDecoder(encoding).decode(bytes);
  return looksLikeText(text) ? { text, encoding: encoding.toUpperCase() } : null;
}

function looksLikeText(text: string): boolean {
  const sample = text.slice(0, 5000);
  // eslint-disable-next-line no-control-regex
  const odd = sample.match(/[\u0000-\u0008\u000e-\u001f\ue000-\uf8ff]/g)?.length ?? 0;
  return odd * 50 <= sample.length;
}

/** The sign that splits most lines into equally many parts. */
function delimiterOf(text: string): string {
  const lines = text.split(/\r?\n|\r/, 60).filter((line) => line.trim() !== '');
  let best = { sign: ',', score: -1 };
  for (const sign of [',', '\t', ';', '|', '，']) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(sign).length - 1);
    const score = counts.reduce((sum, count) => sum + Math.min(count, 30), 0);
    if (score > best.score && counts.filter((count) => count > 0).length >= lines.length / 3) best = { sign, score };
  }
  return best.sign;
}
