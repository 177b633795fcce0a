/** Elders' ledgers: one row is one elder or one couple. */
import {
  communityName,
  floorOfRoom,
  fullEstateNames,
  readAddress,
  readBuilding,
  readFloor,
  readRoom,
  readUnit,
} from './address.rules.ts';
import { emptyDiet, readDiet } from './diet-words.rules.ts';
import {
  accessNote,
  isTicked,
  readCategories,
  readLiving,
  readMealMode,
  readMeals,
  readRelation,
  readStatus,
} from './elder-words.rules.ts';
import type { Address, DietProfile, ElderRow, LedgerContact, Meal, PersonRow } from './ledger.ts';
import { looksLikeName, readName } from './names.rules.ts';
import { readPeople, type NamedPerson, type PersonContext } from './person.rules.ts';
import { onePhone, readPhones } from './phones.rules.ts';
import type { PersonCells } from './rows.rules.ts';
import type { Sheet } from './sheets.rules.ts';
import { isNothing, squash, tally, writtenText } from './text.rules.ts';

const toldEvery = 500;

export function readElders(
  sheets: Sheet[],
  context: Omit<PersonContext, 'sheet'>,
  told: (done: number) => void = () => undefined,
): ElderRow[] {
  let done = 0;
  const people = sheets.flatMap((sheet) => {
    const community = communityName(sheet.name) ?? communityName(sheet.titles.join(' '));
    const own = { ...context, sheet: sheet.name };
    return sheet.rows.people.flatMap((row) => {
      done += 1;
      if (done % toldEvery === 0) told(done);
      return readRow(row, community, own);
    });
  });
  completeEstates(people);
  return people;
}

function readRow(row: PersonCells, community: string | null, context: PersonContext): ElderRow[] {
  const people = readPeople(row, context);
  const contacts = readContacts(row, context);
  const note = [joined(row, 'note'), belowAddress(row)].filter((each) => each !== null).join('；') || null;
  const shared = Object.assign(readRowAddress(row, community), {
    living: readLiving(row.text('living')) ?? tickedLiving(row),
    categories: [...row.cells('categories').flatMap((cell) => readCategories(cell.text)), ...tickedCategories(row)],
    dietText: joined(row, 'diet'),
    health: row.written('health'),
    mealMode: readMealMode(row.text('mealMode')),
    meals: mealsOf(row),
    contact: contacts[0] ?? null,
    contacts,
    volunteer: readHelper(row),
    accessNote: accessNote(row.written('access') ?? '', note ?? ''),
    note,
  });
  const elders = people.map((person) => toElder(person, shared, row, people));
  for (const elder of elders.slice(0, 1)) warnAboutRow(elder, row, context);
  return elders;
}

type Shared = Omit<ElderRow, keyof PersonRow | 'diet' | 'status'>;

function toElder(person: NamedPerson, shared: Shared, row: PersonCells, people: NamedPerson[]): ElderRow {
  const partner = people.find((other) => other.place !== person.place)?.person.name;
  const remarks = [
    row.text('status'),
    person.nameRemark ?? '',
    shared.note ?? '',
    row.text('categories'),
    row.text('diet'),
  ];
  const elder = together(person.person, shared);
  elder.diet = withAllergiesFrom(`${shared.note ?? ''}\n${shared.health ?? ''}`, dietOf(row, person));
  elder.status = remarks.map((remark) => readStatus(remark)).find((each) => each !== 'active') ?? 'active';
  if (partner) elder.partner = partner;
  if (row.hidden) elder.hiddenRow = true;
  return elder;
}

/**
 * One plain literal: an object that gets its thirty properties one after the other takes six times the memory, which
 * twenty thousand people do not have.
 */
