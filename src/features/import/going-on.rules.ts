/**
 * One person over two rows: the second has no name of its own and goes on about the one above, with another contact,
 * a second telephone, the rest of the address. A row without a name that merely lacks it must not be taken for one.
 */
import type { Column } from './columns.rules.ts';
import type { RowKind } from './rows.rules.ts';
import type { Table } from './table.rules.ts';
import { isNothing } from './text.rules.ts';

const SAME_PERSON_AGAIN = ['serial', 'id', 'birth', 'age', 'sex'];
const MORE_ABOUT = ['contactName', 'contactPhone', 'phone', 'contactRelation'];
/** Of the people, this share has a second row where a ledger is kept that way. */
const REGULAR_SHARE = 0.6;

/** The rows (zero-based) that go on about the person above. `kinds` are what the rows would be by themselves. */
export function rowsGoingOn(table: Table, columns: Column[], kinds: ReadonlyMap<number, RowKind>): Set<number> {
  const found = new Set<number>();
  const name = columns.find(({ role }) => role === 'name')?.index;
  if (name === undefined) return found;
  const isPerson = (row: number) => kinds.get(row)?.kind === 'person';
  const nameless = new Set([...kinds.keys()].filter((row) => isNameless(table, columns, name, row, kinds)));
  const people = [...kinds.keys()].filter(isPerson);
  if (nameless.size === 0 && table.grid.merges.length === 0) return found;
  const following = [...nameless].filter((row) => isPerson(row - 1));
  const isRegular = following.length >= 2 && following.length >= people.length * REGULAR_SHARE;
  const numbered = areNumbered(table, columns, people);
  for (const row of kinds.keys()) {
    const above = isPerson(row - 1) || found.has(row - 1);
    const merged = table.area(row, name);
    if (!above) continue;
    if (merged && merged.top < row && isPerson(merged.top)) found.add(row);
    else if (nameless.has(row) && (isRegular || (numbered && saysMore(table, columns, row)))) found.add(row);
  }
  return found;
}

/** Neither a name nor anything that somebody new would have. */
function isNameless(
  table: Table,
  columns: Column[],
  name: number,
  row: number,
  kinds: ReadonlyMap<number, RowKind>,
): boolean {
  const kind = kinds.get(row);
  if (kind?.kind !== 'unreadable' || !['no-name', 'note-row'].includes(kind.reason)) return false;
  return (
    isNothing(table.text(row, name)) &&
    columns.every(({ role, index }) => !SAME_PERSON_AGAIN.includes(role) || table.text(row, index) === '')
  );
}

/** Whether people are numbered, so that a row without a number is no new one. */
function areNumbered(table: Table, columns: Column[], people: number[]): boolean {
  const serial = columns.find(({ role }) => role === 'serial')?.index;
  return serial !== undefined && people.every((row) => table.text(row, serial) !== '');
}

function saysMore(table: Table, columns: Column[], row: number): boolean {
  return columns.some(({ role, index }) => MORE_ABOUT.includes(role) && !isNothing(table.text(row, index)));
}
