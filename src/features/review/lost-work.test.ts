import { describe, expect, it } from 'vitest';
import { put } from '#engine/change.ts';
import { registryOf } from '#engine/registry.ts';
import { Desk } from '../../../tests/support/acts.ts';
import { lostWork, type LostWork } from './lost-work.record.ts';
import { lostWorkActs } from './lost-work.desk.record.ts';

const registry = registryOf([{ lostWork, lostWorkActs }]);
const chief = { person: 'chief', roles: ['coordinator'] };
const now = Date.parse('2026-11-20T03:00:00Z');
const row: LostWork = {
  ...{ id: 'lost-1', device: 'd', person: 'wu', count: 2, numbers: '4, 5', from: now - 9, to: now - 5 },
  ...{ toldAt: now, day: '2026-11-20', state: 'open', settledBy: null, settledAt: null, finding: null },
};
const desk = () => new Desk(registry).given(put(lostWork, row));
const settle = (one: Desk, who: { person: string; roles: string[] }, finding: string) =>
  one.do(who, now, lostWorkActs.settle, { lostWorkId: row.id, finding });

describe('lost work', () => {
  it('is settled by a coordinator, in words, once', () => {
    const one = desk();
    expect(settle(one, { person: 'wu', roles: ['deliverer'] }, 'all delivered')).toBe('not-allowed');
    expect(settle(one, chief, '  ')).toBe('finding-missing');
    expect(settle(one, chief, ' all delivered ')).toBeUndefined();
    const settled = { state: 'settled', finding: 'all delivered', settledBy: 'chief', settledAt: now };
    expect(one.tables.get(lostWork, row.id)).toMatchObject(settled);
    expect(settle(one, chief, 'once more')).toBe('already-settled');
  });
});