function together(person: PersonRow, shared: Shared): ElderRow {
  const elder: ElderRow = {
    sheet: person.sheet,
    row: person.row,
    name: person.name,
    sex: person.sex,
    id: person.id,
    birth: person.birth,
    age: person.age,
    phones: person.phones,
    address: shared.address,
    community: shared.community,
    grid: shared.grid,
    microGrid: shared.microGrid,
    estate: shared.estate,
    building: shared.building,
    unit: shared.unit,
    room: shared.room,
    floor: shared.floor,
    living: shared.living,
    categories: shared.categories,
    dietText: shared.dietText,
    health: shared.health,
    mealMode: shared.mealMode,
    meals: shared.meals,
    contact: shared.contact,
    contacts: shared.contacts,
    volunteer: shared.volunteer,
    accessNote: shared.accessNote,
    note: shared.note,
    diet: emptyDiet(),
    status: 'active',
  };
  if (person.nameWritten !== undefined) elder.nameWritten = person.nameWritten;
  if (person.idFlag !== undefined) elder.idFlag = person.idFlag;
  if (person.idWritten !== undefined) elder.idWritten = person.idWritten;
  if (person.birthWritten !== undefined) elder.birthWritten = person.birthWritten;
  return elder;
}

function warnAboutRow(elder: ElderRow, row: PersonCells, context: PersonContext): void {
  const at = { sheet: elder.sheet, row: elder.row };
  if (row.hidden) context.warnings.push({ ...at, field: 'row', reason: 'hidden-row' });
  if (/人户分离/.test(elder.note ?? ''))
    context.warnings.push({ ...at, field: 'grid', reason: 'lives-elsewhere', written: elder.note ?? '' });
  if (elder.status !== 'active')
    context.warnings.push({ ...at, field: 'status', reason: elder.status, written: elder.note ?? row.text('status') });
  if (!looksLikeName(elder.name) && !/^[A-Za-z]/.test(elder.name))
    context.warnings.push({ ...at, field: 'name', reason: 'unusual-name', written: elder.name });
}

function joined(row: PersonCells, role: string): string | null {
  const texts = row
    .cells(role)
    .map((cell) => writtenText(cell.raw))
    .filter((text) => text !== null);
  return texts.length > 0 ? [...new Set(texts)].join('；') : null;
}

/** 是否独居 | 是 says the same as a column of words. */
function tickedLiving(row: PersonCells): string | null {
  const ticked = row.cells('livingTick').find((cell) => isTicked(cell.text));
  return ticked ? readLiving(ticked.heading.replace(/^是否|[?？]$/g, '')) : null;
}

function tickedCategories(row: PersonCells): string[] {
  return row
    .cells('categoryTick')
    .filter((cell) => isTicked(cell.text))
    .map((cell) => squash(cell.heading).replace(/^(是否|是不是)(为|是)?|[?？]$/g, ''));
}

/** What a second row says under the address, when the first has said it all: 一楼，有狗. */
function belowAddress(row: PersonCells): string | null {
  const [first, ...more] = addressLines(row);
  return first === undefined || more.length === 0 || readAddress(first).room === null ? null : more.join('；');
}

function addressLines(row: PersonCells): string[] {
  if (row.rows.length === 1) return [row.text('address')];
  return row
    .cells('address')
    .map((cell) => cell.text)
    .filter((text) => !isNothing(text));
}

/** 男：糖尿病餐；女：低盐 is one diet each; anything else serves both. */
function dietOf(row: PersonCells, person: NamedPerson): DietProfile {
  const text = row
    .cells('diet')
    .map((cell) => cell.text)
    .filter((each) => !isNothing(each))
    .join('；');
  if (text === '') return emptyDiet();
  const bySex = [
    ...text.matchAll(
      /(男|女|夫|妻|丈夫|妻子)(?:方|的)?[:：]\s*([^;；\n]*?)(?=[;；\n，,、/ ]*(?:男|女|夫|妻)(?:方)?[:：]|[;；\n]|$)/g,
    ),
  ];
  if (person.among > 1 && bySex.length > 0) {
    const mine = bySex.find(([, word]) => (/男|夫/.test(word ?? '') ? 'M' : 'F') === person.person.sex);
    return mine ? readDiet(mine[2] ?? '') : emptyDiet();
  }
  return readDiet(text);
}

