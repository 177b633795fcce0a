import type { IconName } from '#ui/icon-names.ts';
import { m } from '#messages';
import type { Escort, TripState, WayStage } from './stage.rules.ts';

type Purpose = Escort['purpose'];

export const purposeWords: Record<Purpose, () => string> = {
  bank: m.escorts_purpose_bank,
  hospital: m.escorts_purpose_hospital,
  other: m.escorts_purpose_other,
};
export const purposeIcons: Record<Purpose, IconName> = { bank: 'bank', hospital: 'hospital', other: 'walk' };

/** A stage as a state of the trip: "接到". */
export const stageWords: Record<WayStage, () => string> = {
  confirmed: m.escorts_stage_confirmed,
  pickedUp: m.escorts_stage_picked_up,
  arrived: m.escorts_stage_arrived,
  returning: m.escorts_stage_returning,
  handedBack: m.escorts_stage_handed_back,
};
/** The same as what one presses: "接到人了". */
export const stageKeys: Record<WayStage, () => string> = {
  confirmed: m.escorts_act_confirm,
  pickedUp: m.escorts_act_pick_up,
  arrived: m.escorts_act_arrive,
  returning: m.escorts_act_head_back,
  handedBack: m.escorts_act_hand_back,
};
export const stateWords: Record<TripState, () => string> = {
  ...stageWords,
  requested: m.escorts_state_requested,
  staffed: m.escorts_state_staffed,
  cancelled: m.escorts_state_cancelled,
  halted: m.escorts_state_halted,
  handedToHospital: m.escorts_state_handed_to_hospital,
};
export const checkWords: Record<string, () => string> = {
  ownCard: m.escorts_check_own_card,
  ownIdCard: m.escorts_check_own_id_card,
  noCardNoPin: m.escorts_check_no_card_no_pin,
  familyKnows: m.escorts_check_family_knows,
  idCard: m.escorts_check_id_card,
  insuranceCard: m.escorts_check_insurance_card,
  oldRecords: m.escorts_check_old_records,
  inside: m.escorts_check_inside,
  doorShut: m.escorts_check_door_shut,
  moneyCounted: m.escorts_check_money_counted,
  papersBack: m.escorts_check_papers_back,
  medicineTold: m.escorts_check_medicine_told,
};
