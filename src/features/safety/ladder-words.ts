import type { Words } from '#engine/field.ts';
import { m } from '#messages';
import { timeOfDay } from '#ui/format.ts';
import type { IconName } from '#ui/icon-names.ts';
import type { Finding, Rung, RungResult, RungStep } from './ladder.rules.ts';

interface Named {
  readonly name: string;
  readonly relation: string;
}

/** What each rung is called; a contact by relation and name. */
export function rungWords(step: RungStep, contact: Named | undefined, sex: 'F' | 'M' | null): string {
  const words: Record<RungStep, Words> = {
    knock: m.safety_step_knock,
    callElder: sex === 'F' ? m.safety_step_call_her : sex === 'M' ? m.safety_step_call_him : m.safety_step_call_them,
    callContact: () =>
      contact
        ? m.safety_step_call_contact({ relation: contact.relation, name: contact.name })
        : m.safety_step_call_family(),
    tellCentre: m.safety_step_tell_centre,
    askNeighbour: m.safety_step_neighbour,
    askGridWorker: m.safety_step_grid_worker,
    callPolice: m.safety_step_police,
    callAmbulance: m.safety_step_ambulance,
    finding: m.safety_step_finding,
    reopened: m.safety_act_reopen,
  };
  return words[step]();
}

const results: Record<RungResult, Words> = {
  noAnswer: m.safety_result_no_answer,
  answered: m.safety_result_answered,
  notPossible: m.safety_result_not_possible,
  done: () => '',
};

/** "没接 11:34": how a rung ended and when. A knock and a message need no result. */
export function rungTime(rung: Pick<Rung, 'at' | 'result' | 'step'>): string {
  if (rung.at === null) return '';
  const words = rung.result === null || rung.step === 'knock' ? '' : results[rung.result]();
  return words === '' ? timeOfDay(rung.at) : m.safety_result_time({ result: words, time: timeOfDay(rung.at) });
}

export const findingLabels: Readonly<Record<Finding, Words>> = {
  seen: m.safety_finding_seen,
  reachedByPhone: m.safety_finding_phone,
  inHospital: m.safety_finding_hospital,
  away: m.safety_finding_away,
  needsHelp: m.safety_finding_help,
  handedToPolice: m.safety_finding_police,
  openedInError: m.safety_finding_error,
};

export const rungIcons: Readonly<Record<RungStep, IconName>> = {
  knock: 'door',
  callElder: 'call',
  callContact: 'call',
  tellCentre: 'call',
  askNeighbour: 'home',
  askGridWorker: 'walk',
  callPolice: 'sos',
  callAmbulance: 'sos',
  finding: 'check',
  reopened: 'undo',
};
