import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesBeside, seesMine, seesStation, seesWith } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

export const findings = ['seen', 'reachedByPhone', 'inHospital', 'away', 'needsHelp', 'handedToPolice'] as const;
export const rungSteps = [
  'knock',
  'callElder',
  'callContact',
  'tellCentre',
  'askNeighbour',
  'askGridWorker',
  'callPolice',
  'callAmbulance',
] as const;
export const rungResults = ['noAnswer', 'answered', 'notPossible', 'done'] as const;

/** 核实: a door did not open. Open until a named person writes down what was found. Id: check:<stop or visit>. */
export const safetyCheck = kind({
  name: 'safetyCheck',
  fields: {
    elderId: f.reference('elder'),
    date: f.date(),
    /** The stop or visit at which it began. */
    stopId: f.optional(f.reference('stop')),
    visitId: f.optional(f.reference('visit')),
    openedAt: f.instant(),
    openedBy: f.person(),
    /** Who looks after it now; null until somebody in the office takes it. */
    ownerId: f.optional(f.person()),
    state: f.oneOf(['open', 'closed']),
    finding: f.optional(f.oneOf(findings)),
    findingNote: f.optional(f.note()),
    closedAt: f.optional(f.instant()),
    closedBy: f.optional(f.person()),
  },
  index: ['elderId', 'stopId', 'visitId', 'state', 'date'],
  sees: [
    seesStation({ roles: office, days: { field: 'date', from: -30, to: 1 } }),
    seesStation({ roles: office, having: { field: 'state', values: ['open'] } }),
    seesMine('openedBy', { days: { field: 'date', from: -1, to: 1 } }),
    seesBeside('stop', 'stopId', 'id', { roles: ['deliverer'] }),
  ],
  urgency: 0,
});

/** One rung of the ladder: who was tried, when, with what result. A fact. */
export const checkRung = kind({
  name: 'checkRung',
  fields: {
    checkId: f.reference('safetyCheck'),
    step: f.oneOf(rungSteps),
    contactId: f.optional(f.text()),
    result: f.oneOf(rungResults),
    note: f.optional(f.note()),
    at: f.instant(),
    by: f.person(),
  },
  index: ['checkId'],
  sees: [seesWith('safetyCheck', 'checkId')],
  urgency: 0,
});
