/** Each row's facts in one normal form, so that “says the same” does not depend on how it was written. */
import type { Comparable } from './duplicates.rules.ts';
import type { ElderRow, MealListRow, MealMarksRow, PersonRow, VolunteerRow } from './ledger.ts';

function identityOf({
  sheet,
  row,
  name,
  nameWritten,
  id,
  idWritten,
  birth,
  phones,
}: PersonRow): Omit<Comparable, 'facts'> {
  return { sheet, row, name, nameWritten, id, idWritten, birth, phones };
}

export function elderFacts(elder: ElderRow): Comparable {
  const {
    estate,
    building,
    unit,
    room,
    sex,
    birth,
    phones,
    living,
    categories,
    diet,
    mealMode,
    meals,
    contacts,
    status,
    accessNote,
  } = elder;
  const facts = () => ({
    estate,
    building,
    unit,
    room,
    sex,
    birth,
    phones,
    living,
    categories: [...categories].sort(),
    diet,
    mealMode,
    meals,
    contacts,
    status,
    accessNote,
  });
  return {
    ...identityOf(elder),
    building,
    unit,
    room,
    facts: () => JSON.stringify(facts()),
    transferred: /转入|迁入|新迁|搬入/.test(elder.note ?? ''),
  };
}

export function volunteerFacts(volunteer: VolunteerRow): Comparable {
  const { phones, team, skills, availability, vehicle, training, fixed, points, hours } = volunteer;
  const facts = () => ({
    phones,
    team,
    skills: [...skills].sort(),
    availability,
    vehicle,
    training,
    fixed,
    points,
    hours,
  });
  return { ...identityOf(volunteer), facts: () => JSON.stringify(facts()) };
}

export function mealListFacts(row: MealListRow): Comparable {
  const { building, unit, room, phones, items, quantity } = row;
  return {
    ...identityOf(row),
    building,
    unit,
    room,
    facts: () =>
      JSON.stringify({
        building,
        unit,
        room,
        phones,
        items: Object.entries(items).sort(),
        quantity,
        time: clock(row.time),
        note: row.note,
      }),
  };
}

/** 早上7点 and 7:00 are one time. */
function clock(time: string | null): string | null {
  const match = /(\d{1,2})(?:[:点时](\d{2})?)/.exec(time ?? '');
  return match ? `${match[1]}:${match[2] ?? '00'}${/前/.test(time ?? '') ? '-' : ''}` : time;
}

export function mealMarksFacts(row: MealMarksRow): Comparable {
  const { building, unit, room, marks } = row;
  return { ...identityOf(row), building, unit, room, facts: () => JSON.stringify({ building, unit, room, marks }) };
}

interface Ordered {
  block: string | null;
  order: number[] | null;
}

/**
 * Marks the rows that break the order of their sheet: ledgers are kept by estate and door, or by team, and what was
 * added later stands wherever there was room. Sheets without an order mark nobody.
 */
export function markOutOfPlace(rows: Comparable[], placeOf: (index: number) => Ordered): void {
  const odd = rows.map((row, index) => index > 0 && index + 1 < rows.length && isOdd(rows, index, placeOf, row));
  if (odd.filter(Boolean).length * 10 > rows.length) return;
  odd.forEach((each, index) => {
    const row = rows[index];
    if (each && row) row.outOfPlace = true;
  });
}

function isOdd(rows: Comparable[], index: number, placeOf: (index: number) => Ordered, row: Comparable): boolean {
  if (rows[index - 1]?.sheet !== row.sheet || rows[index + 1]?.sheet !== row.sheet) return false;
  const [before, own, after] = [placeOf(index - 1), placeOf(index), placeOf(index + 1)];
  if (before.block === null || own.block === null || before.block !== after.block) return false;
  if (own.block !== before.block) return true;
  if (!before.order || !own.order || !after.order || compare(before.order, after.order) > 0) return false;
  return compare(before.order, own.order) > 0 || compare(own.order, after.order) > 0;
}

function compare(a: number[], b: number[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function elderPlace({ estate, building, unit, room }: ElderRow): Ordered {
  const house = Number(building);
  const door = Number.parseInt(room ?? '', 10);
  return { block: estate, order: Number.isFinite(house) && Number.isFinite(door) ? [house, unit ?? 0, door] : null };
}
