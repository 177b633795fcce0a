import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '#engine/calendar.ts';
import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { registryOf } from '#engine/registry.ts';
import { brings, seesMine, seesStation } from '#engine/scope.ts';
import { readHistory } from '#server/history.ts';
import { olderRecords } from '#server/older-records.ts';
import { postgresStation } from './fixture.ts';

const client = kind({
  name: 'client',
  fields: { area: f.text() },
  sees: [seesStation({ roles: ['office'], within: 'area' })],
});
const call = kind({
  name: 'call',
  fields: {
    clientId: f.reference('client'),
    by: f.person(),
    date: f.date(),
    secret: f.optional(f.text({ only: ['office'] })),
  },
  index: ['clientId'],
  sees: [
    seesStation({ roles: ['office'], days: { field: 'date', from: -14, to: 1 } }),
    seesMine('by', { roles: ['caller'], days: { field: 'date', from: 0, to: 1 } }),
  ],
  brings: [brings('client', 'clientId')],
});
/** Seen for ever by whom it concerns: nothing of it is older than a device's days. */
const card = kind({ name: 'card', fields: { clientId: f.reference('client') }, sees: [seesStation()] });
const registry = registryOf([{ client, call, card }]);

const today = '2026-11-20';
const now = Date.parse(`${today}T04:00:00Z`);
let station: Awaited<ReturnType<typeof postgresStation>>;

beforeAll(async () => {
  station = await postgresStation(registry);
  await station.put('client', [
    { id: 'c1', area: 'east' },
    { id: 'c2', area: 'west' },
  ]);
  const days = [0, -5, -20, -33, -200];
  await station.put(
    'call',
    days.map((ago) => ({ id: `call${ago}`, clientId: 'c1', by: 'li', date: addDays(today, ago), secret: 'key' })),
  );
  await station.put('call', [{ id: 'other', clientId: 'c1', by: 'wu', date: addDays(today, -20), secret: null }]);
  await station.put('call', [{ id: 'west', clientId: 'c2', by: 'li', date: addDays(today, -20), secret: null }]);
});
afterAll(() => station.end());

type Who = { roles: string[]; person?: string; communities?: string[] | 'all' };
async function ask({ roles, person = 'chief', communities = 'all' }: Who, before = today, id = 'c1') {
  const asker = { identity: { station: 's', person, roles, communities }, device: 'd', registry, now };
  const input = { about: { kind: 'client', id }, field: 'clientId', kinds: ['call', 'card'], before };
  const page = await readHistory(station.sql, new Map([['olderRecords', olderRecords as never]]), asker, {
    name: 'olderRecords',
    input,
  });
  const rows = page.rows as { row: { id: string; secret: string | null } }[];
  return { ids: rows.map(({ row }) => row.id), secrets: rows.map(({ row }) => row.secret), next: page.next };
}

describe('older records', () => {
  it('come a month at a time, newest first, over the months without any', async () => {
    const first = await ask({ roles: ['office'] });
    expect(first).toMatchObject({ ids: ['call-5', 'call-20', 'other'], next: addDays(today, -32) });
    const second = await ask({ roles: ['office'] }, first.next as string);
    expect(second).toMatchObject({ ids: ['call-33'], next: addDays(today, -199) });
    expect(await ask({ roles: ['office'] }, second.next as string)).toMatchObject({ ids: ['call-200'], next: null });
  });

  it('are one’s own for whoever sees only those, without what is kept from their role', async () => {
    const found = await ask({ roles: ['caller'], person: 'li' });
    expect(found.ids).toEqual(['call-5', 'call-20']);
    expect(found.secrets).toEqual([null, null]);
  });

  it('are none about a record that one does not see now, though one has seen it', async () => {
    expect(await ask({ roles: ['caller'], person: 'wu' })).toEqual({ ids: [], secrets: [], next: null });
    expect(await ask({ roles: ['office'], communities: ['east'] }, today, 'c2')).toMatchObject({ ids: [] });
  });

  it('leave a line in the audit that says whose past was read by whom', async () => {
    const [line] = await station.sql`
      select person_id, device_id, about from audit where what = 'history.read' order by number desc limit 1`;
    expect(line).toMatchObject({ person_id: 'li', device_id: 'd', about: ['client:c1'] });
  });

  it('are refused for a question of another shape', async () => {
    await expect(ask({ roles: ['office'] }, 'yesterday')).rejects.toThrow('invalid');
  });
});
