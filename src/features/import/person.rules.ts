/** What every person's row has in common, elder or volunteer: name, sex, ID, birth, age, telephones. */
import { ageOn, readDate } from './dates.rules.ts';
import { readSex } from './elder-words.rules.ts';
import { birthOf, readId, type ReadId } from './id-number.rules.ts';
import type { PersonRow, Warning } from './ledger.ts';
import { readCouple, readName } from './names.rules.ts';
import { readPhones } from './phones.rules.ts';
import type { Cell, PersonCells } from './rows.rules.ts';
import { isNothing, wholeNumber } from './text.rules.ts';

export interface PersonContext {
  sheet: string;
  ledgerDate: string | null;
  warnings: Warning[];
}

/** Kept apart from the person, so that twenty thousand rows need no copies. */
export interface NamedPerson {
  person: PersonRow;
  /** What stood in brackets behind the name. */
  nameRemark: string | null;
  /** Place among the people of one row, and how many they are. */
  place: number;
  among: number;
}

/** The people of one row: one, or the two of a couple written into one cell. */
export function readPeople(row: PersonCells, context: PersonContext): NamedPerson[] {
  const text = row.text('name');
  const couple = readCouple(text);
  const names = couple ?? [text];
  const remark = readName(text).remark;
  return names.map((written, place) =>
    readPerson(row, readName(written).name, couple ? null : remark, place, names.length, context),
  );
}

function readPerson(
  row: PersonCells,
  name: string,
  nameRemark: string | null,
  place: number,
  among: number,
  context: PersonContext,
): NamedPerson {
  const warn: Warn = (field, reason, written, readAs) => {
    const warning: Warning = { sheet: context.sheet, row: row.row + 1, field, reason };
    if (written !== undefined) warning.written = written;
    if (readAs !== undefined) warning.readAs = readAs;
    context.warnings.push(warning);
  };
  const idCell = firstFilled(row.cells('id'));
  const sexWritten =
    readSex(partOf(row.text('sex'), place, among)) ?? (among > 1 ? sexBeside(name, row.text('name')) : null);
  const id = readIdOf(idCell, place, among, sexWritten);
  const idWritten = idCell && among === 1 ? idCell.raw.trim() : partOf(idCell?.text ?? '', place, among);
  if (idCell) warnAboutId(id, idWritten, warn);
  const birth = readBirth(firstFilled(row.cells('birth')), id, place, among, warn);
  if (id.sex && sexWritten && id.sex !== sexWritten) warn('sex', 'sex-differs-from-id', sexWritten, id.sex);
  const written = readAge(row, place, among, warn);
  const phones = among > 1 ? couplePhones(row, place, among) : ownPhones(row, warn);
  const person: PersonRow = {
    sheet: context.sheet,
    row: row.row + 1,
    name,
    sex: id.sex ?? sexWritten,
    id: id.id,
    birth: birth.birth,
    age: birth.birth && context.ledgerDate ? ageOn(birth.birth, context.ledgerDate) : written,
    phones,
  };
  if (among === 1 && spacedName(row.text('name'), name)) person.nameWritten = row.text('name');
  if (id.flag !== 'ok' && idCell) person.idFlag = id.flag;
  if ((id.flag !== 'ok' || id.mended.length > 0) && !isNothing(idWritten)) person.idWritten = idWritten;
  if (birth.birthWritten) person.birthWritten = birth.birthWritten;
  return { person, nameRemark, place, among };
}

/** Of the rows of one person, the one that says something. */
function firstFilled(cells: Cell[]): Cell | undefined {
  return cells.find((cell) => cell.text !== '') ?? cells[0];
}

/** 陶大明(夫)卢小妹(妻): who of the two is meant stands behind the name. */
function sexBeside(name: string, written: string): PersonRow['sex'] {
  const behind = written.replace(/\s/g, '').split(name)[1] ?? '';
  const mark = /^[([（【](男|女|夫|妻|丈夫|妻子|老公|老婆)[)\]）】]/.exec(behind)?.[1];
  return mark === undefined ? null : /男|夫|公/.test(mark) ? 'M' : 'F';
}

