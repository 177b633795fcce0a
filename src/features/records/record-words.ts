import type { Field, Fields } from '#engine/field.ts';
import type { AnyKind, AnyMutation, Row } from '#engine/kind.ts';
import type { TableReader } from '#engine/reader.ts';
import type { Registry } from '#engine/registry.ts';
import { m } from '#messages';
import { dayWords, joinList, momentWords } from '#ui/format.ts';
import type { Mistake } from './entered.rules.ts';

/** What the words of a record are made from. */
export interface Look {
  readonly registry: Registry;
  readonly tables: TableReader;
  readonly now: number;
}

/** Titles are made of titles; a circle of declarations must not become one of calls. */
const deepest = 3;

/** What a record is called: its kind's title fields in words, else the kind's own label. */
export function titleOf(look: Look, kind: AnyKind, row: Row, depth = 0): string {
  return lineOf(look, kind, row, kind.title, depth) || (kind.label?.() ?? '');
}

/** The second line of a list; may be empty. */
export function subtitleOf(look: Look, kind: AnyKind, row: Row): string {
  return lineOf(look, kind, row, kind.subtitle, 0);
}

function lineOf(look: Look, kind: AnyKind, row: Row, names: readonly string[], depth: number): string {
  const fields = kind.fields as Fields;
  // A list hides nothing behind a key, so what is sensitive is no part of it.
  const told = names.filter((name) => fields[name] && !fields[name].sensitive);
  return told
    .map((name) => valueWords(look, fields[name] as Field, row[name], depth))
    .filter(Boolean)
    .join(' ');
}

/** One value as people say it; empty for what is not known or not held on this device. */
export function valueWords(look: Look, field: Field, value: unknown, depth = 0): string {
  if (value === null || value === undefined) return '';
  switch (field.input) {
    case 'yesNo':
      return value === true ? m.records_yes() : m.records_no();
    case 'date':
      return dayWords(value as string, look.now);
    case 'instant':
      return momentWords(value as number, look.now);
    case 'choice':
      return field.valueLabels?.[value as string]?.() ?? String(value);
    case 'choices':
      return joinList((value as readonly string[]).map((one) => field.valueLabels?.[one]?.() ?? one));
    case 'reference':
    case 'person':
      return referredTitle(look, field, value as string, depth);
    case 'references':
      return joinList((value as readonly string[]).map((id) => referredTitle(look, field, id, depth)));
    // What is to be looked at has no words.
    case 'photo':
    case 'photos':
    case 'none':
      return '';
    default:
      return String(value);
  }
}

/** The kind whose ids a field holds; undefined for fields that hold none. */
export function referredKind(registry: Registry, field: Field): AnyKind | undefined {
  const name = field.input === 'person' ? 'person' : (field.refers ?? field.refersEach);
  return name === undefined ? undefined : registry.kind(name);
}

/** The record that a field's value names, when this device holds it. */
export function referredRow(look: Look, field: Field, value: unknown): { kind: AnyKind; row: Row } | undefined {
  const kind = field.refersEach === undefined ? referredKind(look.registry, field) : undefined;
  const row = kind && typeof value === 'string' && (look.tables.get(kind, value) as Row | undefined);
  return kind && row ? { kind, row } : undefined;
}

/** Whether a field has a place on a record's page: it has words, and this person is not kept from it. */
export function isShown({ label, only, input }: Field, roles: readonly string[]): boolean {
  return label !== undefined && input !== 'none' && (only === undefined || only.some((role) => roles.includes(role)));
}

function referredTitle(look: Look, field: Field, id: string, depth: number): string {
  const kind = referredKind(look.registry, field);
  const row = kind && (look.tables.get(kind, id) as Row | undefined);
  return kind && row && depth < deepest ? titleOf(look, kind, row, depth + 1) : '';
}

/** What an argument is called: by itself, else as the field of its kind of the same name. */
export function argumentLabel(owner: AnyKind, act: AnyMutation, name: string): string {
  const own = (act.args as Fields)[name]?.label ?? (owner.fields as Fields)[name]?.label;
  return own?.() ?? name;
}

/** What is wrong with a value and how to mend it. */
export function mistakeWords(mistake: Mistake): string {
  if (mistake.code === 'missing') return m.records_missing();
  if (mistake.code === 'too-small') return m.records_too_small({ n: mistake.limit });
  if (mistake.code === 'too-large') return m.records_too_large({ n: mistake.limit });
  return mistake.code === 'too-long' ? m.records_too_long({ n: mistake.limit }) : m.records_unfit();
}
