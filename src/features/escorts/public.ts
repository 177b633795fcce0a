export { stateWords as escortStateWords } from './escort-words.ts';
export {
  expectedReturnAt,
  isOut,
  minutesLate,
  nextStage,
  standingSteps,
  tripState,
  way,
  type TripState,
} from './stage.rules.ts';
