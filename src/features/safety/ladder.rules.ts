/**
 * The ladder of 没人应门: whom to try, in which order, and how long it may take. Pure: rows and the time go in, what the
 * screens and the board show comes out. Nothing here can end a check; only a named person's finding does.
 */
export const findings = [
  'seen',
  'reachedByPhone',
  'inHospital',
  'away',
  'needsHelp',
  'handedToPolice',
  /** The key was pressed by mistake and nobody had acted yet; the stop waits for its outcome again. */
  'openedInError',
] as const;
export type Finding = (typeof findings)[number];

export const rungSteps = [
  'knock',
  'callElder',
  'callContact',
  'tellCentre',
  'askNeighbour',
  'askGridWorker',
  'callPolice',
  'callAmbulance',
  /** Somebody wrote down what was found, also when another had closed the check before. */
  'finding',
  'reopened',
] as const;
export type RungStep = (typeof rungSteps)[number];

export const rungResults = ['noAnswer', 'answered', 'notPossible', 'done'] as const;
export type RungResult = (typeof rungResults)[number];

/** noAnswer: the door did not open. unwell: the person was seen and needs help. */
export const causes = ['noAnswer', 'unwell'] as const;
export type Cause = (typeof causes)[number];

export interface CheckFacts {
  readonly id: string;
  readonly state: 'open' | 'closed';
  readonly cause: Cause;
  readonly openedAt: number;
  readonly openedBy: string;
  readonly ownerId: string | null;
  readonly closedAt: number | null;
}

export interface RungFacts {
  readonly id: string;
  readonly step: RungStep;
  readonly contactId: string | null;
  readonly result: RungResult;
  readonly at: number;
  readonly by: string;
}

export interface ContactFacts {
  readonly id: string;
  readonly order: number;
  readonly phone: string | null;
}

/** Minutes after opening by which each step should have been tried. A station may hand in its own. */
export interface LadderTimers {
  readonly callElder: number;
  /** For each contact, one after the other. */
  readonly callContact: number;
  readonly tellCentre: number;
  readonly askGridWorker: number;
  readonly callAmbulance: number;
  /** Minutes without an owner in the office after which the board shouts. */
  readonly owner: number;
}

export const ladderTimers: LadderTimers = {
  callElder: 2,
  callContact: 2,
  tellCentre: 10,
  askGridWorker: 20,
  callAmbulance: 40,
  owner: 10,
};

export interface Rung {
  readonly step: RungStep;
  readonly contactId: string | null;
  readonly state: 'done' | 'now' | 'later';
  /** Latest try; null while not done. */
  readonly at: number | null;
  readonly result: RungResult | null;
  /** When it should have been tried (ms, UTC). */
  readonly dueAt: number;
}

interface Wanted {
  readonly step: RungStep;
  readonly contactId: string | null;
  readonly minutes: number;
}

/** Contacts that can be called, in the order in which the family wants it. */
export function contactsInOrder<C extends ContactFacts>(contacts: readonly C[]): readonly C[] {
  return contacts.filter(({ phone }) => phone !== null).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}

/** The rungs of one check from the first to the last, with what was done, what is due now and what comes later. */
export function ladderOf(
  check: CheckFacts,
  rungs: readonly RungFacts[],
  contacts: readonly ContactFacts[],
  elderHasPhone: boolean,
  timers: LadderTimers = ladderTimers,
): readonly Rung[] {
  let due: 'now' | 'later' = check.state === 'open' ? 'now' : 'later';
  return wantedSteps(check.cause, contactsInOrder(contacts), elderHasPhone, timers).map((wanted) => {
    const tried = latestTry(rungs, wanted);
    const state = tried ? 'done' : due;
    if (!tried) due = 'later';
    return {
      step: wanted.step,
      contactId: wanted.contactId,
      state,
      at: tried?.at ?? null,
      result: tried?.result ?? null,
      dueAt: check.openedAt + wanted.minutes * 60_000,
    };
  });
}

