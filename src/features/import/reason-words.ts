import { m } from '#messages';
import type { UnreadableReason } from './ledger.ts';

/** Why nobody can be read from a row. */
export const unreadableWords: Readonly<Record<UnreadableReason, () => string>> = {
  'no-name': () => m.import_unreadable_no_name(),
  'no-name-but-id': () => m.import_unreadable_no_name_but_id(),
  'serial-only': () => m.import_unreadable_serial_only(),
  'placeholder-name': () => m.import_unreadable_placeholder_name(),
  'ditto-name': () => m.import_unreadable_ditto_name(),
  'note-row': () => m.import_unreadable_note_row(),
};

const fieldWords: Readonly<Record<string, () => string>> = {
  id: () => m.import_field_id(),
  birth: () => m.import_field_birth(),
  sex: () => m.import_field_sex(),
  phone: () => m.import_field_phone(),
  name: () => m.import_field_name(),
  grid: () => m.import_field_grid(),
  age: () => m.import_field_age(),
  total: () => m.import_field_total(),
  hours: () => m.import_field_hours(),
  status: () => m.import_field_status(),
  row: () => m.import_field_row(),
  sheet: () => m.import_field_sheet(),
  lat: () => m.import_field_lat(),
};
const reasonWords: Readonly<Record<string, () => string>> = {
  missing: () => m.import_warning_missing(),
  'wrong-check-digit': () => m.import_warning_wrong_check_digit(),
  'wrong-length': () => m.import_warning_wrong_length(),
  'fifteen-digits': () => m.import_warning_fifteen_digits(),
  'impossible-date': () => m.import_warning_impossible_date(),
  'incomplete-date': () => m.import_warning_incomplete_date(),
  'unreadable-date': () => m.import_warning_unreadable_date(),
  'lunar-date': () => m.import_warning_lunar_date(),
  'precision-lost': () => m.import_warning_precision_lost(),
  'full-width': () => m.import_warning_full_width(),
  spaces: () => m.import_warning_spaces(),
  landline: () => m.import_warning_landline(),
  'ten-digits': () => m.import_warning_ten_digits(),
  'differs-from-id': () => m.import_warning_differs_from_id(),
  'sex-differs-from-id': () => m.import_warning_differs_from_id(),
  'formula-error': () => m.import_warning_formula_error(),
  'total-differs': () => m.import_warning_total_differs(),
  'lives-elsewhere': () => m.import_warning_lives_elsewhere(),
  'hidden-row': () => m.import_warning_hidden(),
  'hidden-sheet': () => m.import_warning_hidden(),
  approximate: () => m.import_warning_approximate(),
  'no-coordinates': () => m.import_warning_no_coordinates(),
  'unusual-name': () => m.import_warning_unusual_name(),
  'name-typo': () => m.import_warning_name_typo(),
  'differs-from-items': () => m.import_warning_differs_from_items(),
  died: () => m.import_warning_died(),
  moved: () => m.import_warning_moved(),
  institution: () => m.import_warning_institution(),
  hospital: () => m.import_warning_hospital(),
};

/** What there is to check about a cell; a reason without words of its own is shown by its code. */
export function warningWords(field: string, reason: string): string {
  return m.import_warning({ field: fieldWords[field]?.() ?? field, reason: reasonWords[reason]?.() ?? reason });
}
