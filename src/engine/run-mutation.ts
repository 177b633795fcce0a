import * as v from 'valibot';
import { isAgain, type Again } from './again.ts';
import type { Change } from './change.ts';
import { contextOf, type Context } from './context.ts';
import type { Fields } from './field.ts';
import type { AnyMutation } from './kind.ts';
import { argumentBytesMax } from './limits.ts';
import type { Reader } from './reader.ts';
import type { Registry } from './registry.ts';
import { isRefusal, refuse, type Refusal } from './refusal.ts';

export interface Call {
  readonly name: string;
  readonly version: number;
  readonly args: unknown;
}

export type Outcome = { readonly changes: readonly Change[] } | { readonly refusal: Refusal };

/**
 * The one way in, on the phone and on the server: find the mutation, check its arguments, ask `may`, then `apply`,
 * then check what it would write. Pure; never throws for what a person or a foreign client did, only for a
 * declaration that is wrong.
 */
export function runMutation(registry: Registry, tx: Reader, call: Call, ctx: Context): Outcome {
  return run(registry, tx, call, ctx, true);
}

function run(registry: Registry, tx: Reader, call: Call, ctx: Context, mayRunAgain: boolean): Outcome {
  const mutation = registry.mutations.get(call.name);
  if (!mutation) return { refusal: refuse('unknown-act') };
  const args = parseArguments(mutation, call);
  if (args === undefined) return { refusal: refuse('invalid') };
  const aboutId = mutation.about?.id(args);
  const subject = mutation.about && aboutId !== undefined ? tx.get(mutation.about.kind, aboutId) : undefined;
  // Not there and not allowed look the same from outside, or a stranger could learn which ids exist.
  if (mutation.about && subject === undefined) return { refusal: refuse('not-allowed', aboutId) };
  if (!mutation.may(ctx, subject, tx, args)) return { refusal: refuse('not-allowed') };
  const result = mutation.apply(tx, args, ctx);
  if (isRefusal(result)) return { refusal: result };
  if (!isAgain(result)) return checkChanges(registry, tx, result);
  return mayRunAgain ? runAgain(registry, tx, result, ctx) : { refusal: refuse('invalid') };
}

/** The other act first, as its author's fact; it may not ask for another in its turn. */
function runAgain(registry: Registry, tx: Reader, { call, as, then }: Again, ctx: Context): Outcome {
  const { station, roles, communities } = ctx;
  const identity = { station, roles, communities, person: as.person };
  const asThen = contextOf(identity, ctx.device, { id: as.id, at: as.at });
  const first = run(registry, tx, call, asThen, false);
  if ('refusal' in first) return first;
  const rest = checkChanges(registry, tx, then);
  return 'refusal' in rest ? rest : { changes: [...first.changes, ...rest.changes] };
}

/** Arguments of today's version, checked and without unknown fields; undefined when they are not what the act takes. */
function parseArguments(mutation: AnyMutation, call: Call): Record<string, unknown> | undefined {
  if (typeof call.args !== 'object' || call.args === null || call.version > mutation.version) return undefined;
  const given =
    call.version < mutation.version ? mutation.upcast?.(call.args as Record<string, unknown>, call.version) : call.args;
  if (given === undefined || JSON.stringify(given).length > argumentBytesMax) return undefined;
  return parseFields(mutation.args as Fields, given as Record<string, unknown>);
}

/** Values of all declared fields, absent optional ones as null; undefined when one does not fit. */
export function parseFields(
  fields: Fields,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const parsed: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const result = v.safeParse(field.schema, given[name] ?? (field.optional ? null : given[name]));
    if (!result.success) return undefined;
    parsed[name] = result.output;
  }
  return parsed;
}

function checkChanges(registry: Registry, tx: Reader, changes: readonly Change[]): Outcome {
  const kept: Change[] = [];
  for (const change of changes) {
    const kind = registry.kind(change.kind);
    if (change.row === null) {
      kept.push(change);
      continue;
    }
    const parsed = parseFields(kind.fields as Fields, change.row);
    if (parsed === undefined) return { refusal: refuse('invalid') };
    const row = { id: change.id, ...parsed };
    // An act that changes nothing (the same ledger imported twice) leaves no trace in the records.
    if (!sameRow(tx.get(kind, change.id) as Record<string, unknown> | undefined, row)) kept.push({ ...change, row });
  }
  return { changes: kept };
}

function sameRow(
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>>,
): boolean {
  if (before === undefined) return false;
  return Object.keys(after).every((field) => sameValue(before[field], after[field]));
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
