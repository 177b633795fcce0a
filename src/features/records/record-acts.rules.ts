import type { Fields } from '#engine/field.ts';
import { subjectArgument, type AnyKind, type AnyMutation } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';

/** An act that is offered on the page of a record, with the argument that takes that record's id. */
export interface RecordAct {
  readonly act: AnyMutation;
  readonly argument: string;
}

/** The kind whose name stands in front of the act's verb. */
export function ownerOf(registry: Registry, act: AnyMutation): AnyKind {
  return registry.kind(act.name.split('.')[0] as string);
}

/** Acts of a kind that are about no record that is there already: offered above its list. */
export function actsThatMake(registry: Registry, kind: AnyKind): readonly AnyMutation[] {
  return fillable(registry).filter((act) => !act.about && ownerOf(registry, act).name === kind.name);
}

/**
 * What can be done on the page of a record of this kind: the acts about it, then those of listed kinds that make
 * something new and name it in an argument (one more haircut on this day).
 */
export function actsOn(registry: Registry, kind: AnyKind): readonly RecordAct[] {
  const about = fillable(registry).filter((act) => act.about?.kind.name === kind.name);
  const naming = registry.kinds.filter(({ listed }) => listed).flatMap((one) => actsThatMake(registry, one));
  return [
    ...about.map((act) => ({ act, argument: subjectArgument(act) })),
    ...naming.map((act) => ({ act, argument: namesKind(act.args as Fields, kind.name) })),
  ].filter((one): one is RecordAct => one.argument !== undefined);
}

/** The arguments that a form still asks for when these are given. */
export function askedFor(act: AnyMutation, given: readonly string[]): Fields {
  return Object.fromEntries(
    Object.entries(act.args as Fields).filter(([name, { input }]) => input !== 'none' && !given.includes(name)),
  );
}

/** A kind is reached through another listed kind when each of its records names one: the haircuts of a haircut day. */
export function parentOf(registry: Registry, kind: AnyKind): AnyKind | undefined {
  const parents = Object.values(kind.fields as Fields).filter(({ refers, optional }) => refers && !optional);
  return registry.kinds.find(({ listed, name }) => listed && parents.some(({ refers }) => refers === name));
}

/** Listed kinds whose records name one of this kind in an indexed field, with that field. */
export function childrenOf(registry: Registry, kind: AnyKind): readonly { child: AnyKind; field: string }[] {
  return registry.kinds
    .filter(({ listed }) => listed)
    .flatMap((child) =>
      Object.entries(child.fields as Fields)
        .filter(([field, { refers }]) => refers === kind.name && child.index.includes(field))
        .map(([field]) => ({ child, field })),
    );
}

/** Acts that a generic form can fill in: what has no input must be allowed to stay empty. */
function fillable(registry: Registry): readonly AnyMutation[] {
  return [...registry.mutations.values()].filter((act) => {
    const subject = subjectArgument(act);
    return Object.entries(act.args as Fields).every(
      ([name, { input, optional }]) => name === subject || optional || input !== 'none',
    );
  });
}

function namesKind(args: Fields, kind: string): string | undefined {
  return Object.entries(args).find(([, { refers }]) => refers === kind)?.[0];
}
