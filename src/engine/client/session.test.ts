import { describe, expect, it, vi } from 'vitest';
import type { StoredEntry } from '../device-storage.ts';
import type { PokeListener } from './server-port.ts';
import type { Session } from './session.ts';
import { act, phone, rooms } from './testing-session.ts';
import { lampActs, settle } from './testing.ts';

describe('a tab at its start', () => {
  it('shows what the phone holds, leads when it is the first, and asks the centre at once', async () => {
    const { open, centre, time, disk } = phone();
    await disk.append(act('attic'));
    const { session, heard, open: parts } = await open();
    expect(rooms({ session })).toEqual(['attic']);
    expect([session.leading, session.alone, session.keeping]).toEqual([true, false, 'twice']);
    expect(session.device).toBe(parts);
    await time.pass(0);
    expect(centre.requests.map(({ mutations }) => mutations.length)).toEqual([1]);
    expect(session.replica.unsent).toEqual([]);
    expect(heard.kinds).toContain('lamp');
    expect(heard.loop).toBeGreaterThan(0);
    const second = await open();
    expect([second.session.leading, centre.requests.length]).toEqual([false, 1]);
  });

  it('leads alone where the browser has neither locks nor a channel', async () => {
    const { open, time, centre } = phone();
    const { session, hang } = await open({ tells: false });
    expect([session.leading, session.alone]).toEqual([true, true]);
    expect(await hang('attic')).toHaveProperty('saved');
    await time.pass(1_000);
    expect(centre.taken.size).toBe(1);
  });

  it('gives the store its memory, and reads anew when that was written from it', async () => {
    const { open, browser, load } = phone();
    const { memory, heard, hang } = await open();
    await hang('attic');
    expect(
      memory()
        .snapshot()
        .entries.map(({ args }) => args),
    ).toEqual([{ room: 'attic' }]);
    expect(memory().stillOurs()).toBe(true);
    browser.canary.leave('mine');
    expect(memory().stillOurs()).toBe(false);
    memory().onKeeping();
    memory().replaced();
    expect(heard).toMatchObject({ keeping: 1, replaced: 1 });
    const before = load.mock.calls.length;
    memory().rebuilt();
    expect(load).toHaveBeenCalledTimes(before + 1);
  });

  it('tells the other tabs what only the journal still had', async () => {
    const { open } = phone();
    const first = await open();
    const entry: StoredEntry = { ...act('attic'), seq: 7, state: 'unsent' };
    await open({ restored: [entry] });
    expect(first.session.replica.unsent).toEqual([entry]);
    expect(first.floors).toEqual([7]);
  });
});

describe('an act', () => {
  it('is in the note when it is called saved, on the other tabs’ screens, and soon with the centre', async () => {
    const { filled, open, browser, time, centre } = phone();
    const first = await filled();
    const second = await open();
    const outcome = await first.hang('attic');
    expect(outcome).toMatchObject({ saved: { seq: 1, state: 'unsent' } });
    expect(browser.canary.read()).toMatchObject({ device: 'mine', highestSeq: 1, unsent: [[1, 1]] });
    await settle();
    expect([rooms(second), second.floors]).toEqual([['attic', 'hall'], [1]]);
    const asked = centre.requests.length;
    await time.pass(300);
    expect(centre.requests.slice(asked).map(({ mutations }) => mutations.map(({ seq }) => seq))).toEqual([[1]]);
    expect(browser.canary.read()).toMatchObject({ unsent: [] });
  });

  it('of a tab that follows is sent by the one that leads', async () => {
    const { filled, open, time, centre } = phone();
    const [first, second] = [await filled(), await open()];
    await second.hang('attic');
    await time.pass(0);
    expect(centre.taken.size).toBe(0);
    await time.pass(300);
    expect([centre.taken.size, centre.requests.length]).toEqual([1, 2]);
    expect([first, second].map(({ session }) => session.replica.unsent.length)).toEqual([0, 0]);
  });

  it('that the disk does not take is refused, and nobody hears of it', async () => {
    const { filled, open, disk, browser } = phone();
    const [first, second] = [await filled(), await open()];
    const [note, before] = [browser.canary.read(), second.heard.kinds.length];
    vi.spyOn(disk, 'append').mockRejectedValue(new Error('Full.'));
    expect(await first.hang('attic')).toMatchObject({ refusal: { code: 'not-saved' } });
    await settle();
    expect(browser.canary.read()).toEqual(note);
    expect(second.heard.kinds).toHaveLength(before);
  });

  it('that the rules refuse is refused as they say', async () => {
    const { filled, browser } = phone();
    const { session } = await filled();
    const note = browser.canary.read();
    expect(await session.mutate(lampActs.light, { lampId: 'l9' })).toMatchObject({ refusal: { code: 'not-allowed' } });
    expect(browser.canary.read()).toEqual(note);
  });

  it('that was refused is read in all tabs once it is read in one', async () => {
    const { filled, open, centre, time } = phone();
    const [first, second] = [await filled(), await open()];
    centre.refusing = 'already-lit';
    await first.hang('attic');
    await time.pass(1_000);
    const read = ({ session }: { session: Session }) =>
      session.replica.entries.map((one) => (one.state === 'refused' ? one.read : null));
    expect([read(first), read(second)]).toEqual([[false], [false]]);
    await second.session.acknowledgeRefusal(1);
    await settle();
    expect([read(first), read(second)]).toEqual([[true], [true]]);
  });
});