/** 李 云清: the same name, but somebody typed it differently from the other rows. */
function spacedName(written: string, name: string): boolean {
  return written !== name && written.replace(/\s/g, '') === name;
}

type Warn = (field: string, reason: string, written?: string, readAs?: string | null) => void;

/** Of two people only one may have a number written: its sex digit tells whose it is. */
function readIdOf(cell: Cell | undefined, place: number, among: number, sex: string | null): ReadId {
  if (!cell || isNothing(cell.text)) return readId('');
  if (among === 1) return readId(cell.text, cell.raw, typeof cell.value === 'number');
  const parts = splitParts(cell.text);
  if (parts.length === among) return readId(parts[place] ?? '');
  const only = readId(parts[0] ?? '');
  const isMine = only.sex && sex ? only.sex === sex : place === 0;
  return isMine ? only : readId('');
}

function warnAboutId(id: ReadId, written: string, warn: Warn): void {
  if (id.flag !== 'ok') warn('id', id.flag, isNothing(written) ? undefined : written, null);
  for (const kind of id.mended) warn('id', kind, written, id.id);
}

function readBirth(
  cell: Cell | undefined,
  id: ReadId,
  place: number,
  among: number,
  warn: Warn,
): Pick<PersonRow, 'birth' | 'birthWritten'> {
  const text = among > 1 ? partOf(cell?.text ?? '', place, among) : (cell?.text ?? '');
  const date = among > 1 ? readDate(text) : readDate(cell?.value ?? null);
  if (!date && !isNothing(text)) warn('birth', 'unreadable-date', text, id.birth);
  if (date?.lunar) warn('birth', 'lunar-date', text, id.birth ?? date.iso);
  if (date && date.precision !== 'day' && !id.birth) warn('birth', 'incomplete-date', text, date.iso);
  if (!id.birth) return { birth: date?.iso ?? null };
  // Many numbers carry the lunar day as if it were a solar one: that is no contradiction.
  const solar = date && !date.lunar ? date : null;
  if (solar && !id.birth.startsWith(solar.iso)) {
    warn('birth', 'differs-from-id', solar.iso, id.birth);
    return { birth: id.birth, birthWritten: solar.iso };
  }
  return { birth: id.birth };
}

function readAge(row: PersonCells, place: number, among: number, warn: Warn): number | null {
  const text = row.text('age');
  if (text.startsWith('#')) warn('age', 'formula-error', text, null);
  const own = partOf(text, place, among);
  const match = /\d{1,3}/.exec(own);
  const age = match ? Number(match[0]) : wholeNumber(own.replace(/周?岁$/, ''));
  return age !== null && age > 0 && age < 125 ? age : null;
}

function ownPhones(row: PersonCells, warn: Warn): string[] {
  const phones: string[] = [];
  for (const cell of row.cells('phone')) {
    const read = readPhones(cell.text, cell.raw);
    for (const problem of read.problems) warn('phone', problem.kind, problem.written, problem.readAs);
    for (const phone of read.phones) if (!phones.includes(phone)) phones.push(phone);
  }
  return phones;
}

/** Two numbers for two people are one each; a single one serves both. */
function couplePhones(row: PersonCells, place: number, among: number): string[] {
  const phones = row.cells('phone').flatMap((cell) => readPhones(cell.text, cell.raw).phones);
  return phones.length === among ? phones.slice(place, place + 1) : phones;
}

const splitParts = (text: string): string[] =>
  text
    .split(/[、,，;；/\n]+|\s{1,}/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The share of one of several people in a cell: 男/女, 80/74, 男：糖尿病餐；女：低盐. */
export function partOf(text: string, place: number, among: number): string {
  if (among === 1 || text === '') return text;
  const parts = splitParts(text);
  return parts.length === among ? (parts[place] ?? '') : parts.length === 1 && place === 0 ? (parts[0] ?? '') : '';
}

/** The birth date inside a number whose check digit is wrong, for comparing rows only. */
export function birthInWrongId(person: PersonRow): string | null {
  return person.idWritten ? birthOf(person.idWritten.replace(/\s/g, '')) : null;
}
