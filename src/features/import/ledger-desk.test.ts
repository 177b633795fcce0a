import { describe, expect, it } from 'vitest';
import { Tables } from '#engine/tables.ts';
import { registry } from '#kinds';
import { cutIntoPieces, signsPerPiece } from './act-pieces.ts';
import { demoBytes } from './demo-ledgers.fixture.ts';
import { DeskClosed, DeskPort, type DeskAnswer, type DeskAsk, type DeskWorker } from './desk-port.ts';
import { LedgerDesk } from './ledger-desk.ts';
import { stationKnown } from './ledger-to-acts.ts';
import { progressWords } from './progress-words.ts';
import type { ReadProgress } from './read-ledger.ts';

const settings = { today: '2026-11-22', locale: 'zh-CN' } as const;
const known = stationKnown(new Tables(registry));

describe('a ledger on the table', () => {
  it('says how far it is, shows what it read without the people, and gives acts that are short enough', async () => {
    const told: ReadProgress[] = [];
    const desk = new LedgerDesk(settings, (progress) => told.push(progress));
    expect(await desk.open(demoBytes('wenyuan-elders.xlsx'), 'wenyuan-elders.xlsx')).toBeNull();
    const seen = desk.read(known, {});
    if ('outcome' in seen) throw new Error(seen.reason);
    expect(JSON.stringify(seen).length).toBeLessThan(60_000);
    expect(seen.layouts.length).toBeGreaterThan(0);
    const acts = desk.weigh(known, {});
    expect(acts.fresh).toBe(1060);
    const [question] = acts.questions.flatMap((one) => ('key' in one ? [one] : []));
    const decided = desk.weigh(known, { [question!.key]: 'apart' });
    expect(decided).toMatchObject({ fresh: 1061, questions: acts.questions });
    const signs = Array.from({ length: acts.pieces }, (_none, at) => JSON.stringify(desk.piece(at)).length);
    expect(signs.length).toBeGreaterThan(20);
    expect(Math.max(...signs)).toBeLessThan(signsPerPiece + 500);
    expect(new Set(told.map(({ step }) => step))).toEqual(new Set(['open', 'people', 'weigh']));
    expect(told.map(progressWords).every((words) => !words.includes('undefined'))).toBe(true);
  });

  it('refuses as reading does', async () => {
    const desk = new LedgerDesk(settings);
    expect(await desk.open(new Uint8Array(), 'a.csv')).toEqual({ outcome: 'refused', reason: 'empty-file' });
    expect(desk.read(known, {})).toMatchObject({ outcome: 'refused' });
    expect(desk.weigh(known, {})).toMatchObject({ pieces: 0 });
  });

  it('cuts a long act between rows and loses none', () => {
    const rows = Array.from({ length: 300 }, (_none, at) => ({ name: `n${at}`, note: 'x'.repeat(at) }));
    const pieces = cutIntoPieces({ name: 'a', args: { rows, kitchenId: 'k' } });
    expect(pieces.flatMap(({ args }) => (args as { rows: unknown[] }).rows)).toEqual(rows);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.every(({ args }) => (args as { kitchenId: string }).kitchenId === 'k')).toBe(true);
    expect(cutIntoPieces({ name: 'a', args: { name: 'kitchen' } })).toHaveLength(1);
  });
});

/** A worker whose answers the test gives. */
class StoodWorker implements DeskWorker {
  readonly asked: ({ readonly id: number } & DeskAsk)[] = [];
  onmessage: DeskWorker['onmessage'] = null;
  onerror: DeskWorker['onerror'] = null;
  ended = false;
  postMessage(message: { readonly id: number } & DeskAsk): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  says(data: DeskAnswer): void {
    this.onmessage?.({ data } as MessageEvent<DeskAnswer>);
  }
}

describe('the page’s side', () => {
  it('hears answers to what it asked and progress in between, and an error as one', async () => {
    const worker = new StoodWorker();
    const told: ReadProgress[] = [];
    const port = new DeskPort(
      () => worker,
      (progress) => told.push(progress),
    );
    const open = port.open(settings, new Uint8Array(), 'a');
    const piece = port.piece(3);
    worker.says({ progress: { step: 'rows', done: 500, all: 900 } });
    worker.says({ id: 2, value: { name: 'x', args: {} } });
    worker.says({ id: 1, error: 'broken' });
    await expect(open).rejects.toThrow('broken');
    expect(await piece).toEqual({ name: 'x', args: {} });
    expect(told).toEqual([{ step: 'rows', done: 500, all: 900 }]);
  });

  it('ends the work at once when somebody presses stop', async () => {
    const worker = new StoodWorker();
    const port = new DeskPort(
      () => worker,
      () => undefined,
    );
    const reading = port.read(known, {});
    port.close();
    await expect(reading).rejects.toBeInstanceOf(DeskClosed);
    expect(worker.ended).toBe(true);
  });
});
