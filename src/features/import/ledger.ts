/**
 * What a ledger says once it is read: plain data, the same in the browser and in Node, printed as it stands by the
 * command line and turned into mutations by the real import. Row numbers count from 1, as the spreadsheet shows them;
 * in a text file a row is a record, because a cell may hold line breaks. Dates are `YYYY-MM-DD`.
 */

export type LedgerKind = 'elders' | 'volunteers' | 'meal-marks' | 'meal-list' | 'places';

export type RefusalReason =
  | 'empty-file'
  | 'no-rows'
  | 'not-a-spreadsheet'
  | 'password-protected'
  | 'damaged'
  | 'too-large-when-unpacked'
  | 'hostile-xml';

/** What the file seems to be instead, so that the sentence on the screen can say what to do about it. */
export type FoundInstead = 'old-xls' | 'xlsb' | 'ods' | 'pdf' | 'picture' | 'document' | 'web-page' | 'archive';

export interface Refusal {
  outcome: 'refused';
  reason: RefusalReason;
  found?: FoundInstead;
  /** Where there are rows and nobody in them: a person may say which column holds the names. Only when asked for. */
  layouts?: LedgerLayoutView[];
}

export interface RowPlace {
  sheet: string;
  row: number;
}

export interface Duplicate extends RowPlace {
  name: string;
  /** The row that is kept; `exact` means that nothing is lost by leaving the other one out. */
  sameAs: RowPlace;
  exact: boolean;
}

export type UnreadableReason =
  'no-name' | 'no-name-but-id' | 'serial-only' | 'placeholder-name' | 'ditto-name' | 'note-row';

export interface UnreadableRow extends RowPlace {
  reason: UnreadableReason;
  /** What stands where the name should be (or the note), for the person who has to look. */
  text: string | null;
  /** The row as it stands in the file, cell by cell. Only when asked for. */
  cells?: string[];
}

export interface Warning extends RowPlace {
  field: string;
  /** A code in words-with-hyphens, such as `wrong-check-digit`; `written` and `readAs` show both sides of it. */
  reason: string;
  written?: string;
  readAs?: string | null;
}

export interface SheetSummary {
  name: string;
  hidden: boolean;
  /** Last row of the header, 0 when the sheet has none. */
  headerRow: number;
  headers: string[];
  hiddenColumns: string[];
  personRows: number;
  /** Cells that said 同上 and took the value of the row above. */
  dittoCells: number;
  /** Which field each column was taken for: column heading (or letter) to role. */
  columns: { heading: string; role: string; confidence: number }[];
  /** Why the sheet gave nobody, when it gave nobody. */
  skipped?: 'no-people' | 'other-kind';
}

/**
 * How sure it is what a column holds: heading and cells agree, the cells look like it, neither is clear, it is read in
 * order to leave it out, or a person has said so.
 */
export type ColumnSure = 'exact' | 'like' | 'unsure' | 'left' | 'given';

export interface ColumnView {
  /** From the left, counted from 0. */
  index: number;
  heading: string;
  role: string;
  sure: ColumnSure;
  samples: string[];
}

/** Sheets with the same headings, and what their columns were taken for. */
export interface LedgerLayoutView {
  key: string;
  /** Whether it can be told again in another file. */
  remembers: boolean;
  sheets: string[];
  /** Rows in which somebody was read. */
  rows: number;
  /** Columns that are days of a month. */
  days: number;
  /** Headings of all columns, for writing rows out again. */
  headings: string[];
  columns: ColumnView[];
}

export type Sex = 'F' | 'M';
export type Meal = 'B' | 'L' | 'D';
export type MealMode = 'delivery' | 'dine-in';
export type ElderStatus = 'active' | 'died' | 'moved' | 'institution' | 'hospital';
export type Mark = 'delivered' | 'dine-in' | 'not-taken' | 'leave' | 'hospital';

export interface Address {
  /** As written, prefixes and all. */
  address: string | null;
  community: string | null;
  grid: string | null;
  microGrid: string | null;
  estate: string | null;
  /** Without 栋 or 号楼: '5', 'A', '12'. */
  building: string | null;
  unit: number | null;
  /** Keeps its letters: '602A'. */
  room: string | null;
  floor: number | null;
}

export interface DietProfile {
  types: string[];
  allergens: string[];
  texture: 'soft' | 'minced' | 'pureed' | null;
  dislikes: string[];
  drugAllergies?: string[];
  note?: 'severe';
}

export interface LedgerContact {
  name: string | null;
  relation: string | null;
  phone: string | null;
}

export interface PersonRow extends RowPlace {
  name: string;
  /** Present when the cell spaced the name out. */
  nameWritten?: string;
  sex: Sex | null;
  /** Only a number whose check digit is right. */
  id: string | null;
  /** Absent when the number is fine. */
  idFlag?: 'missing' | 'wrong-check-digit' | 'wrong-length' | 'impossible-date' | 'precision-lost';
  idWritten?: string;
  birth: string | null;
  birthWritten?: string;
  /** On the day of the ledger; from the birth date where there is one, else as written. */
  age: number | null;
  phones: string[];
}

