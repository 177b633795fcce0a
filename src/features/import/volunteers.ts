/** Volunteers' lists: one row is one volunteer. */
import { communityName } from './address.rules.ts';
import type { VolunteerRow } from './ledger.ts';
import { readPeople, type PersonContext } from './person.rules.ts';
import type { PersonCells } from './rows.rules.ts';
import type { Sheet } from './sheets.rules.ts';
import { readAvailability, readFixed, readHours, readSkills, readTraining } from './volunteer-words.rules.ts';

export function readVolunteers(sheets: Sheet[], context: Omit<PersonContext, 'sheet'>): VolunteerRow[] {
  return sheets.flatMap((sheet) => {
    const own = { ...context, sheet: sheet.name };
    const community = communityName(sheet.name) ?? communityName(sheet.titles.join(' '));
    return sheet.rows.people.flatMap((row) => readRow(row, community, own));
  });
}

function readRow(row: PersonCells, community: string | null, context: PersonContext): VolunteerRow[] {
  return readPeople(row, context).map(({ person, nameRemark }) => {
    if (row.hidden) context.warnings.push({ sheet: person.sheet, row: person.row, field: 'row', reason: 'hidden-row' });
    const note = row.written('note');
    return {
      ...person,
      phone: person.phones[0] ?? null,
      community: row.written('community') ?? row.section.community ?? community,
      team: row.written('team'),
      skills: readSkills(row.text('skills')),
      availability: readAvailability(row.text('availability')),
      availabilityText: row.written('availability'),
      vehicle: row.written('vehicle'),
      training: readTraining(row.text('training')),
      fixed: readFixed(row.text('fixed')),
      points: readHours(row.text('points'))?.hours ?? null,
      ...hoursOf(row, context),
      note: [nameRemark, note].filter((each) => each !== null).join('；') || null,
    };
  });
}

function hoursOf(
  row: PersonCells,
  context: PersonContext,
): Pick<VolunteerRow, 'hours' | 'hoursApproximate' | 'hoursText'> {
  const text = row.text('hours');
  const read = readHours(text);
  if (!read) return { hours: null };
  const isPlain = /^\d+(\.\d+)?$/.test(text);
  if (read.approximate)
    context.warnings.push({
      sheet: context.sheet,
      row: row.row + 1,
      field: 'hours',
      reason: 'approximate',
      written: text,
      readAs: String(read.hours),
    });
  return {
    hours: read.hours,
    ...(read.approximate ? { hoursApproximate: true as const } : {}),
    ...(isPlain ? {} : { hoursText: text }),
  };
}
