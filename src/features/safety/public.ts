export {
  contactsInOrder,
  fieldMayClose,
  isUntouched,
  lacksOwner,
  ladderOf,
  ladderTimers,
  minutesAndSeconds,
  rungNow,
  timeToNextRung,
  waitedMs,
  type CheckFacts,
  type Finding,
  type LadderTimers,
  type Rung,
  type RungStep,
} from './ladder.rules.ts';
export { closeCheck, openCheck } from './safety-check.record.ts';
