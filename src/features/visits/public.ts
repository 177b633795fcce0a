export { dueList, dueOf, soonDays, standingVisits, type Due, type DueState } from './due.rules.ts';
