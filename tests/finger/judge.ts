import { standing } from '#features/routes/stop.rules.ts';
import type { Delivery } from '#features/routes/delivery.record.ts';
import type { Sql } from '#server/postgres/connect.ts';
import type { SmallDay } from '../support/route-days.ts';
import type { Meant } from './person.ts';

/** What the database says of a day, held against what the person meant. */
export interface Judgement {
  readonly tasks: number;
  /** Tasks that are wrong in the end, in words. */
  readonly wrong: readonly string[];
  /** Effects nobody meant and no key of the volunteer takes back, in words. */
  readonly irreversible: readonly string[];
}

const wanted: Readonly<Record<Meant, Pick<Delivery, 'outcome' | 'note'>>> = {
  handedOver: { outcome: 'handedOver', note: null },
  neighbour: { outcome: 'handedToOther', note: '邻居' },
  refused: { outcome: 'refused', note: '本人说的' },
  found: { outcome: 'handedOver', note: null },
};

interface Check {
  readonly id: string;
  readonly stopId: string;
  readonly cause: string;
  readonly finding: string | null;
  readonly state: string;
}

/** Four doors, leaving with the right number of boxes, and handing in with the right sums: six tasks a day. */
export async function judge(sql: Sql, day: SmallDay, meant: ReadonlyMap<string, Meant>): Promise<Judgement> {
  const stopIds = day.doors.map(({ stopId }) => stopId);
  const facts = await sql<Delivery[]>`select id, stop_id as "stopId", outcome, note, corrects, follows, at, by
    from delivery where stop_id in ${sql(stopIds)}`;
  const checks = await sql<Check[]>`select id, stop_id as "stopId", cause, finding, state from safety_check
    where stop_id in ${sql(stopIds)}`;
  const rungs = await sql<{ step: string; checkId: string }[]>`select step, check_id as "checkId" from check_rung
    where check_id in (select id from safety_check where stop_id in ${sql(stopIds)})`;
  const doors = day.doors.flatMap(({ stopId }) => {
    const what = meant.get(stopId) as Meant;
    const own = checks.filter((check) => check.stopId === stopId);
    const problem = doorProblem(
      what,
      standing(facts.filter((fact) => fact.stopId === stopId)),
      own,
      rungs.filter(({ checkId }) => own.some(({ id }) => id === checkId)),
    );
    return problem ? [`${stopId} ${what}: ${problem}`] : [];
  });
  const sums = await sumProblems(sql, day, meant);
  const said = rungs.filter(({ step }) => step === 'tellCentre' || step === 'callAmbulance').map(({ step }) => step);
  const unwell = checks.filter(({ cause, finding }) => cause === 'unwell' && finding !== 'openedInError');
  const irreversible = [...said, ...unwell.map(() => 'unwell'), ...sums];
  return { tasks: day.doors.length + 2, wrong: [...doors, ...sums], irreversible };
}

function doorProblem(
  meant: Meant,
  counting: readonly Delivery[],
  checks: readonly Check[],
  rungs: readonly { readonly step: string }[],
): string | null {
  const { outcome, note } = wanted[meant];
  const [fact] = counting;
  if (counting.length !== 1 || !fact) return `${counting.length} facts stand`;
  if (fact.outcome !== outcome || fact.note !== note) return `${fact.outcome} ${fact.note ?? ''}`;
  if (checks.some(({ state }) => state === 'open')) return 'a check is open';
  if (meant === 'found' && !rungs.some(({ step }) => step === 'callElder')) return 'nobody was called';
  return null;
}

async function sumProblems(
  sql: Sql,
  { routeDayId, doors }: SmallDay,
  meant: ReadonlyMap<string, Meant>,
): Promise<readonly string[]> {
  const [row] = await sql<{ state: string; out: number; back: number; old: number }[]>`select state,
    boxes_out as out, boxes_back as back, old_boxes as old from route_day where id = ${routeDayId}`;
  const refused = doors.filter(({ stopId }) => meant.get(stopId) === 'refused').length;
  const problems: string[] = [];
  if (row?.out !== doors.length) problems.push(`${row?.out} boxes out`);
  if (row?.state !== 'closed') problems.push('not handed in');
  else if (row.back !== refused || row.old !== 0) problems.push(`${row.back} meals and ${row.old} boxes back`);
  return problems;
}
