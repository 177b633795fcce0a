import type { ContactLine, ElderLine } from '#features/people/public.ts';
import type { PlaceLine } from '#features/people/place.desk.record.ts';
import type { VolunteerLine } from '#features/people/volunteer.desk.record.ts';
import { m } from '#messages';
import type { ElderRow, LedgerContact, PlaceRow, VolunteerRow } from './ledger.ts';

const phonePattern = /^[+\d][\d-]{2,24}$/;
const parts = { early: 'early', am: 'morning', noon: 'noon', pm: 'afternoon', evening: 'evening', all: 'all' } as const;

/** How a house is called in the register: "3栋"; what has letters or words stays as it is written. */
export function buildingName(written: string): string {
  return /^[0-9A-Za-z]+$/.test(written) ? `${written}栋` : written;
}

/**
 * One elder of a ledger as the register takes them; what has no field of its own is kept in the remark, in words.
 * `date` is the ledger's day, for files that it ends.
 */
export function elderLineOf(row: ElderRow, date: string | null, pinyin: (name: string) => string | null): ElderLine {
  const ended = row.status === 'died' || row.status === 'moved' || row.status === 'institution' ? row.status : null;
  return {
    name: row.name,
    callName: callNameOf(row),
    pinyin: pinyin(row.name),
    sex: row.sex,
    birthDate: row.birth,
    idNumber: row.id,
    idFlag: row.id !== null ? null : row.idFlag === undefined || row.idFlag === 'missing' ? 'missing' : 'wrong',
    phones: row.phones.filter((phone) => phonePattern.test(phone)).slice(0, 10),
    community: row.community ?? m.import_community_unknown(),
    grid: row.grid,
    estate: row.building === null ? null : row.estate,
    building: row.estate === null || row.building === null ? null : buildingName(row.building),
    address: row.address ?? '',
    entrance: row.unit === null ? null : String(row.unit),
    floor: row.floor,
    door: row.room,
    ...accessOf(row.accessNote),
    living: row.living,
    categories: row.categories,
    health: joined([row.health, drugAllergiesOf(row)]),
    note: joined([remarkOf(row), row.volunteer && m.import_note_volunteer({ name: row.volunteer }), idWrittenOf(row)]),
    diet: {
      types: row.diet.types,
      allergens: row.diet.allergens,
      texture: row.diet.texture,
      dislikes: row.diet.dislikes,
      note: row.dietText,
    },
    contacts: row.contacts.flatMap(contactLineOf).slice(0, 10),
    status: ended === null ? 'active' : 'ended',
    endReason: ended,
    endedOn: ended === null ? null : date,
  };
}

/** "刘奶奶", "王爷爷": what one says at the door; a double surname keeps both signs. */
function callNameOf({ name, sex, age }: ElderRow): string | null {
  if (sex === null || !/^\p{Script=Han}+$/u.test(name)) return null;
  const surname = name.length >= 4 ? name.slice(0, 2) : name.slice(0, 1);
  const old = age === null || age >= 70;
  return `${surname}${sex === 'F' ? (old ? '奶奶' : '阿姨') : old ? '爷爷' : '叔叔'}`;
}

function contactLineOf({ name, relation, phone }: LedgerContact): ContactLine[] {
  const called = name ?? relation;
  const number = phone !== null && phonePattern.test(phone) ? phone : null;
  return called === null ? [] : [{ name: called, relation: relation ?? '', phone: number, hasKey: false }];
}

/** The code of the entrance apart from the rest, because fewer people may see it; and whether a meal may be left. */
function accessOf(written: string | null): Pick<ElderLine, 'accessNote' | 'accessCode' | 'mayLeaveAtDoor'> {
  if (written === null) return { accessNote: null, accessCode: null, mayLeaveAtDoor: false };
  const found = written.match(/(?:门禁|密码)(?:密码|码)?[是为:：\s]*([\d*#]{3,12})/);
  const rest = found ? written.replace(found[0], '').replace(/^[\s，,；;、]+|[\s，,；;、]+$/g, '') : written;
  const mayLeaveAtDoor = /放(在)?门口/.test(written) && /同意/.test(written) && !/不同意/.test(written);
  return { accessNote: rest === '' ? null : rest, accessCode: found?.[1] ?? null, mayLeaveAtDoor };
}

/** The remark, unless it says nothing but what is at the door already. */
function remarkOf({ note, accessNote }: ElderRow): string | null {
  return note === accessNote ? null : note;
}

function idWrittenOf({ idFlag, idWritten }: ElderRow): string | null {
  return idFlag !== undefined && idFlag !== 'missing' && idWritten
    ? m.import_note_id_written({ written: idWritten })
    : null;
}

function drugAllergiesOf({ diet }: ElderRow): string | null {
  if (!diet.drugAllergies || diet.drugAllergies.length === 0) return null;
  return m.import_drug_allergies({ list: diet.drugAllergies.map((code) => drugWords[code]?.() ?? code).join('、') });
}

const drugWords: Readonly<Record<string, () => string>> = {
  penicillin: m.import_drug_penicillin,
  cephalosporin: m.import_drug_cephalosporin,
  sulfonamide: m.import_drug_sulfonamide,
  streptomycin: m.import_drug_streptomycin,
  aspirin: m.import_drug_aspirin,
  iodine: m.import_drug_iodine,
  other: m.import_drug_other,
};

function joined(parts: readonly (string | null | undefined)[]): string | null {
  const said = parts.filter((part): part is string => typeof part === 'string' && part !== '');
  return said.length === 0 ? null : said.join('；');
}

export function volunteerLineOf(row: VolunteerRow): VolunteerLine {
  const { availability } = row;
  const remarks = [row.note, row.availabilityText, row.hoursApproximate ? row.hoursText : null];
  return {
    name: row.name,
    phone: row.phone,
    number: null,
    sex: row.sex,
    community: row.community,
    team: row.team,
    skills: row.skills,
    days: availability.days.map(String) as VolunteerLine['days'],
    parts: availability.parts.map((part) => parts[part]),
    irregular: availability.irregular === true,
    transport: row.vehicle,
    training: row.training.map(({ kind, date }) => (date === null ? kind : `${kind} ${date}`)),
    fixed: row.fixed === true,
    hoursBefore: row.hours,
    pointsBefore: row.points,
    note: joined(remarks),
  };
}

/** A house, or a place in which houses lie; nothing for a kitchen or meal point, which are set up by themselves. */
export function placeLineOf(row: PlaceRow): PlaceLine | null {
  if (row.community === null || row.kind === 'kitchen' || row.kind === 'meal-point') return null;
  return {
    community: row.community,
    grid: row.grid,
    microGrid: row.microGrid,
    estate: row.estate,
    building: row.building === null ? null : buildingName(row.building),
    entrances: row.units,
    floors: row.floors,
    lift: row.lift === null ? null : row.lift !== 'no',
    latitude: row.lat,
    longitude: row.lon,
  };
}