/** The address column, the split columns where there are some, and what headings above say. */
export function readRowAddress(row: PersonCells, community: string | null): Address {
  const lines = addressLines(row);
  const whole = lines[0] !== undefined && readAddress(lines[0]).room !== null ? lines[0] : lines.join('');
  const read = readAddress(whole);
  const filled = (role: string) => (isNothing(row.text(role)) ? '' : row.text(role));
  const room = filled('room') === '' ? read.room : readRoom(filled('room'));
  return {
    address: row.written('address'),
    community:
      communityName(filled('community')) ??
      (filled('community') || null) ??
      row.section.community ??
      community ??
      read.community,
    grid: filled('grid') || row.section.grid,
    microGrid: filled('microGrid') || null,
    estate: filled('estate') === '' ? (read.estate ?? row.section.estate) : squash(filled('estate')),
    building: filled('building') === '' ? read.building : readBuilding(filled('building')),
    unit: filled('unit') === '' ? read.unit : readUnit(filled('unit')),
    room,
    floor: filled('floor') === '' ? (room === read.room ? read.floor : floorOfRoom(room)) : readFloor(filled('floor')),
  };
}

/** Ticks under 早, 午, 晚 say the same as a column of words. */
function mealsOf(row: PersonCells): Meal[] {
  const written = readMeals(row.text('meals'));
  const ticked = row
    .cells('mealTick')
    .flatMap((cell) => (isNothing(cell.text) || cell.text === '0' ? [] : readMeals(cell.heading)));
  return ['B' as const, 'L' as const, 'D' as const].filter((meal) => written.includes(meal) || ticked.includes(meal));
}

/** An allergy that stands in the remarks is as dangerous as one in its own column. */
function withAllergiesFrom(remarks: string, diet: DietProfile): DietProfile {
  if (!/过敏|allerg/i.test(remarks)) return diet;
  const read = readDiet(remarks);
  const drugs = [...new Set([...(diet.drugAllergies ?? []), ...(read.drugAllergies ?? [])])];
  return {
    ...diet,
    allergens: [...new Set([...diet.allergens, ...read.allergens])],
    ...(drugs.length > 0 ? { drugAllergies: drugs } : {}),
  };
}

function readHelper(row: PersonCells): string | null {
  const text = row.text('helper');
  return isNothing(text) ? null : readName(text).name;
}

/** Contacts in the order of their columns; a cell may hold name, relation and telephone at once. */
function readContacts(row: PersonCells, context: PersonContext): LedgerContact[] {
  const names = row.cells('contactName');
  const relations = row.cells('contactRelation');
  const phones = row.cells('contactPhone');
  const contacts: LedgerContact[] = [];
  for (let index = 0; index < Math.max(names.length, phones.length); index += 1) {
    const contact = readContact(names[index]?.text ?? '', relations[index]?.text ?? '');
    const read = readPhones(phones[index]?.text ?? '', phones[index]?.raw);
    for (const problem of read.problems.filter(({ kind }) => kind === 'ten-digits' || kind === 'unreadable')) {
      context.warnings.push({
        sheet: context.sheet,
        row: row.row + 1,
        field: 'contactPhone',
        reason: problem.kind,
        written: problem.written,
        readAs: null,
      });
    }
    contact.phone ??= read.phones[0] ?? null;
    if (contact.name || contact.phone) contacts.push(contact);
  }
  return contacts;
}

function readContact(text: string, relationText: string): LedgerContact {
  if (isNothing(text)) return { name: null, relation: readRelation(relationText), phone: null };
  const phoneMatch = /(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7,8}/.exec(text);
  const words = text
    .replace(phoneMatch?.[0] ?? '', ' ')
    .split(/[()（）[\]:：,，、/\s-]+/)
    .filter((word) => word !== '');
  const relation =
    readRelation(relationText) ?? words.map((word) => readRelation(word)).find((word) => word !== null) ?? null;
  const rest = words.filter((word) => word !== relation && !/^(电话|手机|tel)$/i.test(word));
  const name = /^[A-Za-z]/.test(rest[0] ?? '') ? rest.join(' ') : (rest[0] ?? null);
  return {
    name,
    relation: relation ?? (isNothing(relationText) ? null : relationText),
    phone: phoneMatch ? onePhone(phoneMatch[0]) : null,
  };
}

/** 铁四院 and 铁四院小区 are one estate: the short form takes the full name that the ledger itself uses. */
export function completeEstates(people: { estate: string | null }[], known: Iterable<string> = []): void {
  const names = tally([...people.flatMap(({ estate }) => (estate ? [estate] : [])), ...known]);
  const full = fullEstateNames(names);
  for (const person of people) if (person.estate) person.estate = full.get(person.estate) ?? person.estate;
}
