import type { ExchangeAnswer, ExchangeRequest } from '../protocol.ts';
import type { Asked } from './server-port.ts';
import { SyncLoop, type LoopState } from './sync-loop.ts';
import { MemoryCentre, settle, StoodTime } from './testing.ts';

export const minute = 60_000;

/** A loop over a replica that only counts, and a centre whose answers a test hands out. */
export function loopOf(answers: (at: number) => Asked<ExchangeAnswer> | Promise<Asked<ExchangeAnswer>>) {
  const time = new StoodTime();
  const centre = new MemoryCentre();
  const asked: number[] = [];
  const states: LoopState[] = [];
  const calls = { accept: 0, changeFacts: 0, refresh: 0, committed: 0, sendFewer: 0 };
  const parts = {
    epoch: 'e1',
    unsent: [] as unknown[],
    agrees: true,
    acceptThrows: null as Error | null,
    refreshThrows: false,
    written: Promise.resolve(),
  };
  const changes: unknown[] = [];
  let open = 0;
  let most = 0;
  const loop = new SyncLoop({
    timers: time,
    replica: {
      request: () =>
        ({
          protocol: 1,
          epoch: parts.epoch,
          cookie: null,
          mutations: parts.unsent,
          queue: { unsent: 0 },
        }) as unknown as ExchangeRequest,
      accept: async () => {
        calls.accept += 1;
        if (parts.acceptThrows) throw parts.acceptThrows;
        await parts.written;
      },
      sendFewer: () => {
        calls.sendFewer += 1;
      },
      agrees: () => parts.agrees,
      changeFacts: async (change) => {
        calls.changeFacts += 1;
        changes.push(change);
      },
      refresh: async () => {
        calls.refresh += 1;
        if (parts.refreshThrows) throw new Error('It cannot be read.');
      },
      get unsent() {
        return parts.unsent as never;
      },
    },
    server: {
      exchange: async () => {
        asked.push(time.now);
        most = Math.max(most, (open += 1));
        const answer = await answers(asked.length);
        open -= 1;
        return answer;
      },
    },
    onState: (state) => states.push(state),
    onCommitted: () => {
      calls.committed += 1;
    },
  });
  const yes = (part: Partial<ExchangeAnswer> = {}): Asked<ExchangeAnswer> => ({
    kind: 'answer',
    answer: centre.answer(part),
  });
  return { loop, time, asked, states, calls, changes, parts, yes, mostAtOnce: () => most };
}

/** Times between one request and the next. */
export const gaps = (times: readonly number[]) => times.slice(1).map((time, at) => time - (times[at] as number));

export const answered: Asked<ExchangeAnswer> = { kind: 'answer', answer: new MemoryCentre().answer() };

/** A centre whose next answer a test gives when it likes. */
export function slow() {
  let finish: (answer: Asked<ExchangeAnswer>) => void = () => undefined;
  const parts = loopOf(() => new Promise((resolve) => (finish = resolve)));
  const answer = async (said: Asked<ExchangeAnswer> = answered) => {
    finish(said);
    await settle();
  };
  return { ...parts, answer };
}
