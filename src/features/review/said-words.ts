import type { Field, Fields } from '#engine/field.ts';
import type { AnyMutation } from '#engine/kind.ts';
import { m } from '#messages';
import type { RefusedAct } from './refused-act.record.ts';

/** Names of people and elders by id, as this device knows them. */
export type NameOf = (id: string) => string | undefined;

/** What an act said, for a person to read: its values with their labels, ids as names; empty when it said nothing. */
export function saidWords(mutation: AnyMutation | undefined, said: string | null, nameOf: NameOf): readonly string[] {
  const args = argumentsIn(said);
  return Object.entries(args).flatMap(([name, value]) => {
    const field = (mutation?.args as Fields | undefined)?.[name];
    const words = valueWords(field, value, nameOf);
    if (words === '') return [];
    const label = field?.label?.();
    return [label ? `${label} ${words}` : words];
  });
}

function argumentsIn(said: string | null): Record<string, unknown> {
  const value: unknown = said === null ? null : JSON.parse(said);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function valueWords(field: Field<unknown> | undefined, value: unknown, nameOf: NameOf): string {
  if (value === null || value === '') return '';
  if (typeof value === 'string') return field?.valueLabels?.[value]?.() ?? nameOf(value) ?? value;
  if (typeof value === 'object')
    return Object.values(value)
      .map((inner) => valueWords(undefined, inner, nameOf))
      .filter(Boolean)
      .join(', ');
  return String(value);
}

/** What has become of a refused act. */
export const stateWords: Readonly<Record<RefusedAct['state'], () => string>> = {
  open: m.review_state_open,
  applied: m.review_state_applied,
  discarded: m.review_state_discarded,
  givenBack: m.review_state_given_back,
};
