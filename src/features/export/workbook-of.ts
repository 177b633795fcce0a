/** What a list shows: its name, the heads of its columns, its rows. Figures stay figures, all else is text. */
export interface ShownList {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Signs that a spreadsheet does not take in the name of a sheet, and how long one may be. */
const notInSheetNames = /[[\]:*?/\\]/g;
const sheetNameMax = 31;

/**
 * The list as an .xlsx file. Every cell that is not a figure is written as text and formatted as text: a telephone
 * number keeps its zero, and what begins with =, +, - or @ is read and never computed.
 */
export async function workbookOf({ name, columns, rows }: ShownList): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  const cells = [columns, ...rows].map((row) => [...row]);
  const figures = columns.map((_head, at) => rows.length > 0 && rows.every((row) => typeof row[at] === 'number'));
  return writeXlsx({
    sheets: [
      {
        name: name.replace(notInSheetNames, ' ').slice(0, sheetNameMax),
        rows: cells,
        columns: figures.map((figure) => (figure ? { autoWidth: true } : { autoWidth: true, numFmt: '@' })),
        freezePane: { rows: 1 },
      },
    ],
  });
}
