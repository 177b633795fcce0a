export { absenceOn, covers, meet, draftAbsence, type Absence, type AbsenceReason } from './absence.rules.ts';
export { cutOffAt, isLate, mealAt, workingKitchen } from './cut-off.rules.ts';
export { eatenOf } from './forecast.rules.ts';
export { dayOrderId, overlaps, runsOn } from './order.rules.ts';
export {
  headcountOf,
  portionsBehind,
  portionsOf,
  type Counted,
  type CountLine,
  type Excluded,
  type Headcount,
  type Portion,
} from './headcount.rules.ts';
export { countOfDay, issuesOf, readPlan, type CountOfDay } from './plan-reader.ts';
