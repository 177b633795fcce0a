import type { Again } from './again.ts';
import type { Change } from './change.ts';
import type { Context } from './context.ts';
import type { Fields, ValuesOf, Words } from './field.ts';
import type { Reader } from './reader.ts';
import type { Refusal } from './refusal.ts';
import type { Brought, SeeRule } from './scope.ts';

/**
 * A kind of record is declared once. The declaration is plain data plus pure functions; the phone's tables, the
 * PostgreSQL table, both doors' validation, permissions, scope and the generic screens are derived from it.
 */
export interface Kind<F extends Fields = Fields> {
  readonly type: 'kind';
  /** camelCase; the table is the same name in snake_case. */
  readonly name: string;
  readonly fields: F;
  /** Fields by which records are looked up, on the phone and in PostgreSQL. */
  readonly index: readonly (keyof F & string)[];
  /** Sets of fields of which no two records may have the same values. Better: put the natural key into the id. */
  readonly unique: readonly (readonly (keyof F & string)[])[];
  /** Who receives records of this kind. No rule means nobody. */
  readonly sees: readonly SeeRule[];
  /** Records of other kinds that come along with one of these. */
  readonly brings: readonly Brought[];
  /** Lower goes over the wire first: 0 alarms, 1 today's work, 5 the rest. */
  readonly urgency: number;
  readonly label?: Words;
  /**
   * Shown by the generic screens: a list, a page for each record, a form for each act. For kinds whose feature has no
   * screens of its own; needs a label here and on the arguments of its acts. A field without a label is not shown.
   */
  readonly listed: boolean;
  /** Fields that say which record this is, wherever one is listed or referred to. `name` when there is such a field. */
  readonly title: readonly (keyof F & string)[];
  /** Fields of the second line under the title. */
  readonly subtitle: readonly (keyof F & string)[];
}

export type AnyKind = Kind<any>;
/** A record as screens and mutations see it. */
export type RowOf<K> = K extends Kind<infer F> ? { readonly id: string } & ValuesOf<F> : never;
export type Row = { readonly id: string } & Readonly<Record<string, unknown>>;

interface KindDeclaration<F extends Fields> {
  readonly name: string;
  readonly fields: F;
  readonly index?: readonly (keyof F & string)[];
  readonly unique?: readonly (readonly (keyof F & string)[])[];
  readonly sees: readonly SeeRule[];
  readonly brings?: readonly Brought[];
  readonly urgency?: number;
  readonly label?: Words;
  readonly listed?: boolean;
  readonly title?: readonly (keyof F & string)[];
  readonly subtitle?: readonly (keyof F & string)[];
}

/** Declares a kind of record. */
export function kind<const F extends Fields>(declaration: KindDeclaration<F>): Kind<F> {
  const title = 'name' in declaration.fields ? ['name'] : [];
  return {
    ...{ type: 'kind', index: [], unique: [], brings: [], urgency: 5, listed: false, title, subtitle: [] },
    ...declaration,
  };
}

/** Which existing record a mutation is about; `may` receives it. */
export interface About<K extends AnyKind, A extends Fields> {
  readonly kind: K;
  readonly id: (args: ValuesOf<A>) => string;
}

type Subject<K> = K extends AnyKind ? RowOf<K> : undefined;

export interface MutationDeclaration<A extends Fields, K extends AnyKind | undefined, C extends string> {
  /** What a person reads in the list of unsent work: "送达". */
  readonly label: Words;
  readonly args: A;
  /** Raised when the meaning of the arguments changes; older versions are upcast by `upcast`. */
  readonly version?: number;
  /** Turns the arguments of an older version into this version's. */
  readonly upcast?: (args: Record<string, unknown>, version: number) => Record<string, unknown>;
  readonly about?: K extends AnyKind ? About<K, A> : undefined;
  /** Alarms go before everything else, on the way up too. */
  readonly urgent?: boolean;
  /**
   * Whether this person may do this, now, to this record. Decides on the server; shows or hides the button on the phone,
   * where generic screens ask before anything is filled in: with every argument null but the record's.
   */
  readonly may: (ctx: Context, subject: Subject<K>, tx: Reader, args: ValuesOf<A>) => boolean;
  /** Pure: reads through `tx`, returns what changes, or refuses with one of `refusals`. */
  readonly apply: (tx: Reader, args: ValuesOf<A>, ctx: Context) => readonly Change[] | Refusal<C> | Again;
  /** Plain words for each code with which `apply` may refuse. */
  readonly refusals?: Readonly<Record<C, Words>>;
}

export interface Mutation<A extends Fields = Fields> {
  readonly type: 'mutation';
  /** '<kind>.<verb>', e.g. 'delivery.handOver'. */
  readonly name: string;
  readonly label: Words;
  readonly args: A;
  readonly version: number;
  readonly urgent: boolean;
  readonly upcast?: (args: Record<string, unknown>, version: number) => Record<string, unknown>;
  readonly about?: About<AnyKind, A>;
  readonly may: (ctx: Context, subject: any, tx: Reader, args: ValuesOf<A>) => boolean;
  readonly apply: (tx: Reader, args: ValuesOf<A>, ctx: Context) => readonly Change[] | Refusal | Again;
  readonly refusals: Readonly<Record<string, Words>>;
}

export type AnyMutation = Mutation<any>;
export type ArgumentsOf<M> = M extends Mutation<infer A> ? ValuesOf<A> : never;

/** The argument that is the id of the record an act is about; undefined when the id is made of more than one. */
export function subjectArgument(act: AnyMutation): string | undefined {
  const asked = (name: string): unknown => act.about?.id({ [name]: name });
  return act.about && Object.keys(act.args).find((name) => asked(name) === name);
}

type Unnamed<A extends Fields> = Omit<Mutation<A>, 'name'>;

/** Declares one mutation: a named act of the field with checked arguments. Wrap in `mutationsOf` to name it. */
export function mutation<const A extends Fields, K extends AnyKind | undefined = undefined, C extends string = never>(
  declaration: MutationDeclaration<A, K, C>,
): Unnamed<A> {
  return { type: 'mutation', version: 1, urgent: false, refusals: {}, ...declaration } as unknown as Unnamed<A>;
}

/** Names a kind's mutations '<kind>.<verb>'. Export the result from the kind's record file. */
export function mutationsOf<const M extends Readonly<Record<string, Unnamed<any>>>>(
  owner: AnyKind,
  verbs: M,
): { readonly [V in keyof M]: M[V] extends Unnamed<infer A> ? Mutation<A> : never } {
  const named = Object.entries(verbs).map(([verb, act]) => [verb, { ...act, name: `${owner.name}.${verb}` }]);
  return Object.fromEntries(named);
}
