/** The imports that the station remembers, as the page lists them. */
import { person } from '#features/access/person.record.ts';
import type { TableReader } from '#engine/reader.ts';
import { elder } from '#features/people/elder.record.ts';
import { importPart, type ImportPart } from './import-part.record.ts';
import { idOf } from './made.rules.ts';

export interface RunSeen {
  readonly run: string;
  readonly file: string;
  readonly by: string;
  /** When its first part came in (ms, UTC). */
  readonly at: number;
  readonly parts: number;
  readonly takenBack: number;
  /** People it has registered, whether they are still here or not. */
  readonly people: number;
  /** Parts that can still be taken back, in the order in which that is done: the latest first. */
  readonly standing: readonly ImportPart[];
  /** Names of those who stay although their part was taken back: somebody has used or changed their files. */
  readonly stays: string[];
}

/** The latest import first. */
export function runsOf(records: TableReader): RunSeen[] {
  const runs = new Map<string, ImportPart[]>();
  for (const part of records.all(importPart)) runs.set(part.run, [...(runs.get(part.run) ?? []), part]);
  return [...runs.values()].map((parts) => seen(records, inOrder(parts))).sort((a, b) => b.at - a.at);
}

/** Parts of one run stand in the order in which they were done: by time, then by the number of the act in its id. */
function inOrder(parts: readonly ImportPart[]): ImportPart[] {
  return [...parts].sort((a, b) => a.at - b.at || a.id.localeCompare(b.id, 'en', { numeric: true }));
}

function seen(records: TableReader, parts: readonly ImportPart[]): RunSeen {
  const [first] = parts as [ImportPart];
  const taken = parts.filter(({ takenBackAt }) => takenBackAt !== null);
  const registered = (part: ImportPart) =>
    part.made
      .filter(({ kind, was }) => was === undefined && (kind === 'elder' || kind === 'person'))
      .map((one) => ({ kind: one.kind, id: idOf(part.id, one) }));
  const nameOf = ({ kind, id }: { kind: string; id: string }) =>
    records.get(kind === 'elder' ? elder : person, id)?.name;
  return {
    run: first.run,
    file: first.file,
    by: first.by,
    at: first.at,
    parts: parts.length,
    takenBack: taken.length,
    people: parts.reduce((sum, part) => sum + registered(part).length, 0),
    standing: parts.filter(({ takenBackAt }) => takenBackAt === null).reverse(),
    stays: taken.flatMap(registered).flatMap((one) => nameOf(one) ?? []),
  };
}
