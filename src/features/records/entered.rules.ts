import * as v from 'valibot';
import { dayOf, instantAt, timeOf } from '#engine/calendar.ts';
import type { Field, Fields, InputKind } from '#engine/field.ts';

/** What stands in an input: words as typed, a number, or the ids of what was chosen. */
export type Entered = string | number | null | readonly string[];

/** Why a value cannot be taken as it was entered. `limit` is the number that it must not pass. */
export type Mistake =
  | { readonly code: 'missing' }
  | { readonly code: 'too-small' | 'too-large' | 'too-long'; readonly limit: number }
  | { readonly code: 'unfit' };

export type Filled =
  { readonly args: Readonly<Record<string, unknown>> } | { readonly mistakes: Readonly<Record<string, Mistake>> };

/** Inputs whose values are chosen or taken, not typed. */
const chosenInputs: readonly InputKind[] = ['choice', 'yesNo', 'references', 'photo', 'photos'];
/** Inputs that may hold more than one. */
const manyInputs: readonly InputKind[] = ['choices', 'references', 'photos'];

/**
 * What a form begins with: a day that must be given is today, a moment is now, the only record there is to choose is
 * chosen. Everything else is for the person to say.
 */
export function startOf(field: Field, now: number, only: string | undefined): Entered {
  if (field.input === 'date') return field.optional ? '' : dayOf(now);
  if (field.input === 'instant') return field.optional ? '' : `${dayOf(now)}T${timeOf(now)}`;
  if (field.input === 'number') return null;
  if (field.input === 'choices') return field.values ? [] : '';
  if (field.input === 'reference' || field.input === 'person') return only && !field.optional ? [only] : [];
  return chosenInputs.includes(field.input) ? [] : '';
}

/** The act's arguments out of what was entered, or what is wrong with each of them. */
export function fill(fields: Fields, entered: Readonly<Record<string, Entered>>): Filled {
  const args: Record<string, unknown> = {};
  const mistakes: Record<string, Mistake> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = valueOf(field, entered[name] ?? null);
    const mistake = mistakeIn(field, value);
    if (mistake) mistakes[name] = mistake;
    else args[name] = value;
  }
  return Object.keys(mistakes).length > 0 ? { mistakes } : { args };
}

/** The value that is stored; null for what was left empty. */
function valueOf(field: Field, entered: Entered): unknown {
  if (Array.isArray(entered)) return chosenValue(field, entered as readonly string[]);
  if (typeof entered === 'number') return entered;
  const text = ((entered as string | null) ?? '').trim();
  if (field.input === 'choices') return text.split('\n').flatMap((line) => line.trim() || []);
  if (text === '') return null;
  if (field.input === 'number') return Number(text);
  if (field.input === 'phone') return text.replace(/[\s()]/g, '');
  if (field.input !== 'instant') return text;
  const [day = '', time = ''] = text.split('T');
  return instantAt(day, time.slice(0, 5));
}

function chosenValue({ input, optional }: Field, chosen: readonly string[]): unknown {
  if (manyInputs.includes(input)) return chosen.length === 0 && optional ? null : chosen;
  const [first = null] = chosen;
  return input === 'yesNo' && first !== null ? first === 'yes' : first;
}

function mistakeIn(field: Field, value: unknown): Mistake | undefined {
  if (value === null && !field.optional) return { code: 'missing' };
  const [issue] = v.safeParse(field.schema, value).issues ?? [];
  if (!issue) return undefined;
  const { type, requirement } = issue as { type: string; requirement?: unknown };
  if (type === 'min_length') return { code: 'missing' };
  const code = ({ min_value: 'too-small', max_value: 'too-large', max_length: 'too-long' } as const)[
    type as 'min_value'
  ];
  return code && typeof requirement === 'number' ? { code, limit: requirement } : { code: 'unfit' };
}
