/**
 * Two records of one person put together: what the one in the register lacks is taken over, what it says stays as it
 * is. Pure; used by the act and, before it, by whoever shows what would come of it.
 */
import type { RowOf } from '#engine/kind.ts';
import type { ContactLine, DietLine, ElderLine } from './elder-line.ts';
import type { elder } from './elder.record.ts';

type Elder = RowOf<typeof elder>;

const contactsMax = 10;
const phonesMax = 10;
/** Single facts that are taken over where there is none. Name, status and end are never among them. */
const facts = [
  'callName',
  'pinyin',
  'sex',
  'birthDate',
  'entrance',
  'floor',
  'door',
  'accessNote',
  'accessCode',
  'living',
  'health',
  'note',
] as const;

/** The elder with what was missing; the same values where nothing was. Places are the caller's business. */
export function completedElder(held: Elder, line: ElderLine): Elder {
  const missing = facts.filter((fact) => isEmpty(held[fact]) && !isEmpty(line[fact]));
  const phones = united(held.phones ?? [], line.phones, phonesMax);
  const number = held.idNumber === null && line.idNumber !== null ? { idNumber: line.idNumber, idFlag: null } : {};
  return {
    ...held,
    ...Object.fromEntries(missing.map((fact) => [fact, line[fact]])),
    ...number,
    ...(phones.length > (held.phones ?? []).length ? { phones } : {}),
    ...(isEmpty(held.categories) && line.categories.length > 0 ? { categories: line.categories } : {}),
    ...(held.address === '' ? { address: line.address } : {}),
  };
}

const noDiet: DietLine = { types: [], allergens: [], texture: null, dislikes: [], note: null };

/** A diet as a line or a record has it. */
interface HeldDiet {
  readonly types: readonly string[];
  readonly allergens: readonly string[];
  readonly texture: DietLine['texture'];
  readonly dislikes: readonly string[];
  readonly note: string | null;
}

/** Allergies and diets are put together, since leaving one out may harm; the rest only where nothing was said. */
export function completedDiet(held: HeldDiet | undefined, line: HeldDiet): DietLine {
  if (!held) return completedDiet(noDiet, line);
  return {
    types: united(held.types, line.types, 20),
    allergens: united(held.allergens, line.allergens, 20),
    texture: held.texture ?? line.texture,
    dislikes: [...(held.dislikes.length > 0 ? held.dislikes : line.dislikes)],
    note: isEmpty(held.note) ? line.note : held.note,
  };
}

/** Contacts that are not on the list yet, as far as there is room. */
export function newContacts(
  held: readonly Pick<ContactLine, 'name' | 'phone'>[],
  line: readonly ContactLine[],
): ContactLine[] {
  const isHere = (one: ContactLine) =>
    held.some(
      ({ name, phone }) =>
        (one.phone !== null && phone === one.phone) ||
        (name === one.name && (phone === null || one.phone === null || phone === one.phone)),
    );
  return line.filter((one) => !isHere(one)).slice(0, Math.max(0, contactsMax - held.length));
}

function united(held: readonly string[], more: readonly string[], max: number): string[] {
  return [...new Set([...held, ...more])].slice(0, Math.max(max, held.length));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** One line out of two about the same person; what they say differently is taken from the first. */
export function completedLine(first: ElderLine, second: ElderLine): ElderLine {
  const missing = Object.entries(second).filter(
    ([field, value]) => isEmpty(first[field as keyof ElderLine]) && !isEmpty(value) && !neverTaken.has(field),
  );
  return {
    ...first,
    ...Object.fromEntries(missing),
    ...(first.idNumber === null && second.idNumber !== null ? { idFlag: null } : { idFlag: first.idFlag }),
    phones: united(first.phones, second.phones, phonesMax),
    diet: completedDiet(first.diet, second.diet),
    contacts: [...first.contacts, ...newContacts(first.contacts, second.contacts)],
  };
}

/** How a file ends is not pieced together out of two rows. */
const neverTaken = new Set(['status', 'endReason', 'endedOn', 'idFlag', 'phones', 'diet', 'contacts', 'apart']);
