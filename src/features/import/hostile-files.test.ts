import { deflateRawSync } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { demoBytes } from './demo-ledgers.fixture.ts';
import { toGb18030 } from './encodings.fixture.ts';
import { checkSign } from './id-number.rules.ts';
import { readLedger } from './read-ledger.ts';
import { guardZip, MAX_UNPACKED_BYTES } from './zip-guard.ts';

interface Part {
  name: string;
  data: Uint8Array;
  /** What the package claims, where it lies. */
  declared?: number;
  flags?: number;
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A zip file written by hand, so that it can be as wrong as an attacker wants it. */
function zip(parts: Part[]): Uint8Array {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, declared = data.length, flags = 0 } of parts) {
    const packed = deflateRawSync(data);
    const title = Buffer.from(name);
    // Checksums of big parts are left out: whoever lies about the size is caught before.
    const sum = data.length > 4_000_000 ? 0 : crc32(data);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(sum, 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(declared, 22);
    local.writeUInt16LE(title.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(sum, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(declared, 24);
    entry.writeUInt16LE(title.length, 28);
    entry.writeUInt32LE(offset, 42);
    chunks.push(local, title, packed);
    directory.push(entry, title);
    offset += 30 + title.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...chunks, ...directory, end]));
}

const text = (words: string) => new TextEncoder().encode(words);

