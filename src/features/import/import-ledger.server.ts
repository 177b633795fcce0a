import { dayOf } from '#engine/calendar.ts';
import type { DeviceSession } from '#server/exchange/judge.ts';
import { actAs } from '#server/exchange/act-as.ts';
import { inStation } from '#server/postgres/in-station.ts';
import { readTables } from '#server/postgres/read-tables.ts';
import type { Station } from '#server/station.ts';
import {
  knownPeople,
  ledgerToActs,
  passesMax,
  stationKnown,
  type Question,
  type StationKnown,
} from './ledger-to-acts.ts';
import { cutIntoPieces } from './act-pieces.ts';
import { importCall } from './import-calls.ts';
import { importPartActs } from './import-part.desk.record.ts';
import type { KnownPerson, ReadLedger } from './ledger.ts';

type Given = Record<string, unknown>;

export type ImportStation = Pick<Station, 'sql' | 'store' | 'registry' | 'now' | 'report'>;

/** What an import did. Counts are rows of the ledger, as the office's page says them. */
export interface Imported {
  /** Rows that brought something new, rows about what was there already, rows written twice. */
  readonly registered: number;
  readonly unchanged: number;
  readonly twice: number;
  /** Acts that the station did not take, with the code of the refusal. */
  readonly refused: readonly { readonly act: string; readonly code: string | null }[];
  /** What a person has to decide; nothing was done about it. */
  readonly questions: readonly Question[];
}

/** Elders of the station, against whom lists and marks are read. */
export async function stationPeople(station: ImportStation, id: string): Promise<KnownPerson[]> {
  return knownPeople(await knownOf(station, id));
}

async function knownOf({ sql, registry }: ImportStation, id: string): Promise<StationKnown> {
  return stationKnown(await inStation(sql, id, (tx) => readTables(tx, registry, registry.kinds)));
}

/**
 * Brings a ledger into a station for the person of the session, through the acts of the office's page. `run` names this
 * import: its acts carry it, so that each is taken once, and the whole can be taken back. The same ledger again finds everything there and does nothing.
 */
export async function importLedger(
  station: ImportStation,
  session: DeviceSession,
  ledger: ReadLedger,
  { run, pinyinOf }: { readonly run: string; readonly pinyinOf: (name: string) => string | null },
): Promise<Imported> {
  const { station: id } = session.identity;
  const options = { pinyinOf, today: dayOf(station.now()) };
  const first = ledgerToActs(ledger, await knownOf(station, id), options);
  const refused: Imported['refused'][number][] = [];
  let next = first;
  for (let pass = 0; pass < passesMax && next.calls.length > 0 && refused.length === 0; pass += 1) {
    const pieces = next.calls.flatMap(cutIntoPieces);
    const calls = pieces.map(({ name: act, args: given }, at) => {
      const { name, args } = importCall(importPartActs.bringIn, {
        run,
        file: ledger.fileName,
        act,
        given: given as Given,
      });
      return { name, args, id: `import:${run}:${pass}:${at}` };
    });
    const verdicts = await actAs(station.store, station.registry, station, session, calls, station.report);
    verdicts.forEach(({ verdict, code }, at) => {
      if (verdict === 'refused') refused.push({ act: pieces[at]?.name ?? '', code: code ?? null });
    });
    next = ledgerToActs(ledger, await knownOf(station, id), options);
  }
  const { fresh, known, twice, questions } = first;
  return { registered: fresh, unchanged: known, twice, refused, questions };
}
