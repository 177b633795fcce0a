import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredEntry } from '../device-storage.ts';
import type { LostActs, ToldLoss } from '../protocol.ts';
import { countOf, numbersOf, rangesOf } from '../ranges.ts';
import { canaryIn, type CanaryNote } from './canary.ts';
import { bothLosses, lossesOf, lossOf, noteOf, numbersIn } from './loss.ts';

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }));
const noteWith = (unsent: readonly number[], over: Partial<CanaryNote> = {}): CanaryNote => ({
  ...{ device: 'mine', highestSeq: 40, unsent: rangesOf(unsent), from: 1, to: 2 },
  ...over,
});
const lossFrom = (device: string, seqs: readonly number[]): LostActs => ({
  ...{ device, numbers: rangesOf(seqs), from: 3, to: null },
});

describe('what is missing', () => {
  it('is what the note knows of and nobody holds', () => {
    fc.assert(
      fc.property(numbers, numbers, (unsent, held) => {
        const missing = unsent.filter((seq) => !held.includes(seq)).sort((a, b) => a - b);
        const lost = lossOf(noteWith(unsent), held);
        expect(lost === null ? [] : numbersOf(lost.numbers)).toEqual(missing);
        if (lost) expect(lost).toMatchObject({ device: 'mine', from: 1, to: 2 });
      }),
    );
  });

  it('is named as on former devices too, in what was not told before as in what is missing now', () => {
    const former = [{ device: 'former', runs: [[1, 11, 5]] as const }];
    const at = (now: number, count: number) => [{ device: 'former', runs: [[now, now + 10, count]] }];
    expect(lossOf(noteWith([1, 2, 3], { former }), [1])).toMatchObject({ numbers: [[2, 3]], former: at(2, 2) });
    expect(lossOf(noteWith([6], { former }), [])).not.toHaveProperty('former');
    const before = { ...lossFrom('mine', [4, 5]), former };
    const [still, now] = lossesOf(noteWith([1, 2], { former }), [2, 5], [before]);
    expect([still, now]).toMatchObject([
      { numbers: [[4, 4]], former: at(4, 1) },
      { numbers: [[1, 1]], former: at(1, 1) },
    ]);
    expect(lossesOf(noteWith([]), [4], [before])[0]?.former).toEqual(at(5, 1));
  });

  it('is nothing without a note', () => {
    expect(lossOf(null, [])).toBeNull();
    expect(lossesOf(null, [1], [])).toEqual([]);
    expect(lossesOf(null, [1], [lossFrom('mine', [1])])).toEqual([lossFrom('mine', [1])]);
  });

  it('is added to what is not told yet: every number once, and none that is held after all', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (unsent, before, held) => {
        const losses = lossesOf(noteWith(unsent), held, [lossFrom('mine', before), lossFrom('former', before)]);
        const own = numbersIn(losses, 'mine');
        expect(new Set(own).size).toBe(own.length);
        expect(new Set(own)).toEqual(new Set([...unsent, ...before].filter((seq) => !held.includes(seq))));
        // Numbers of another device say nothing about this one's, and the other way round.
        expect(new Set(numbersIn(losses, 'former'))).toEqual(new Set(before));
        expect(losses.every((one) => countOf(one.numbers) > 0)).toBe(true);
      }),
    );
  });

  it('of two lists is one list, without the same loss twice', () => {
    const [one, two] = [lossFrom('mine', [1, 2]), lossFrom('mine', [4])];
    expect(bothLosses([one], [{ ...one }, two])).toEqual([one, two]);
    expect(bothLosses([one], [lossFrom('former', [1, 2])])).toHaveLength(2);
    expect(bothLosses([], [])).toEqual([]);
    const more = { ...one, former: [{ device: 'former', runs: [[1, 1, 2]] as const }] };
    expect(bothLosses([more], [one])).toEqual([more]);
  });
});

