import { describe, expect, it } from 'vitest';
import { Busy, Gate } from '#server/gate.ts';

/** Work that ends when it is told to. */
function held(): { work: () => Promise<string>; end: () => void; begun: () => boolean } {
  let end: () => void = () => undefined;
  let begun = false;
  const done = new Promise<string>((resolve) => (end = () => resolve('done')));
  const work = (): Promise<string> => {
    begun = true;
    return done;
  };
  return { work, end, begun: () => begun };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('the gate', () => {
  it('lets in so many at once, alarms before others, and everybody in the order of their coming', async () => {
    const gate = new Gate({ atOnce: 1, waitingMax: 10 });
    const order: string[] = [];
    const first = held();
    const all = [gate.through(false, first.work)];
    const come = (name: string, urgent: boolean): void =>
      void all.push(
        gate.through(urgent, async () => {
          order.push(name);
          return name;
        }),
      );
    for (const name of ['a', 'b']) come(name, false);
    for (const name of ['alarm 1', 'alarm 2']) come(name, true);
    await settle();
    expect([order, gate.running, gate.waiting]).toEqual([[], 1, 4]);
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['alarm 1', 'alarm 2', 'a', 'b']);
    expect([gate.running, gate.waiting]).toEqual([0, 0]);
  });

  it('sends away whom it has no room for, not at the same time, and makes room for an alarm', async () => {
    const gate = new Gate({ atOnce: 1, waitingMax: 2 });
    const first = held();
    const running = gate.through(false, first.work);
    const [kept, last] = [held(), held()];
    const waiting = gate.through(false, kept.work);
    const displaced = gate.through(false, last.work).catch((error: unknown) => error);
    const away = await Promise.all(
      [1, 2, 3].map(() => gate.through(false, first.work).catch((error: unknown) => error)),
    );
    expect(away.every((error) => error instanceof Busy && error.seconds >= 1)).toBe(true);
    expect(new Set(away.map((error) => (error as Busy).seconds)).size).toBeGreaterThan(1);
    const alarm = held();
    const urgent = gate.through(true, alarm.work);
    expect(await displaced).toBeInstanceOf(Busy);
    for (const one of [first, kept, alarm]) one.end();
    expect(await Promise.all([running, waiting, urgent])).toEqual(['done', 'done', 'done']);
    expect([last.begun(), gate.running, gate.waiting, gate.turnedAway]).toEqual([false, 0, 0, 4]);
  });

  it('gives its place on when the work fails', async () => {
    const gate = new Gate({ atOnce: 1, waitingMax: 1 });
    await expect(gate.through(false, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await gate.through(false, async () => 'yes')).toBe('yes');
  });
});
