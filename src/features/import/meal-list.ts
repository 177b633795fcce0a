/** Lists of standing orders: who gets which items, where, and at what time. */
import { completeEstates, readRowAddress } from './elders.ts';
import { communityName } from './address.rules.ts';
import { knownEstateName, matcherOf } from './known-people.rules.ts';
import type { KnownPerson, Meal, MealListRow } from './ledger.ts';
import { mealInText, readItems } from './meal-words.rules.ts';
import { readPeople, type PersonContext } from './person.rules.ts';
import type { PersonCells } from './rows.rules.ts';
import type { Sheet } from './sheets.rules.ts';
import { squash, wholeNumber } from './text.rules.ts';

export function readMealList(
  sheets: Sheet[],
  context: Omit<PersonContext, 'sheet'>,
  known: KnownPerson[],
): MealListRow[] {
  const match = known.length > 0 ? matcherOf(known) : null;
  const people = sheets.flatMap((sheet) => {
    const title = sheet.titles.join(' ');
    const community = communityName(sheet.name) ?? communityName(title);
    const own = { ...context, sheet: sheet.name };
    const rows = sheet.rows.people.flatMap((row) => readRow(row, sheet, community, own));
    const estate = estateInTitle(title, known);
    for (const row of rows) row.estate ??= estate;
    return rows;
  });
  completeEstates(people);
  if (match) for (const person of people) person.knownAs = match(person);
  return people;
}

function readRow(row: PersonCells, sheet: Sheet, community: string | null, context: PersonContext): MealListRow[] {
  return readPeople(row, context).map(({ person }) => {
    const items = itemsOf(row, sheet);
    const quantity = quantityOf(row, items);
    const sum = sumOf(items);
    if (quantity !== null && sum > 0 && sum !== quantity) {
      context.warnings.push({
        sheet: person.sheet,
        row: person.row,
        field: 'quantity',
        reason: 'differs-from-items',
        written: String(quantity),
        readAs: String(sum),
      });
    }
    return {
      ...person,
      phone: person.phones[0] ?? null,
      ...readRowAddress(row, community),
      items,
      quantity: quantity ?? (sum > 0 ? sum : null),
      time: row.written('time'),
      note: row.written('note'),
    };
  });
}

/** Items are written out in one cell, or each has a column of its own with the number in it. */
function itemsOf(row: PersonCells, sheet: Sheet): Record<string, number> {
  const items = readItems(row.text('items')) ?? {};
  const columns = sheet.columns.filter((column) => column.role === 'item');
  row.cells('item').forEach((cell, index) => {
    const count = wholeNumber(squash(cell.text).replace(/(份|个|杯|碗|只|根|盒|袋)$/, ''));
    const name = columns[index]?.heading.split(' / ').at(-1);
    if (count && name) items[name] = (items[name] ?? 0) + count;
  });
  return items;
}

function quantityOf(row: PersonCells, items: Record<string, number>): number | null {
  const written = wholeNumber(squash(row.text('quantity')).replace(/(份|个|杯|碗)$/, ''));
  // An item without a number takes the row's quantity: 馒头 | 2.
  const [only, ...others] = Object.keys(items);
  if (written && only && others.length === 0 && items[only] === 1 && !/\d/.test(row.text('items')))
    items[only] = written;
  return written;
}

function sumOf(items: Record<string, number>): number {
  return Object.values(items).reduce((sum, count) => sum + count, 0);
}

/** 铁四院爱心送餐点早餐配送名单 is about 铁四院: the words before the kind of place, in the station's own spelling. */
function estateInTitle(title: string, known: KnownPerson[]): string | null {
  const plain = squash(title).replace(/^.*?(街道|社区|居委会)/, '');
  const match =
    /^(\p{Script=Han}{2,8}?)(小区|花园|家园|新村|苑)?(?=爱心|助餐|送餐|配送|食堂|早餐|午餐|晚餐|中餐|订餐|用餐|老年|长者|包点|老人)/u.exec(
      plain,
    );
  if (!match || /^\d|年|月$/.test(match[1] ?? '')) return null;
  const name = `${match[1]}${match[2] ?? ''}`;
  return known.length > 0 ? knownEstateName(name, known) : name;
}

export function mealOf(sheets: Sheet[], fileName: string): Meal | null {
  return (
    sheets.map((sheet) => mealInText(`${sheet.titles.join(' ')} ${sheet.name}`)).find((meal) => meal !== null) ??
    mealInText(fileName)
  );
}
