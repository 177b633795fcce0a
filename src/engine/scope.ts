/**
 * Scope: which records a person's devices hold. Rules are data, so that the server can turn them into SQL and the
 * simulation can judge them in memory. A person sees the union of what the rules for their roles give.
 */
interface RuleBase {
  /** The rule counts for people with one of these roles; left out, for everybody. */
  readonly roles?: readonly string[];
  /** Only records whose date field lies within [today + from, today + to]. */
  readonly days?: { readonly field: string; readonly from: number; readonly to: number };
  /** Only records with one of these values in a field. */
  readonly having?: { readonly field: string; readonly values: readonly (string | boolean)[] };
}

export type SeeRule =
  /** Every record of the station; with `within`, only those of the communities the person works in. */
  | (RuleBase & { readonly by: 'station'; readonly within?: string })
  /** Records in which a field holds the person's own id. */
  | (RuleBase & { readonly by: 'mine'; readonly field: string })
  /** Records whose `own` value is found in the `other` field of a record of `kind` that the person sees. */
  | (RuleBase & { readonly by: 'joined'; readonly own: string; readonly kind: string; readonly other: string });

/** Every record of the station. */
export function seesStation(options: RuleBase & { within?: string } = {}): SeeRule {
  return { by: 'station', ...options };
}

/** Records whose `field` is the person's id ('id' for records that are the person). */
export function seesMine(field: string, options: RuleBase = {}): SeeRule {
  return { by: 'mine', field, ...options };
}

/** Records that belong to a seen record: `field` here is the id of a seen `kind` (stops of a route I see). */
export function seesWith(kind: string, field: string, options: RuleBase = {}): SeeRule {
  return { by: 'joined', own: field, kind, other: 'id', ...options };
}

/** Records that a seen record refers to: this id stands in `field` of a seen `kind` (elders of stops I see). */
export function seesReferredBy(kind: string, field: string, options: RuleBase = {}): SeeRule {
  return { by: 'joined', own: 'id', kind, other: field, ...options };
}

/** Records that share a value with a seen record: `own` here equals `other` there (diets of the elders of my stops). */
export function seesBeside(kind: string, own: string, other: string, options: RuleBase = {}): SeeRule {
  return { by: 'joined', own, kind, other, ...options };
}

/**
 * Said by the kind that refers, for kinds of other features: whoever sees a record of this kind sees the record its
 * `field` names too (the elder of a haircut). So that a new kind of care needs no edit where elders are declared.
 */
export interface Brought {
  readonly kind: string;
  readonly field: string;
  /** Counts for people with one of these roles; left out, for everybody who sees the record that brings it. */
  readonly roles?: readonly string[];
}

/** The record of `kind` that `field` names comes along to whoever sees this one. */
export function brings(kind: string, field: string, options: Pick<Brought, 'roles'> = {}): Brought {
  return { kind, field, ...options };
}

/** What the rules need to know of a person and a day. */
export interface Viewer {
  readonly person: string;
  readonly roles: readonly string[];
  readonly communities: readonly string[] | 'all';
  readonly today: string;
}

/** Rules of a kind that count for this person. */
export function rulesFor(rules: readonly SeeRule[], viewer: Viewer): readonly SeeRule[] {
  return rules.filter((rule) => rule.roles === undefined || rule.roles.some((role) => viewer.roles.includes(role)));
}

/** The rule by which the person sees every record of the kind, whatever stands in it; undefined when there is none. */
export function wholeRule({ sees }: { readonly sees: readonly SeeRule[] }, viewer: Viewer): SeeRule | undefined {
  return rulesFor(sees, viewer).find(
    (rule) =>
      rule.by === 'station' &&
      rule.days === undefined &&
      rule.having === undefined &&
      (rule.within === undefined || viewer.communities === 'all'),
  );
}