describe('the note of what is not told', () => {
  function canary() {
    const held = new Map<string, string>();
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
    };
    return { ...canaryIn(storage), held };
  }

  it('is read back as it was written', () => {
    const { read, write } = canary();
    const untold = [lossFrom('mine', [1, 2, 5]), { ...lossFrom('former', [7]), to: 9 }];
    write(noteWith([9], { untold }));
    expect(read()).toEqual(noteWith([9], { untold }));
    write(noteWith([9], { untold: [] }));
    expect(read()).toEqual(noteWith([9]));
  });

  it('is read back with what its acts were called on former devices, and what is unsent with it', () => {
    const { read, write } = canary();
    const former = [
      { device: 'first', runs: [[1, 4, 2]] as const },
      { device: 'second', runs: [[2, 9, 1]] as const },
    ];
    const note = noteWith([1, 2, 9], { former, untold: [{ ...lossFrom('mine', [1, 2]), former }] });
    write(note);
    expect(read()).toEqual(note);
    // Of what is not in it nothing is said.
    write({ ...note, unsent: [[9, 9]], untold: [{ ...lossFrom('mine', [2]), former }] });
    expect(read()).toEqual(
      noteWith([9], {
        untold: [{ ...lossFrom('mine', [2]), former: [{ device: 'first', runs: [[2, 5, 1]] }, former[1] as never] }],
      }),
    );
  });

  it.each([
    ['no list', 'all'],
    ['nothing', [null]],
    ['no device', [{ runs: [[1, 1, 1]] }]],
    ['no runs', [{ device: 'former', runs: 'all' }]],
    ['runs that are none', [{ device: 'former', runs: [[1, 1], null, '111', [1, 0, 1], [1, 1, 0.5]] }]],
    ['more than a phone can hold', [{ device: 'former', runs: [[1, 1, 20_000]] }]],
  ])('says nothing of former devices when that is spoiled: %s', (_why, former) => {
    const { read, write } = canary();
    write(noteWith([1], { former: former as never, untold: [{ ...lossFrom('mine', [1]), former: former as never }] }));
    expect(read()).toEqual(noteWith([1], { untold: [lossFrom('mine', [1])] }));
  });

  it('comes in the form that the centre takes, whatever was noted of former devices', () => {
    const { read, write } = canary();
    const many = Array.from({ length: 30 }, (_none, at) => ({ device: `d${at}`, runs: [[1, at + 1, 1]] as const }));
    const spoiled = [
      {
        device: 'former',
        runs: [
          [3, 8, 1],
          [1, 6, 2],
          [2, 7, 2],
        ] as const,
      },
      ...many,
    ];
    write(noteWith([1, 2, 3], { former: spoiled }));
    const { former } = read() as CanaryNote;
    expect(former?.[0]).toEqual({ device: 'former', runs: [[1, 6, 3]] });
    expect(former).toHaveLength(20);
  });

  it.each([
    ['no list', 'all'],
    ['nothing', [null]],
    ['no device', [{ numbers: [[1, 1]] }]],
    ['no numbers', [{ device: 'mine', numbers: [] }]],
    ['numbers that are none', [{ device: 'mine', numbers: [[2, 1], ['1', '2'], [0, 3], [1]] }]],
    ['more than a phone can hold', [{ device: 'mine', numbers: [[1, 20_000]] }]],
  ])('is not believed when it is spoiled: %s', (_why, untold) => {
    const { read, write } = canary();
    write(noteWith([9], { untold: untold as never }));
    expect(read()).toEqual(noteWith([9]));
  });

  it('comes in the form that the centre takes, however it was noted', () => {
    const { read, write } = canary();
    const spoiled = {
      device: 'mine',
      numbers: [
        [5, 6],
        [1, 2],
        [2, 3],
      ],
      from: 'then',
      to: 8,
    };
    write(noteWith([], { untold: [spoiled as never] }));
    expect(read()?.untold).toEqual([
      {
        device: 'mine',
        numbers: [
          [1, 3],
          [5, 6],
        ],
        from: null,
        to: 8,
      },
    ]);
  });
});

