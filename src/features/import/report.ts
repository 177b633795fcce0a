/** What the command line and the office say about a ledger that was read or refused. */
import { m } from '#messages';
import type { Ledger, LedgerKind, ReadLedger, Refusal } from './ledger.ts';

type Locale = 'zh-CN' | 'en';

const REFUSALS = {
  'empty-file': m.import_refused_empty_file,
  'no-rows': m.import_refused_no_rows,
  'not-a-spreadsheet': m.import_refused_not_a_spreadsheet,
  'password-protected': m.import_refused_password_protected,
  damaged: m.import_refused_damaged,
  'too-large-when-unpacked': m.import_refused_too_large_when_unpacked,
  'hostile-xml': m.import_refused_hostile_xml,
  'old-xls': m.import_refused_old_xls,
  xlsb: m.import_refused_xlsb,
  ods: m.import_refused_ods,
  pdf: m.import_refused_pdf,
  picture: m.import_refused_picture,
  document: m.import_refused_document,
  'web-page': m.import_refused_web_page,
  archive: m.import_refused_archive,
};

const KINDS: Record<LedgerKind, typeof m.import_kind_elders> = {
  elders: m.import_kind_elders,
  volunteers: m.import_kind_volunteers,
  'meal-marks': m.import_kind_meal_marks,
  'meal-list': m.import_kind_meal_list,
  places: m.import_kind_places,
};

/** Why a file was refused and what to do about it, in one sentence. */
export function refusalSentence(refusal: Refusal, locale: Locale): string {
  return REFUSALS[refusal.found ?? refusal.reason]({}, { locale });
}

/** What was read, in a few lines for a person. */
export function summaryLines(ledger: ReadLedger, locale: Locale): string[] {
  const kind = KINDS[ledger.kind]({}, { locale });
  if (ledger.kind === 'places') {
    const { rows, buildings, mealPoints } = ledger.counts;
    return [m.import_summary_places({ kind, rows, buildings, points: mealPoints }, { locale })];
  }
  const lines = [m.import_summary_people({ kind, rows: ledger.personRows, people: ledger.distinctPeople }, { locale })];
  const exact = ledger.duplicates.filter((duplicate) => duplicate.exact).length;
  if (ledger.duplicates.length > 0)
    lines.push(m.import_summary_duplicates({ count: ledger.duplicates.length, exact }, { locale }));
  if (ledger.unreadable.length > 0) {
    const list = ledger.unreadable.map(({ sheet, row }) => `${sheet} ${row}`).join(locale === 'en' ? ', ' : '、');
    lines.push(m.import_summary_unreadable({ count: ledger.unreadable.length, list }, { locale }));
  }
  if (ledger.warnings.length > 0) lines.push(m.import_summary_warnings({ count: ledger.warnings.length }, { locale }));
  return lines;
}

/** The one object of `--json`: counts and findings always, the people (or places) themselves only when asked for. */
export function toJson(ledger: Ledger, withRows: boolean): Record<string, unknown> {
  if (ledger.outcome === 'refused') return { ...ledger };
  if (ledger.kind === 'places') {
    const { places, counts, ...rest } = ledger;
    return { ...rest, ...counts, ...(withRows ? { places, people: [] } : {}) };
  }
  const { people, ...rest } = ledger;
  return { ...rest, peopleMentioned: people.length, ...(withRows ? { people } : {}) };
}
