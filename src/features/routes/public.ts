export { outcomeLabels, stateLabels } from './outcome-words.ts';
export { boxCounter, inOrder, loadList, mergeOrder } from './order.rules.ts';
export { planDay, type DayPlan, type EarlierDelivery, type MealToCarry, type PlannedDay } from './planning.rules.ts';
export { routeDayIdOf, stopIdOf, stopsOf } from './stops-of.ts';
export {
  doorsOf,
  expectedBack,
  nextStop,
  progressOf,
  sumsOf,
  type Door,
  type Progress,
  type Sums,
} from './route-day.rules.ts';
export { factIdOf, isDone, isGiven, latest, standing, stopState, type Fact, type StopState } from './stop.rules.ts';
export { sheetNumber } from './paper/paper.rules.ts';
export { checkPath, dayPath, stopPath } from './paths.ts';