/** The least that counts as a workbook, with a sheet of one's own. */
function workbookWith(sheet: Partial<Part>, more: Part[] = []): Uint8Array {
  return zip([
    {
      name: '[Content_Types].xml',
      data: text('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    },
    {
      name: '_rels/.rels',
      data: text(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      ),
    },
    {
      name: 'xl/workbook.xml',
      data: text(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
      ),
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: text(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
    },
    { name: 'xl/worksheets/sheet1.xml', data: sheetOf(''), ...sheet },
    ...more,
  ]);
}

function sheetOf(rows: string, before = ''): Uint8Array {
  return text(
    `<?xml version="1.0" encoding="UTF-8"?>${before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
  );
}

const cell = (at: string, words: string) => `<c r="${at}" t="inlineStr"><is><t>${words}</t></is></c>`;
const people = `<row r="1">${cell('A1', '姓名')}${cell('B1', '性别')}${cell('C1', '电话')}</row><row r="2">${cell('A2', '张建国')}${cell('B2', '男')}${cell('C2', '19900000001')}</row>`;

function oleWith(word: string): Uint8Array {
  const bytes = new Uint8Array(2048);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  [...word].forEach((sign, index) => (bytes[1024 + index * 2] = sign.charCodeAt(0)));
  return bytes;
}

const bomb = () => new Uint8Array(MAX_UNPACKED_BYTES * 3);
const entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';

const REFUSED: [what: string, bytes: () => Uint8Array | Promise<Uint8Array>, answer: Record<string, string>][] = [
  ['an empty file', () => new Uint8Array(), { reason: 'empty-file' }],
  ['a file of blanks', () => text('\ufeff \r\n\r\n'), { reason: 'empty-file' }],
  [
    'a picture with the wrong name',
    () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
    { reason: 'not-a-spreadsheet', found: 'picture' },
  ],
  ['a PDF with the wrong name', () => text('%PDF-1.7\n%âãÏÓ'), { reason: 'not-a-spreadsheet', found: 'pdf' }],
  [
    'a web page saved as .xls',
    () => text('<html><table><tr><td>姓名</td></tr></table></html>'),
    { reason: 'not-a-spreadsheet', found: 'web-page' },
  ],
  [
    'a text document with the wrong name',
    () =>
      zip([
        { name: '[Content_Types].xml', data: text('<Types/>') },
        { name: 'word/document.xml', data: text('<w/>') },
      ]),
    { reason: 'not-a-spreadsheet', found: 'document' },
  ],
  [
    'an archive',
    () => zip([{ name: 'a.txt', data: text('hello') }]),
    { reason: 'not-a-spreadsheet', found: 'archive' },
  ],
  [
    'a program',
    () => Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, ...Array.from({ length: 400 }, (_, index) => (index * 37) % 5)]),
    { reason: 'not-a-spreadsheet' },
  ],
  ['an old .xls', () => oleWith('Workbook'), { reason: 'not-a-spreadsheet', found: 'old-xls' }],
  ['a workbook with a password', () => oleWith('EncryptedPackage'), { reason: 'password-protected' }],
  [
    'a real workbook with a password',
    async () =>
      new Uint8Array(
        await writeXlsx({
          sheets: [{ name: 'A', rows: [['姓名']] }],
          encryption: { password: '1234', spinCount: 1000 },
        }),
      ),
    { reason: 'password-protected' },
  ],
  ['a package with locked parts', () => workbookWith({ flags: 1 }), { reason: 'password-protected' }],
  ['half a workbook', () => demoBytes('wenyuan-elders.xlsx').subarray(0, 90_000), { reason: 'damaged' }],
  [
    'a workbook with a flipped byte',
    () => demoBytes('wenyuan-volunteers.xlsx').map((byte, index) => (index === 9000 ? byte ^ 0xff : byte)),
    { reason: 'damaged' },
  ],
  ['only the signature of a package', () => text('PK\u0003\u0004'), { reason: 'damaged' }],
  [
    'a package that unpacks to hundreds of megabytes',
    () => workbookWith({ data: bomb() }),
    { reason: 'too-large-when-unpacked' },
  ],
  [
    'a package that lies about its size',
    () => workbookWith({ data: bomb(), declared: 1000 }),
    { reason: 'too-large-when-unpacked' },
  ],
  [
    'many parts that are too much together',
    () =>
      workbookWith(
        {},
        Array.from({ length: 5 }, (_, index) => ({
          name: `xl/media/p${index}.bin`,
          data: new Uint8Array(MAX_UNPACKED_BYTES / 4),
          declared: 10,
        })),
      ),
    { reason: 'damaged' },
  ],
  [
    'nested entities',
    () => workbookWith({ data: sheetOf('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>', entities) }),
    { reason: 'hostile-xml' },
  ],
  [
    'entities behind a long comment',
    () => workbookWith({ data: sheetOf('', `<!--${'x'.repeat(200_000)}-->${entities}`) }),
    { reason: 'hostile-xml' },
  ],
  [
    'entities in UTF-16',
    () =>
      workbookWith({
        data: new Uint8Array(Buffer.from(`\ufeff<?xml version="1.0"?>${entities}<worksheet/>`, 'utf16le')),
      }),
    { reason: 'hostile-xml' },
  ],
  [
    'a cell of megabytes',
    () => workbookWith({ data: sheetOf(`<row r="1">${cell('A1', '姓名')}${cell('B1', 'x'.repeat(3_000_000))}</row>`) }),
    { reason: 'too-large-when-unpacked' },
  ],
  ['a workbook without anything in it', () => workbookWith({}), { reason: 'no-rows' }],
  ['a heading without people', () => text('姓名,性别,电话\r\n'), { reason: 'no-rows' }],
  ['a shopping list', () => text('品名,单价\r\n白菜,2\r\n萝卜,3\r\n'), { reason: 'no-rows' }],
];

describe('files that must not be read', () => {
  test.each(REFUSED)('%s', { timeout: 120_000 }, async (_, bytes, answer) => {
    expect(await readLedger(await bytes(), 'ledger.xlsx')).toEqual({ outcome: 'refused', ...answer });
  });

  test('the guard lets a good workbook pass', async () => {
    expect(await guardZip(demoBytes('wenyuan-elders.xlsx'))).toBeNull();
  });
});

describe('files that look hostile but can be read', () => {
  test('a cell in the last column of the last row', async () => {
    const far = `<row r="1048576">${cell('XFD1048576', '.')}</row>`;
    const ledger = await readLedger(workbookWith({ data: sheetOf(people + far) }), 'ledger.xlsx');
    expect(ledger).toMatchObject({
      outcome: 'read',
      personRows: 1,
      people: [{ name: '张建国', phones: ['19900000001'] }],
    });
  });

  test('merged areas over the whole sheet', async () => {
    const sheet = sheetOf(people);
    const merged = text(
      new TextDecoder()
        .decode(sheet)
        .replace('</sheetData>', '</sheetData><mergeCells count="1"><mergeCell ref="D1:XFD1048576"/></mergeCells>'),
    );
    expect(await readLedger(workbookWith({ data: merged }), 'ledger.xlsx')).toMatchObject({
      outcome: 'read',
      personRows: 1,
    });
  });

  test('formulas typed as text stay text', async () => {
    const csv = text(
      '姓名,性别,电话,备注\r\n李秀英,女,19900000002,"=HYPERLINK(""http://example.invalid"",""点我"")"\r\n王德福,男,19900000003,+1+1\r\n',
    );
    const ledger = await readLedger(csv, 'ledger.csv');
    expect(ledger).toMatchObject({
      outcome: 'read',
      people: [{ note: '=HYPERLINK("http://example.invalid","点我")' }, { note: '+1+1' }],
    });
  });

  test('twenty thousand rows, in both formats', { timeout: 300_000 }, async () => {
    const heading = ['姓名', '性别', '身份证号', '住址', '电话', '居住状况'];
    const rows = Array.from({ length: 20_000 }, (_, index) => {
      const first17 = `4301991940${String((index % 12) + 1).padStart(2, '0')}${String((index % 28) + 1).padStart(2, '0')}${String(Math.floor(index / 84) % 1000).padStart(3, '0')}`;
      const door = `${(index % 30) + 1}栋${(index % 4) + 1}单元${(index % 20) + 1}0${(index % 4) + 1}`;
      return [
        `张${'建国玉兰秀英德福'[index % 8]}${'一二三四五六七八'[Math.floor(index / 8) % 8]}`,
        index % 2 === 0 ? '女' : '男',
        first17 + checkSign(first17),
        `某某小区${door}`,
        `1990${String(index).padStart(7, '0')}`,
        '独居',
      ];
    });
    const xlsx = new Uint8Array(await writeXlsx({ sheets: [{ name: 'A', rows: [heading, ...rows] }] }));
    const csv = toGb18030([heading, ...rows].map((row) => row.join(',')).join('\r\n'));
    expect(await readLedger(xlsx, 'ledger.xlsx')).toMatchObject({
      outcome: 'read',
      kind: 'elders',
      personRows: 20_000,
    });
    expect(await readLedger(csv, 'ledger.csv')).toMatchObject({
      outcome: 'read',
      kind: 'elders',
      personRows: 20_000,
      encoding: 'GB18030',
    });
  });
});