describe('leaving', () => {
  it('takes nothing more in any tab, and counts what is unsent in any home', async () => {
    const { filled, open, centre, disk } = phone();
    const [first, second] = [await filled(), await open()];
    centre.failing = { kind: 'no-answer' };
    expect(await first.session.prepareToLeave()).toBe(0);
    await settle();
    expect([await first.hang('a'), await second.hang('b')]).toEqual([
      { refusal: expect.objectContaining({ code: 'not-saved' }) },
      { refusal: expect.objectContaining({ code: 'not-saved' }) },
    ]);
    await disk.append(act('from elsewhere'));
    expect(await first.session.prepareToLeave()).toBe(1);
    first.session.stay();
    await settle();
    expect(await first.hang('c')).toHaveProperty('saved');
    expect(await second.hang('d')).toHaveProperty('saved');
  });

  it('is heard by the others and lets go of everything', async () => {
    const { filled, open, centre, time } = phone();
    const [first, second] = [await filled(), await open()];
    first.session.leave();
    await settle();
    expect([first.heard.gone, second.heard.gone]).toEqual([0, 1]);
    expect(first.heard.closed).toEqual(['watching', 'storage', 'database']);
    expect(first.session.leading).toBe(false);
    second.session.stop();
    const asked = centre.requests.length;
    await time.pass(300_000);
    expect(centre.requests).toHaveLength(asked);
    expect(centre.listeners).toEqual([]);
  });
});

describe('the line of pokes', () => {
  it('is opened by the first answer, wakes the tab that leads, and closes when it has to sign in', async () => {
    const { open, centre, time } = phone();
    centre.failing = { kind: 'no-answer' };
    await open();
    await time.pass(0);
    expect(centre.listeners).toHaveLength(0);
    centre.failing = null;
    await time.pass(60_000);
    expect(centre.listeners).toHaveLength(1);
    const asked = centre.requests.length;
    (centre.listeners[0] as PokeListener).onPoke();
    await time.pass(500);
    expect(centre.requests).toHaveLength(asked + 1);
    centre.failing = { kind: 'sign-in' };
    (centre.listeners[0] as PokeListener).onPoke();
    await time.pass(500);
    expect(centre.listeners).toHaveLength(0);
  });
});

describe('what is missing at a start', () => {
  const note = {
    device: 'mine',
    highestSeq: 9,
    unsent: [
      [1, 1],
      [3, 4],
    ] as const,
    from: 2,
    to: 3,
  };
  const lost = { device: 'mine', numbers: [[3, 4]], from: 2, to: 3 };

  it('is kept for the centre, told, and noted until it was', async () => {
    const { open, disk, browser, centre, time } = phone();
    await disk.append(act('attic'));
    browser.canary.write(note);
    await open();
    expect(disk.state.facts.lost).toEqual([lost]);
    expect(browser.canary.read()).toEqual({ ...note, unsent: [[1, 1]], from: 5, to: 5, untold: [lost] });
    await time.pass(0);
    expect(centre.requests[0]?.lost).toEqual([lost]);
    const told = [{ ...lost, toldAt: centre.time }];
    expect(browser.canary.read()).toEqual({ device: 'mine', highestSeq: 9, unsent: [], from: null, to: null, told });
    expect(disk.state.facts).not.toHaveProperty('lost');
  });

  it('stays in the note by its numbers while the disk does not keep it', async () => {
    const { open, disk, browser, time, centre } = phone();
    await disk.append(act('attic'));
    browser.canary.write(note);
    const commit = vi.spyOn(disk, 'commit').mockRejectedValueOnce(new Error('Full.'));
    await open();
    expect(commit).toHaveBeenCalledTimes(1);
    expect(browser.canary.read()).toMatchObject({
      unsent: [
        [1, 1],
        [3, 4],
      ],
    });
    await time.pass(0);
    expect(centre.requests[0]).not.toHaveProperty('lost');
    expect(browser.canary.read()).toMatchObject({ unsent: [[3, 4]] });
  });

  it('is found once: not what is kept already, not what another device’s note knows', async () => {
    const kept = phone({ lost: [{ ...lost, numbers: [[3, 4]] } as never] });
    await kept.disk.append(act('attic'));
    kept.browser.canary.write(note);
    await kept.open();
    expect(kept.disk.state.facts.lost).toEqual([lost]);
    expect(kept.browser.canary.read()).toMatchObject({ unsent: [[1, 1]] });
    const other = phone();
    other.browser.canary.write({ ...note, device: 'another' });
    await other.open();
    expect(other.disk.state.facts).not.toHaveProperty('lost');
    expect(other.browser.canary.read()).toMatchObject({ device: 'mine', unsent: [] });
  });

  it('is nothing when another tab saves between the note and the reading', async () => {
    const { filled, open, disk, centre, browser } = phone();
    const first = await filled();
    centre.failing = { kind: 'no-answer' };
    await first.hang('attic');
    await open();
    expect(disk.state.facts).not.toHaveProperty('lost');
    expect(browser.canary.read()).toMatchObject({ unsent: [[1, 1]] });
  });
});
