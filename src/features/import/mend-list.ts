import type { ShownList } from '#features/export/public.ts';
import { m } from '#messages';
import type { LedgerSeen } from './ledger-desk.ts';
import { unreadableWords } from './reason-words.ts';

/** The rows that nobody could be read from, under their own headings, so that they can be mended and imported again. */
export function mendList({
  fileName,
  layouts,
  unreadable,
}: Pick<LedgerSeen, 'fileName' | 'layouts' | 'unreadable'>): ShownList {
  const [first] = layouts.filter(({ sheets }) => unreadable.some(({ sheet }) => sheets.includes(sheet)));
  const width = Math.max(first?.headings.length ?? 0, ...unreadable.map(({ cells }) => cells?.length ?? 0));
  const headings = Array.from({ length: width }, (_none, at) => first?.headings[at] ?? '');
  return {
    name: fileName.replace(/\.[^.]+$/, ''),
    columns: [...headings, m.import_column_row(), m.import_column_why()],
    rows: unreadable.map(({ sheet, row, reason, cells = [] }) => [
      ...headings.map((_heading, at) => cells[at] ?? ''),
      m.import_row({ sheet, row }),
      unreadableWords[reason](),
    ]),
  };
}
