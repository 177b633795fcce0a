import { put } from '#engine/change.ts';
import * as f from '#engine/field.ts';
import { kind, mutation, mutationsOf, type ArgumentsOf, type Row } from '#engine/kind.ts';
import { registryOf, type Registry } from '#engine/registry.ts';
import { seesMine, seesStation } from '#engine/scope.ts';
import { careKinds, careStatuses, type CareRecord } from './care-records.ts';

const label = () => '';
const written = {
  kind: f.oneOf(careKinds),
  elder: f.text({ max: 40 }),
  volunteer: f.text({ max: 40 }),
  at: f.instant(),
  status: f.oneOf(careStatuses),
  minutes: f.whole({ min: 0, max: 1_000 }),
  note: f.note(),
};

/**
 * The record the peers carry, as a kind of the station. The coordinator sees it whole, so that it goes by version; a
 * visitor sees it by a rule about each record, so that the server notes every single one; a deliverer sees their own.
 */
export const careRecord = kind({
  name: 'careRecord',
  fields: written,
  index: ['elder', 'volunteer'],
  sees: [
    seesStation({ roles: ['coordinator'] }),
    seesStation({ roles: ['visitor'], having: { field: 'status', values: careStatuses } }),
    seesMine('volunteer', { roles: ['deliverer'] }),
  ],
});

export const careRecordActs = mutationsOf(careRecord, {
  write: mutation({
    label,
    args: written,
    may: () => true,
    apply: (_tx, args, ctx) => [put(careRecord, { id: ctx.newId(), ...args })],
  }),
});

const modules = import.meta.glob<Record<string, unknown>>('../../src/features/*/*.record.ts', { eager: true });

/** Everything a real station declares, and the record of the comparison. */
export const benchRegistry: Registry = registryOf([
  ...Object.keys(modules)
    .sort()
    .map((path) => modules[path] as Record<string, unknown>),
  { careRecord, careRecordActs },
]);

/** The same record in the station's form: instants are numbers. */
export function rowOf(record: CareRecord): Row {
  return { ...record, at: Date.parse(record.at) };
}

export function argumentsOf(record: CareRecord): ArgumentsOf<typeof careRecordActs.write> {
  const {
    kind: what,
    elder,
    volunteer,
    status,
    minutes,
    note,
  } = record as CareRecord & {
    readonly kind: (typeof careKinds)[number];
    readonly status: (typeof careStatuses)[number];
  };
  return { kind: what, elder, volunteer, at: Date.parse(record.at), status, minutes, note };
}
