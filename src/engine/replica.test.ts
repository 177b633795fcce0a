import { describe, expect, it } from 'vitest';
import { answer, lamp, lampActs, phone, registry } from './replica.fixture.ts';
import { Replica } from './replica.ts';

describe('the phone', () => {
  it('shows an act at once, keeps it over a cold start, and drops it when the centre has it', async () => {
    const { storage, tools, replica } = await phone();
    const outcome = await replica.mutate(lampActs.light, { lampId: 'l1' });
    expect(outcome).toHaveProperty('saved');
    expect(replica.shown.get(lamp, 'l1')?.lit).toBe(true);

    const again = await Replica.open(registry, 'd', storage, tools);
    expect(again.shown.get(lamp, 'l1')?.lit).toBe(true);
    expect(again.unsent).toHaveLength(1);

    const request = again.request();
    await again.accept(
      request,
      answer({
        cookie: 'c2',
        rows: [{ row: { id: 'l1', room: 'hall', lit: true }, version: 2 }],
        verdicts: [{ seq: 1, id: 'act-1', verdict: 'applied', repeated: false }],
      }),
    );
    expect(again.unsent).toHaveLength(0);
    expect(again.shown.get(lamp, 'l1')?.lit).toBe(true);
  });

  it('takes back what the centre refused and keeps the entry whole', async () => {
    const { replica } = await phone();
    await replica.mutate(lampActs.light, { lampId: 'l1' });
    await replica.accept(
      replica.request(),
      answer({
        cookie: 'c2',
        verdicts: [{ seq: 1, id: 'act-1', verdict: 'refused', repeated: false, code: 'already-lit' }],
      }),
    );
    expect(replica.shown.get(lamp, 'l1')?.lit).toBe(false);
    expect(replica.entries[0]).toMatchObject({ state: 'refused', code: 'already-lit', args: { lampId: 'l1' } });
  });

  it('applies what is unsent again on top of news from the centre', async () => {
    const { replica } = await phone();
    await replica.mutate(lampActs.hang, { room: 'attic' });
    await replica.accept(
      { ...replica.request(), mutations: [] },
      answer({ cookie: 'c2', rows: [{ row: { id: 'l2', room: 'attic', lit: true }, version: 2 }] }),
    );
    expect(replica.shown.where(lamp, { room: 'attic' }).map(({ id }) => id)).toEqual(['act-1', 'l2']);
  });

  it('leaves nothing of a removed record on the disk', async () => {
    const { storage, replica } = await phone();
    await replica.accept(replica.request(), answer({ cookie: 'c2', removed: ['l1'] }));
    expect(replica.shown.get(lamp, 'l1')).toBeUndefined();
    expect(JSON.stringify(storage.state.pages)).not.toContain('l1');
  });

  it('leaves nothing of a sensitive value on the disk that a newer row has replaced', async () => {
    const { storage, replica } = await phone();
    const row = { id: 'l1', room: 'hall', lit: false, code: null };
    await replica.accept(
      replica.request(),
      answer({ cookie: 'c2', rows: [{ row: { ...row, code: '1234' }, version: 2 }] }),
    );
    await replica.accept(replica.request(), answer({ cookie: 'c3', rows: [{ row, version: 3 }] }));
    expect(JSON.stringify(storage.state.pages)).not.toContain('1234');
  });

  it('shows a state that comes in parts only when the last part is there, after a crash too', async () => {
    const { storage, tools, replica } = await phone();
    await replica.mutate(lampActs.hang, { room: 'attic' });
    const verdict = { seq: 1, id: 'act-1', verdict: 'applied', repeated: false } as const;
    const hall = { row: { id: 'l1', room: 'hall', lit: true }, version: 2 };
    await replica.accept(replica.request(), answer({ cookie: 'c2', more: true, verdicts: [verdict], rows: [hall] }));
    const again = await Replica.open(registry, 'd', storage, tools);
    for (const one of [replica, again]) {
      expect(one.shown.get(lamp, 'l1')?.lit).toBe(false);
      expect(one.shown.where(lamp, { room: 'attic' })).toHaveLength(1);
    }
    const attic = { row: { id: 'act-1', room: 'attic', lit: false }, version: 2 };
    await again.accept(again.request(), answer({ cookie: 'c3', rows: [attic] }));
    expect(again.shown.get(lamp, 'l1')?.lit).toBe(true);
    expect(again.shown.where(lamp, { room: 'attic' })).toHaveLength(1);
  });

  it('does not take the verdict on another act under the same number for its own', async () => {
    const { replica } = await phone();
    await replica.mutate(lampActs.light, { lampId: 'l1' });
    const verdict = { seq: 1, id: 'another', verdict: 'applied', repeated: true } as const;
    await replica.accept(replica.request(), answer({ cookie: 'c2', verdicts: [verdict] }));
    expect(replica.unsent).toHaveLength(1);
  });

  it('keeps what the centre has received for a week of the centre, whatever its own clock says', async () => {
    const clock = { wall: 1_000 };
    const { replica } = await phone(clock);
    await replica.mutate(lampActs.light, { lampId: 'l1' });
    const verdict = { seq: 1, id: 'act-1', verdict: 'applied', repeated: false } as const;
    await replica.accept(replica.request(), answer({ cookie: 'c2', verdicts: [verdict] }));
    clock.wall += 400 * 86_400_000;
    await replica.accept(replica.request(), answer({ cookie: 'c3' }));
    expect(replica.entries).toHaveLength(1);
    await replica.accept(replica.request(), answer({ cookie: 'c4', serverTime: 8 * 86_400_000 }));
    expect(replica.entries).toHaveLength(0);
  });

  it('does not lose sight of an act that is saved while the disk is read anew', async () => {
    const { storage, replica } = await phone();
    const load = storage.load;
    storage.load = async () => {
      const stored = await load();
      await replica.mutate(lampActs.light, { lampId: 'l1' });
      return stored;
    };
    await replica.refresh();
    expect(replica.unsent).toHaveLength(1);
    expect(replica.shown.get(lamp, 'l1')?.lit).toBe(true);
  });

  it('stores nothing for an act that is refused here', async () => {
    const { storage, replica } = await phone();
    expect(await replica.mutate(lampActs.light, { lampId: 'nobody' })).toMatchObject({
      refusal: { code: 'not-allowed' },
    });
    expect(storage.state.entries).toHaveLength(0);
  });
});