export interface ElderRow extends PersonRow, Address {
  living: string | null;
  categories: string[];
  health: string | null;
  diet: DietProfile;
  /** What was written about food, so that nothing the codes leave out is lost. */
  dietText: string | null;
  mealMode: MealMode | null;
  meals: Meal[];
  contact: LedgerContact | null;
  contacts: LedgerContact[];
  volunteer: string | null;
  status: ElderStatus;
  /** What somebody at the door has to know. */
  accessNote: string | null;
  /** The remark as written. */
  note: string | null;
  /** The other person of a couple written in one row. */
  partner?: string;
  hiddenRow?: true;
}

export interface Availability {
  /** 1 Monday … 7 Sunday. */
  days: number[];
  parts: ('early' | 'am' | 'noon' | 'pm' | 'evening' | 'all')[];
  from?: string;
  to?: string;
  /** Days of the month, when it goes by those. */
  monthDays?: number[];
  irregular?: true;
}

export interface VolunteerRow extends PersonRow {
  phone: string | null;
  community: string | null;
  team: string | null;
  skills: string[];
  availability: Availability;
  availabilityText: string | null;
  vehicle: string | null;
  training: { kind: string; date: string | null }[];
  fixed: boolean | null;
  points: number | null;
  hours: number | null;
  hoursApproximate?: true;
  hoursText?: string;
  note: string | null;
}

export interface MealListRow extends PersonRow, Address {
  phone: string | null;
  items: Record<string, number>;
  quantity: number | null;
  time: string | null;
  note: string | null;
  /** From the people already known to the station: nobody found, or found in spite of a typing mistake. */
  knownAs?: KnownMatch;
}

export interface DayMark {
  date: string;
  meal: Meal | null;
  mark: Mark;
}

export interface MealMarksRow extends PersonRow, Address {
  mealMode: MealMode | null;
  marks: DayMark[];
  delivered: number;
  dineIn: number;
  notTaken: number;
  leave: number;
  hospital: number;
  note: string | null;
  knownAs?: KnownMatch;
}

export interface KnownPerson {
  /** Whom the station means by this person; handed back with the match. */
  elderId?: string;
  name: string;
  id?: string | null;
  community?: string | null;
  estate?: string | null;
  building?: string | null;
  unit?: number | null;
  room?: string | null;
  phones?: string[];
}

export interface KnownMatch {
  found: boolean;
  elderId?: string;
  name?: string;
  id?: string | null;
  /** The name was written differently, and the address settled who is meant. */
  typo?: true;
}

export interface PlaceRow extends RowPlace {
  code: string | null;
  kind: 'building' | 'kitchen' | 'meal-point' | 'other';
  kindWritten: string | null;
  community: string | null;
  grid: string | null;
  microGrid: string | null;
  estate: string | null;
  building: string | null;
  name: string | null;
  units: number | null;
  floors: number | null;
  lift: 'yes' | 'no' | 'added' | null;
  lat: number | null;
  lon: number | null;
  datum: string | null;
}

interface LedgerBase {
  outcome: 'read';
  fileName: string;
  /** The day the ledger speaks for, when it says so or the caller did. */
  ledgerDate: string | null;
  encoding: string;
  sheets: SheetSummary[];
  personRows: number;
  distinctPeople: number;
  duplicates: Duplicate[];
  unreadable: UnreadableRow[];
  warnings: Warning[];
  /** What each column was taken for. Only when asked for. */
  layouts?: LedgerLayoutView[];
}

export interface EldersLedger extends LedgerBase {
  kind: 'elders';
  people: ElderRow[];
}

export interface VolunteersLedger extends LedgerBase {
  kind: 'volunteers';
  people: VolunteerRow[];
}

export interface MealListLedger extends LedgerBase {
  kind: 'meal-list';
  meal: Meal | null;
  people: MealListRow[];
}

export interface MergedAbsence extends RowPlace {
  name: string;
  mark: Mark;
  from: string;
  to: string;
}

export interface MealMarksLedger extends LedgerBase {
  kind: 'meal-marks';
  meal: Meal | null;
  /** `YYYY-MM`. */
  month: string | null;
  people: MealMarksRow[];
  totals: Record<Mark, number>;
  byDate: Record<string, Partial<Record<Mark, number>>>;
  mergedAbsences: MergedAbsence[];
  wrongTotals: (RowPlace & { shown: number; counted: number })[];
  unknownMarks: (RowPlace & { date: string; text: string })[];
}

export interface PlacesLedger extends LedgerBase {
  kind: 'places';
  places: PlaceRow[];
  counts: {
    rows: number;
    buildings: number;
    estates: number;
    grids: number;
    microGrids: number;
    kitchens: number;
    mealPoints: number;
    byCommunity: Record<string, number>;
  };
}

export type ReadLedger = EldersLedger | VolunteersLedger | MealListLedger | MealMarksLedger | PlacesLedger;
export type Ledger = ReadLedger | Refusal;
