import { addDays, daysBetween } from '#engine/calendar.ts';
import type { TableReader } from '#engine/reader.ts';
import { escort, escortActs } from '#features/escorts/escort.record.ts';
import { escortPlanActs } from '#features/escorts/escort.desk.record.ts';
import { elder } from '#features/people/elder.record.ts';
import { visitPlan } from '#features/visits/visit-plan.record.ts';
import { visitPlanActs } from '#features/visits/visit-plan.desk.record.ts';
import type { ServerCall } from '#server/exchange/act-as.ts';
import { demoPersonId } from './people.ts';
import { demoCall } from './setup.ts';

/** Elders whom the demo looks in on, and how many of them wait on the day it is started. */
const looked = { plans: 60, due: 9 };

/** Look-ins: every elder over 80 who lives alone, up to a number, spread over the month; a few of them overdue. */
export function visitCalls(tables: TableReader, today: string): readonly ServerCall[] {
  const alone = tables
    .where(elder, { status: 'active' })
    .filter(({ living, birthDate }) => living === '独居' && birthDate !== null && daysBetween(birthDate, today) > 80 * 365)
    .slice(0, looked.plans);
  return alone.map(({ id }, at) =>
    demoCall(`visits:${id}`, visitPlanActs.arrange, {
      elderId: id,
      everyDays: at % 3 === 0 ? 7 : 30,
      visitorId: at % 4 === 3 ? null : demoPersonId('hexiao'),
      dueOn: addDays(today, at - looked.due),
    }),
  );
}

/** The demo started on a later day: what is due long ago comes round again, so that the list looks like a working one. */
export function visitsComeRound(tables: TableReader, today: string): readonly ServerCall[] {
  const plans = tables.all(visitPlan).filter(({ active }) => active);
  const waiting = plans.filter(({ dueOn }) => dueOn <= today);
  if (plans.length === 0 || waiting.length <= 2 * looked.due) return [];
  return plans.map((plan, at) =>
    demoCall(`visits:${plan.id}:${today}`, visitPlanActs.arrange, {
      elderId: plan.elderId,
      everyDays: plan.everyDays,
      visitorId: plan.visitorId,
      dueOn: addDays(today, at - looked.due),
    }),
  );
}

const trips = [
  { purpose: 'bank', placeName: '文源路储蓄所', startTime: '10:00', expectedReturn: '11:30', brief: '自己带身份证、存折。走路慢，别催。' },
  { purpose: 'hospital', placeName: '街道社区医院', startTime: '14:00', expectedReturn: '16:30', brief: '带医保卡和旧病历，耳背，凑近说。' },
] as const;

/** Two trips today, with both people named. */
export function escortCalls(tables: TableReader, today: string): readonly ServerCall[] {
  if (tables.where(escort, { date: today }).some(({ state }) => state !== 'cancelled')) return [];
  const elders = tables.where(elder, { status: 'active' }).filter(({ phones }) => (phones ?? []).length > 0);
  return trips.flatMap(({ ...trip }, at) => {
    const who = elders[Math.floor((elders.length / 3) * (at + 1))];
    if (!who) return [];
    const name = `escort:${today}:${trip.purpose}`;
    const people = { firstPerson: demoPersonId('wangqian'), secondPerson: demoPersonId('zoujie'), vehicle: '社区的车' };
    return [
      demoCall(name, escortActs.request, { elderId: who.id, ...trip, date: today, familyTold: true }),
      demoCall(`${name}:staff`, escortPlanActs.staff, { escortId: `demo:${name}`, ...people }),
    ];
  });
}
