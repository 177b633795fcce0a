/** Two records that may be one person, fact by fact, as they are laid beside each other. */
import { dietWord, type ElderLine, type VolunteerLine } from '#features/people/public.ts';

export type PairField =
  | 'name'
  | 'sex'
  | 'birth'
  | 'id'
  | 'phones'
  | 'place'
  | 'living'
  | 'diet'
  | 'contacts'
  | 'health'
  | 'note'
  | 'team'
  | 'skills'
  | 'days';

/** One fact of both: '' where nothing is said. */
export interface PairFact {
  readonly field: PairField;
  readonly first: string;
  readonly second: string;
  /** They contradict each other; when they are put together the first stays. */
  readonly differs: boolean;
}

type Told = Partial<Record<PairField, string>>;

/** The facts of which at least one of the two says something. */
export function pairOf(first: Told, second: Told): PairFact[] {
  return fields.flatMap((field): PairFact[] => {
    const [one, other] = [first[field] ?? '', second[field] ?? ''];
    const differs = one !== '' && other !== '' && one !== other;
    return one === '' && other === '' ? [] : [{ field, first: one, second: other, differs }];
  });
}

const fields: readonly PairField[] = [
  'name',
  'sex',
  'birth',
  'id',
  'phones',
  'place',
  'living',
  'diet',
  'contacts',
  'health',
  'team',
  'skills',
  'days',
  'note',
];

export function elderTold(line: ElderLine): Told {
  return {
    name: line.name,
    sex: line.sex ?? '',
    birth: line.birthDate ?? '',
    id: masked(line.idNumber),
    phones: line.phones.join('、'),
    place: [line.community, line.estate, line.building, line.entrance, line.door].filter(Boolean).join(' '),
    living: line.living ?? '',
    diet: dietTold(line),
    contacts: line.contacts
      .map(({ name, relation, phone }) => [relation, name, phone].filter(Boolean).join(' '))
      .join('、'),
    health: line.health ?? '',
    note: line.note ?? '',
  };
}

function dietTold({ diet }: ElderLine): string {
  return [
    ...diet.types.map((one) => dietWord('type', one)),
    ...(diet.texture ? [dietWord('texture', diet.texture)] : []),
    ...diet.allergens.map((one) => dietWord('allergen', one)),
    ...diet.dislikes.map((one) => dietWord('dislike', one)),
  ].join('、');
}

export function volunteerTold(line: VolunteerLine): Told {
  return {
    name: line.name,
    sex: line.sex ?? '',
    phones: line.phone ?? '',
    place: line.community ?? '',
    team: line.team ?? '',
    skills: line.skills.join('、'),
    days: line.days.join(' '),
    note: line.note ?? '',
  };
}

/** Enough to compare, not enough to copy: "430102········1234". */
function masked(idNumber: string | null): string {
  return idNumber === null ? '' : `${idNumber.slice(0, 6)}········${idNumber.slice(-4)}`;
}