describe('the note that is written with every act', () => {
  const act = (seq: number, state: 'unsent' | 'received'): StoredEntry =>
    ({
      ...{ seq, id: `a${seq}`, name: 'x.y', version: 1, args: {}, claimedAt: seq * 10 },
      ...stamp,
      ...received(state),
    }) as never;
  const stamp = { serverTime: null, sinceServer: null, offset: null };
  const received = (state: string) => (state === 'received' ? { state, receivedAt: 1 } : { state });
  const nothing = { before: null, lost: new Map(), untold: [], told: [], answered: false } as const;
  const listOf = (seqs: readonly number[], sent: readonly number[]) =>
    [...seqs].sort((a, b) => a - b).map((seq) => act(seq, sent.includes(seq) ? 'received' : 'unsent'));

  it('knows what this tab has, what another tab has noted, and what is lost and not kept', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, numbers, fc.func(fc.boolean()), (known, sent, noted, gone, isKept) => {
        const entries = listOf(known, sent);
        const unsent = entries.filter(({ state }) => state === 'unsent');
        const lost = new Map(gone.filter((seq) => !known.includes(seq)).map((seq) => [seq, isKept(seq)]));
        const note = noteOf({ ...nothing, device: 'mine', before: noteWith(noted), entries, unsent, lost });
        const own = unsent.map(({ seq }) => seq);
        const others = noted.filter((seq) => !known.includes(seq) && !lost.has(seq));
        const unkept = [...lost].filter(([, kept]) => !kept).map(([seq]) => seq);
        expect(note.unsent).toEqual(rangesOf([...own, ...others, ...unkept]));
        expect(note.highestSeq).toBe(Math.max(40, ...known));
        expect([note.from, note.to]).toEqual(
          own.length > 0 ? [Math.min(...own) * 10, Math.max(...own) * 10] : [null, null],
        );
      }),
    );
  });

  it('says what acts were called on former devices: own ones, those of another tab, and lost ones', () => {
    const moved = (seq: number) => ({ ...act(seq, 'unsent'), former: [{ device: 'former', seq: seq + 10 }] });
    const unsent = [moved(5), moved(6), act(7, 'unsent')];
    const entries = [{ ...act(4, 'received'), former: [{ device: 'former', seq: 14 }] }, ...unsent];
    const former = [{ device: 'former', runs: [[1, 11, 4]] as const }];
    const before = noteWith([1, 2, 3, 4], { former });
    const lost = new Map([
      [2, true],
      [3, false],
    ]);
    const note = noteOf({ ...nothing, device: 'mine', before, entries, unsent, lost });
    expect(note.unsent).toEqual(rangesOf([1, 3, 5, 6, 7]));
    expect(note.former).toEqual([
      {
        device: 'former',
        runs: [
          [1, 11, 1],
          [3, 13, 1],
          [5, 15, 2],
        ],
      },
    ]);
    const another = { ...before, device: 'another' };
    expect(noteOf({ ...nothing, device: 'mine', before: another, entries: [], unsent: [] })).not.toHaveProperty(
      'former',
    );
  });

  it('is the first of its device', () => {
    const entries = [act(7, 'received'), act(8, 'unsent'), act(9, 'unsent'), act(11, 'unsent')];
    const unsent = entries.slice(1);
    expect(noteOf({ ...nothing, device: 'mine', entries, unsent })).toEqual({
      ...{ device: 'mine', highestSeq: 11, from: 80, to: 110 },
      unsent: rangesOf([8, 9, 11]),
    });
    expect(noteOf({ ...nothing, device: 'mine', entries: [], unsent: [] })).toEqual({
      ...{ device: 'mine', highestSeq: 0, from: null, to: null },
      unsent: [],
    });
  });

  it('takes nothing from the note of another device but its highest number', () => {
    const before = noteWith([], { device: 'former', unsent: [[3, 4]], untold: [lossFrom('former', [1])] });
    const note = noteOf({ ...nothing, device: 'mine', before, entries: [], unsent: [] });
    expect(note).toEqual({ device: 'mine', highestSeq: 40, unsent: [], from: null, to: null });
  });

  it('keeps what another tab has to tell, until this one was answered', () => {
    const [one, two] = [lossFrom('mine', [1]), lossFrom('mine', [2])];
    const said = { ...nothing, device: 'mine', before: noteWith([], { untold: [one] }), entries: [], unsent: [] };
    expect(noteOf({ ...said, untold: [two] }).untold).toEqual([two, one]);
    expect(noteOf({ ...said, untold: [two], answered: true }).untold).toEqual([two]);
    expect(noteOf({ ...said, answered: true })).not.toHaveProperty('untold');
  });

  it('keeps what the centre was told in any tab, and forgets it with the one that hears of a restore', () => {
    const [one, two] = [1, 2].map((seq) => ({ ...lossFrom('mine', [seq]), toldAt: seq }));
    const before = noteWith([], { told: [one as ToldLoss] });
    const said = { ...nothing, device: 'mine', before, entries: [], unsent: [], told: [two as ToldLoss] };
    expect(noteOf(said).told).toEqual([two, one]);
    expect(noteOf({ ...said, told: [one as ToldLoss] }).told).toEqual([one]);
    expect(noteOf({ ...said, answered: true }).told).toEqual([two]);
    expect(noteOf({ ...said, told: [], answered: true })).not.toHaveProperty('told');
    expect(noteOf({ ...said, device: 'another', told: [] })).not.toHaveProperty('told');
  });
});
