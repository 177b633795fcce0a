import type { Row } from '#engine/kind.ts';
import { inStation } from './postgres/in-station.ts';
import { changeFrameRecord } from './postgres/write-records.ts';
import type { Station } from './station.ts';

export interface NewStation {
  readonly id: string;
  /** Its card, the record everybody there holds. */
  readonly card: { readonly name: string; readonly phone: string; readonly address: string };
  /** The first person: works in all communities and brings in the others. */
  readonly coordinator: { readonly id: string; readonly name: string };
}

/** Makes a station with its card and its first coordinator; what follows is done by acts. */
export async function makeStation(
  { sql, store, now }: Pick<Station, 'sql' | 'store' | 'now'>,
  made: NewStation,
): Promise<void> {
  const { id, card, coordinator } = made;
  await sql.begin(async (tx) => {
    await tx`insert into station (id, name) values (${id}, ${card.name})`;
    await tx`insert into station_clock (station_id) values (${id})`;
  });
  const person = {
    id: coordinator.id,
    name: coordinator.name,
    phone: null,
    roles: ['coordinator'],
    allCommunities: true,
    communities: [],
    active: true,
  };
  const records: [string, Row][] = [
    ['stationCard', { id: 'station', ...card }],
    ['person', person],
  ];
  await inStation(sql, id, async (tx) => {
    for (const [kind, row] of records)
      await changeFrameRecord(
        tx,
        store,
        id,
        { kind, id: row.id, become: () => row },
        {
          at: now(),
          what: 'station.make',
          person: null,
          device: null,
          about: [`${kind}:${row.id}`],
          details: {},
        },
      );
  });
}
