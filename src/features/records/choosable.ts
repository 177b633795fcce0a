import type { Field } from '#engine/field.ts';
import type { Row } from '#engine/kind.ts';
import { referredKind, subtitleOf, titleOf, type Look } from './record-words.ts';

/** A record that may be chosen, in words. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** Reactive: the records on this device that a field may hold, by what they are called. */
export function choosable(look: Look, field: Field): readonly Choice[] {
  const kind = referredKind(look.registry, field);
  if (!kind) return [];
  const among = { ...field.among, ...(field.input === 'person' ? { active: [true] } : {}) };
  return (look.tables.all(kind) as readonly Row[])
    .filter((row) => fits(row, among))
    .map((row) => ({
      id: row.id,
      label: [titleOf(look, kind, row), subtitleOf(look, kind, row)].filter(Boolean).join(' '),
    }))
    .sort((one, other) => one.label.localeCompare(other.label, 'zh-CN'));
}

/** Whether a record has one of the wanted values in each field; of a list of values one is enough. */
function fits(row: Row, among: Readonly<Record<string, readonly unknown[]>>): boolean {
  return Object.entries(among).every(([name, wanted]) => {
    const value = row[name];
    return Array.isArray(value) ? value.some((one) => wanted.includes(one)) : wanted.includes(value);
  });
}
