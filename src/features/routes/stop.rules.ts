/**
 * What happened at one door, told from its facts. Facts are never changed: a later one may correct an earlier one, take
 * it back ('withdrawn'), or follow it. Which one counts depends on these links and not on clocks or on the order in
 * which phones reported; only between two people who did not know of each other the best known time decides, and then
 * both are shown.
 */
export const outcomes = [
  'handedOver',
  'handedToOther',
  'noAnswer',
  'refused',
  'moved',
  'inHospital',
  'died',
  'cannotReach',
  'wrongMeal',
  'shortMeal',
  'withdrawn',
] as const;
export type Outcome = (typeof outcomes)[number];
/** What can be said of a door; 'withdrawn' is only said of another fact. */
export type DoorOutcome = Exclude<Outcome, 'withdrawn'>;
export const doorOutcomes = outcomes.filter((one): one is DoorOutcome => one !== 'withdrawn');

export interface Fact {
  readonly id: string;
  readonly outcome: Outcome;
  /** The fact that was wrong and is replaced or taken back by this one. */
  readonly corrects: string | null;
  /** The same person's fact that stood before and was true then: no answer, then handed over. */
  readonly follows: string | null;
  readonly at: number;
  readonly by: string;
  /** Who typed it in from paper, if anybody did. */
  readonly enteredBy?: string | null;
}

export interface StopCheck {
  readonly id: string;
  readonly state: 'open' | 'closed';
  readonly ownerId: string | null;
}

/** Oldest first; the id decides between facts of the same moment. */
function byTime(a: Fact, b: Fact): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Facts that stand: not corrected and not withdrawn. A correction that was itself taken back corrects nothing. */
export function factsInForce<F extends Fact>(facts: readonly F[]): readonly F[] {
  const correctors = new Map<string, F[]>();
  for (const fact of facts) {
    if (fact.corrects === null) continue;
    correctors.set(fact.corrects, [...(correctors.get(fact.corrects) ?? []), fact]);
  }
  const known = new Map<string, boolean>();
  const stands = (fact: F): boolean => {
    const before = known.get(fact.id);
    if (before !== undefined) return before;
    // A chain that bites its own tail can only come from a foreign hand; it must not hang the screen.
    known.set(fact.id, false);
    const result = !(correctors.get(fact.id) ?? []).some(stands);
    known.set(fact.id, result);
    return result;
  };
  return facts.filter(stands);
}

/**
 * Facts that count, oldest first: in force, not followed by a later one of the same person. More than one means that
 * two people said something about this door; both are kept and shown.
 */
export function standing<F extends Fact>(facts: readonly F[]): readonly F[] {
  const inForce = factsInForce(facts).filter(({ outcome }) => outcome !== 'withdrawn');
  const followed = new Set(inForce.map(({ follows }) => follows));
  const last = inForce.filter(({ id }) => !followed.has(id)).sort(byTime);
  return last.filter((fact) => !isEcho(fact, last));
}

/** Typed from the paper of somebody whose phone has said the same: one fact, told twice. */
function isEcho(fact: Fact, others: readonly Fact[]): boolean {
  if (!fact.enteredBy) return false;
  return others.some(({ enteredBy, by, outcome }) => !enteredBy && by === fact.by && outcome === fact.outcome);
}

/** The fact that counts, or undefined when nothing stands. */
export function latest<F extends Fact>(facts: readonly F[]): F | undefined {
  return standing(facts).at(-1);
}

export type StopState =
  /** Nothing said yet. */
  | 'waiting'
  | 'delivered'
  | 'deliveredToOther'
  /** An outcome without a meal handed over. */
  | 'notDelivered'
  /** A check is open: not done, whatever else was said. */
  | 'checking'
  /** Nobody had answered, the check was closed with a finding, no meal was handed over. */
  | 'resolved';

/** State of a stop from its facts and its checks. */
export function stopState(facts: readonly Fact[], checks: readonly StopCheck[]): StopState {
  if (checks.some(({ state }) => state === 'open')) return 'checking';
  const counting = latest(facts);
  switch (counting?.outcome) {
    case undefined:
      return 'waiting';
    case 'handedOver':
      return 'delivered';
    case 'handedToOther':
      return 'deliveredToOther';
    case 'noAnswer':
      // Its check has not come to this phone yet: the careful reading is that nobody has been found.
      return checks.some(({ id }) => id === checkIdOf(counting.id)) ? 'resolved' : 'checking';
    default:
      return 'notDelivered';
  }
}

/** Id of the check that a no answer opens. */
export function checkIdOf(factId: string): string {
  return `${factId}.check`;
}

/** The fact that opened a check of this name. */
export function factIdOf(checkId: string): string {
  return checkId.slice(0, -'.check'.length);
}

/** Id of the absence draft that a fact opens. */
export function absenceIdOf(factId: string): string {
  return `${factId}.absence`;
}

/** Whether the stop needs nothing more from whoever walks the route. */
export function isDone(state: StopState): boolean {
  return state !== 'waiting' && state !== 'checking';
}

/** Whether a meal stayed at this door. */
export function isGiven(state: StopState): boolean {
  return state === 'delivered' || state === 'deliveredToOther';
}

/** Outcomes after which nobody needs to be fed here until somebody confirms or denies it, and the reason they give. */
export const absenceReasonOf: Partial<Record<Outcome, 'hospital' | 'moved' | 'died'>> = {
  inHospital: 'hospital',
  moved: 'moved',
  died: 'died',
};

/**
 * Whether this person may say this of a door after what they said before: the same thing twice is a slip of the
 * finger, and after a hand-over only a correction makes sense.
 */
export function repeats(own: Fact | undefined, outcome: DoorOutcome, checks: readonly StopCheck[]): boolean {
  if (own === undefined) return false;
  if (own.outcome === 'handedOver' || own.outcome === 'handedToOther') return true;
  if (own.outcome !== outcome) return false;
  // Knocking again later, after the first check was closed, is new.
  return outcome !== 'noAnswer' || checks.some(({ id, state }) => id === checkIdOf(own.id) && state === 'open');
}