function wantedSteps(
  cause: Cause,
  contacts: readonly ContactFacts[],
  elderHasPhone: boolean,
  timers: LadderTimers,
): Wanted[] {
  const family = contacts.map(({ id }, place) => ({
    step: 'callContact' as const,
    contactId: id,
    minutes: timers.callElder + (place + 1) * timers.callContact,
  }));
  const one = (step: RungStep, minutes: number): Wanted => ({ step, contactId: null, minutes });
  // Somebody who lies on the floor needs the ambulance first and the family afterwards.
  if (cause === 'unwell') return [one('callAmbulance', 0), one('tellCentre', 2), ...family];
  return [
    one('knock', 0),
    ...(elderHasPhone ? [one('callElder', timers.callElder)] : []),
    ...family,
    one('tellCentre', timers.tellCentre),
    one('askGridWorker', timers.askGridWorker),
    one('callAmbulance', timers.callAmbulance),
  ];
}

/** Steps that stand for one another: a neighbour does for the grid worker, the police for the ambulance. */
const alike: Partial<Record<RungStep, readonly RungStep[]>> = {
  askGridWorker: ['askGridWorker', 'askNeighbour'],
  callAmbulance: ['callAmbulance', 'callPolice'],
};

function latestTry(rungs: readonly RungFacts[], wanted: Wanted): RungFacts | undefined {
  const steps = alike[wanted.step] ?? [wanted.step];
  const tries = rungs.filter(
    ({ step, contactId }) => steps.includes(step) && (wanted.step !== 'callContact' || contactId === wanted.contactId),
  );
  return tries.sort(byTime).at(-1);
}

/** Oldest first; the id decides between two of the same moment, so that every phone shows the same order. */
export function byTime(a: { at: number; id: string }, b: { at: number; id: string }): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The rung that is due, or undefined when all were tried or the check is closed. */
export function rungNow(ladder: readonly Rung[]): Rung | undefined {
  return ladder.find(({ state }) => state === 'now');
}

/** Milliseconds until the due rung should have been tried; 0 when that time has passed, null when none is due. */
export function timeToNextRung(ladder: readonly Rung[], now: number): number | null {
  const due = rungNow(ladder);
  return due ? Math.max(0, due.dueAt - now) : null;
}

/** Milliseconds somebody has been waited for: until the finding, or until now. Never negative, whatever the clocks say. */
export function waitedMs(check: Pick<CheckFacts, 'openedAt' | 'closedAt'>, now: number): number {
  return Math.max(0, (check.closedAt ?? now) - check.openedAt);
}

/** Whole minutes and the seconds left over, for 6 分 20 秒. */
export function minutesAndSeconds(ms: number): { readonly minutes: number; readonly seconds: number } {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  return { minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
}

/** An open check that nobody in the office has taken for too long. */
export function lacksOwner(check: CheckFacts, now: number, timers: LadderTimers = ladderTimers): boolean {
  return check.state === 'open' && check.ownerId === null && waitedMs(check, now) >= timers.owner * 60_000;
}

/** Whether a deliverer or visitor may close with this finding; everything else is the office's to write down. */
export function fieldMayClose(
  check: Pick<CheckFacts, 'cause'>,
  finding: Finding,
  rungs: readonly Pick<RungFacts, 'step' | 'result' | 'by'>[],
  person: string,
): boolean {
  // Having seen somebody who is unwell is how it began, not how it ends.
  if (check.cause === 'unwell') return false;
  if (finding === 'seen') return true;
  const spoken = rungs.some(({ step, result, by }) => step === 'callElder' && result === 'answered' && by === person);
  return finding === 'reachedByPhone' && spoken;
}

/** Nobody has acted on it yet, and nothing but the first knock was tried: it may have been a slip. */
export function isUntouched(
  check: Pick<CheckFacts, 'state' | 'ownerId'>,
  rungs: readonly Pick<RungFacts, 'step'>[],
): boolean {
  return check.state === 'open' && check.ownerId === null && rungs.every(({ step }) => step === 'knock');
}
