import { subjectArgument, type AnyKind, type AnyMutation } from './kind.ts';
import { seesReferredBy } from './scope.ts';

/** All declarations of a station in one place: looked up by name, ordered so that scope rules find what they refer to. */
export interface Registry {
  /** Kinds, each after the kinds its scope rules look at. */
  readonly kinds: readonly AnyKind[];
  kind(name: string): AnyKind;
  readonly mutations: ReadonlyMap<string, AnyMutation>;
  /** Takes in acts whose declarations come later than the kinds. Throws when a kind is among them. */
  learn(modules: readonly Readonly<Record<string, unknown>>[]): void;
}

/**
 * Builds the registry from the modules of all record files: every exported kind and every exported set of mutations.
 * Throws when declarations contradict each other, so that a mistake is found at start and not at a door.
 */
export function registryOf(modules: readonly Readonly<Record<string, unknown>>[]): Registry {
  const kinds = new Map<string, AnyKind>();
  const mutations = new Map<string, AnyMutation>();
  for (const value of modules.flatMap((module) => Object.values(module))) {
    if (isKind(value)) addOnce(kinds, value.name, value);
    else for (const act of mutationsIn(value)) addOnce(mutations, act.name, act);
  }
  for (const one of kinds.values()) addBrought(one, kinds);
  for (const one of kinds.values()) checkKind(one, kinds);
  for (const act of mutations.values()) checkShown(act, kinds.get(act.name.split('.')[0] as string));
  return {
    kinds: inScopeOrder(kinds),
    mutations,
    kind(name) {
      const found = kinds.get(name);
      if (!found) throw new Error(`No kind is called "${name}".`);
      return found;
    },
    learn(more) {
      for (const value of more.flatMap((module) => Object.values(module))) {
        if (isKind(value)) throw new Error(`Kind "${value.name}" is known too late: a phone must hold every kind.`);
        for (const act of mutationsIn(value)) {
          addOnce(mutations, act.name, act);
          checkShown(act, kinds.get(act.name.split('.')[0] as string));
        }
      }
    },
  };
}

function addOnce<T>(map: Map<string, T>, name: string, value: T): void {
  const before = map.get(name);
  if (before !== undefined && before !== value) throw new Error(`"${name}" is declared twice.`);
  map.set(name, value);
}

/** Turns what a kind brings along into a rule of the kind that is brought. */
function addBrought(one: AnyKind, kinds: Map<string, AnyKind>): void {
  for (const { kind, field, ...options } of one.brings) {
    const brought = kinds.get(kind);
    if (!brought) throw new Error(`Kind "${one.name}" brings "${kind}", which is no kind.`);
    kinds.set(kind, { ...brought, sees: [...brought.sees, seesReferredBy(one.name, field, options)] });
  }
}

function isKind(value: unknown): value is AnyKind {
  return typeof value === 'object' && value !== null && (value as AnyKind).type === 'kind';
}

function mutationsIn(value: unknown): AnyMutation[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter(
    (one): one is AnyMutation =>
      typeof one === 'object' &&
      one !== null &&
      (one as AnyMutation).type === 'mutation' &&
      typeof (one as AnyMutation).name === 'string',
  );
}

function checkKind(one: AnyKind, kinds: ReadonlyMap<string, AnyKind>): void {
  if (!/^[a-z][A-Za-z0-9]*$/.test(one.name)) throw new Error(`Kind "${one.name}": the name must be camelCase.`);
  const has = (kind: AnyKind, field: string): boolean => field === 'id' || field in kind.fields;
  const shown = [...one.title, ...one.subtitle];
  const named = [...one.index, ...one.unique.flat(), ...one.sees.flatMap(fieldsOfRule), ...shown];
  if (one.listed && !one.label) throw new Error(`Kind "${one.name}" is listed, so it must have a label.`);
  for (const field of named) if (!has(one, field)) throw new Error(`Kind "${one.name}" has no field "${field}".`);
  for (const [field, { refers, refersEach, only, optional }] of Object.entries(one.fields) as [
    string,
    AnyKind['fields'][string],
  ][]) {
    for (const other of [refers, refersEach])
      if (other !== undefined && !kinds.has(other))
        throw new Error(`${one.name}.${field} refers to "${other}", which is no kind.`);
    if (only !== undefined && !optional)
      throw new Error(`${one.name}.${field} is kept from some roles, so it must be optional.`);
  }
  for (const rule of one.sees) {
    if (rule.by !== 'joined') continue;
    const other = kinds.get(rule.kind);
    if (!other) throw new Error(`Kind "${one.name}" is seen with "${rule.kind}", which is no kind.`);
    if (!has(other, rule.other)) throw new Error(`Kind "${rule.kind}" has no field "${rule.other}".`);
  }
}

/** A generic form asks for every argument of a listed kind's acts, so each needs words: its own or its field's. */
function checkShown(act: AnyMutation, owner: AnyKind | undefined): void {
  if (!owner?.listed) return;
  const subject = subjectArgument(act);
  for (const [name, { label }] of Object.entries(act.args) as [string, AnyKind['fields'][string]][])
    if (name !== subject && !label && !owner.fields[name]?.label)
      throw new Error(`Argument "${name}" of ${act.name} is asked for in a form, so it must have a label.`);
}

function fieldsOfRule(rule: AnyKind['sees'][number]): string[] {
  const own = rule.by === 'mine' ? [rule.field] : rule.by === 'joined' ? [rule.own] : rule.within ? [rule.within] : [];
  return [...own, ...(rule.days ? [rule.days.field] : []), ...(rule.having ? [rule.having.field] : [])];
}

function inScopeOrder(kinds: ReadonlyMap<string, AnyKind>): AnyKind[] {
  const ordered: AnyKind[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (one: AnyKind): void => {
    if (state.get(one.name) === 'done') return;
    if (state.get(one.name) === 'open') throw new Error(`The scope of "${one.name}" depends on itself.`);
    state.set(one.name, 'open');
    for (const rule of one.sees) if (rule.by === 'joined') visit(kinds.get(rule.kind) as AnyKind);
    state.set(one.name, 'done');
    ordered.push(one);
  };
  for (const name of [...kinds.keys()].sort()) visit(kinds.get(name) as AnyKind);
  return ordered;
}
