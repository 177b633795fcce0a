import { describe, expect, it } from 'vitest';
import { CacheJournal, type ActCache } from './cache-journal.ts';
import { WorkerJournal, type JournalAnswer, type JournalRequest } from './journal.ts';
import { settle, StoodTime } from './testing.ts';

/** A worker whose answers a test gives. */
class StoodWorker {
  onmessage: ((event: MessageEvent<JournalAnswer>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly asked: JournalRequest[] = [];
  terminated = false;

  postMessage(request: JournalRequest): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  /** Answers the request that came as number `at`. */
  say(at: number, said: { value: unknown } | { error: string }): void {
    const { id } = this.asked[at] as JournalRequest;
    this.onmessage?.({ data: { id, ...said } } as MessageEvent<JournalAnswer>);
  }
}

function worker() {
  const time = new StoodTime();
  const workers: StoodWorker[] = [];
  const make = () => {
    workers.push(new StoodWorker());
    return workers.at(-1) as StoodWorker;
  };
  const journal = new WorkerJournal(make, time);
  return { journal, time, workers, first: () => workers[0] as StoodWorker };
}
const bytes = (...list: number[]) => new Uint8Array(list);

describe('the journal in its worker', () => {
  it('asks for what is wanted, and gives back the answer to each whenever it comes', async () => {
    const { journal, first, workers } = worker();
    expect(journal.inPlace).toBe(true);
    const all = [
      journal.open('mine'),
      journal.devices(),
      journal.append(bytes(1), 7),
      journal.seqs(),
      journal.read([3, 4]),
      journal.release([3]),
    ];
    const ids = first().asked.map(({ id }) => id);
    expect(new Set(ids).size).toBe(6);
    expect(first().asked).toMatchObject([
      { ask: 'open', device: 'mine' },
      { ask: 'devices' },
      { ask: 'append', bytes: bytes(1), floor: 7 },
      { ask: 'seqs' },
      { ask: 'read', seqs: [3, 4] },
      { ask: 'release', seqs: [3] },
    ]);
    for (const at of [5, 3, 1, 0, 2, 4]) first().say(at, { value: `answer ${at}` });
    expect(await Promise.all(all)).toEqual([
      'answer 0',
      'answer 1',
      'answer 2',
      'answer 3',
      'answer 4',
      // Nothing comes back from letting go.
      undefined,
    ]);
    expect(workers).toHaveLength(1);
  });

  it('does not ask to let go of nothing', async () => {
    const { journal, workers } = worker();
    await journal.release([]);
    expect(workers).toHaveLength(0);
  });

  it('says what went wrong in the worker’s words, and goes on', async () => {
    const { journal, first } = worker();
    const failed = journal.append(bytes(1), 0);
    first().say(0, { error: 'RingFull: no room' });
    await expect(failed).rejects.toThrow('RingFull: no room');
    const next = journal.seqs();
    first().say(1, { value: [1] });
    expect(await next).toEqual([1]);
    // An answer nobody waits for changes nothing.
    first().say(1, { value: [2] });
    first().say(0, { error: 'late' });
    expect(first().terminated).toBe(false);
  });

  it('ends a worker that does not answer in time, and starts another on the same file', async () => {
    const { journal, first, time, workers } = worker();
    const opened = journal.open('mine');
    first().say(0, { value: { highestSeq: 0, seqs: [] } });
    await opened;
    const ends: string[] = [];
    const note = (error: Error) => void ends.push(error.message);
    journal.append(bytes(1), 0).catch(note);
    await time.pass(1_999);
    journal.seqs().catch(note);
    expect(ends).toEqual([]);
    await time.pass(1);
    // Whoever else waits is told too: their answer will not come.
    expect(ends.sort()).toEqual(['The journal was closed.', 'The journal was closed.']);
    expect(first().terminated).toBe(true);
    const again = journal.append(bytes(2), 5);
    const second = workers[1] as StoodWorker;
    expect(second.asked).toMatchObject([
      { id: 0, ask: 'open', device: 'mine' },
      { ask: 'append', floor: 5 },
    ]);
    second.say(0, { value: null });
    second.say(1, { value: 6 });
    expect(await again).toBe(6);
    expect(time.next).toBeNull();
  });

  it('waits longer for what goes through the whole file', async () => {
    for (const ask of [(one: WorkerJournal) => one.open('mine'), (one: WorkerJournal) => one.read([1])]) {
      const { journal, first, time } = worker();
      const ends: string[] = [];
      ask(journal).catch((error: Error) => ends.push(error.message));
      await time.pass(14_999);
      expect([first().terminated, ends]).toEqual([false, []]);
      await time.pass(1);
      expect([first().terminated, ends.length]).toEqual([true, 1]);
    }
  });

  it('opens no file by itself before it knows whose, nor twice when it is to be opened', async () => {
    const { journal, workers } = worker();
    journal.devices().catch(() => undefined);
    expect(workers[0]?.asked).toMatchObject([{ ask: 'devices' }]);
    journal.close();
    journal.open('mine').catch(() => undefined);
    expect(workers[1]?.asked).toMatchObject([{ ask: 'open' }]);
    journal.close();
  });

  it('ends with its worker when that breaks, and whoever waits is told', async () => {
    const { journal, first, time } = worker();
    const waiting = journal.seqs();
    first().onerror?.({} as ErrorEvent);
    await expect(waiting).rejects.toThrow('The journal was closed.');
    expect([first().terminated, time.next]).toEqual([true, null]);
  });

  it('is closed when it is removed', async () => {
    const { journal, first } = worker();
    const removed = journal.remove();
    expect(first().asked).toMatchObject([{ ask: 'remove' }]);
    first().say(0, { value: undefined });
    await removed;
    expect(first().terminated).toBe(true);
  });

  it('that was never used is closed without a word', () => {
    const { journal, workers } = worker();
    journal.close();
    expect(workers).toHaveLength(0);
  });
});

/** The browser's cache, as far as it is used. */
class MemoryCache {
  readonly held = new Map<string, Uint8Array<ArrayBuffer>>();
  keys = async () => [...this.held.keys()].map((url) => ({ url }));
  match = async (url: string) => (this.held.has(url) ? new Response(this.held.get(url) ?? null) : undefined);
  put = async (url: string, response: Response) => {
    this.held.set(url, new Uint8Array(await response.arrayBuffer()));
  };
  delete = async (url: string) => this.held.delete(url);
}

function cached() {
  const cache = new MemoryCache();
  const turns: string[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(() => {
      turns.push('in');
      return work().finally(() => turns.push('out'));
    });
    turn = result;
    return result;
  };
  const open = async (device = 'mine') => {
    const journal = new CacheJournal(async () => cache as unknown as ActCache, alone);
    return { journal, state: await journal.open(device) };
  };
  return { cache, turns, open };
}

describe('the journal in the browser’s cache', () => {
  it('gives numbers above all it holds and all that are used, to two tabs too', async () => {
    const { open, turns } = cached();
    const [{ journal: first, state }, { journal: second }] = [await open(), await open()];
    expect(state).toEqual({ highestSeq: 0, seqs: [] });
    expect(first.inPlace).toBe(false);
    expect(await Promise.all([first.append(bytes(1), 0), second.append(bytes(2), 0)])).toEqual([1, 2]);
    expect(turns).toEqual(['in', 'out', 'in', 'out']);
    expect(await first.append(bytes(3), 11)).toBe(12);
    expect(await second.append(bytes(4), 3)).toBe(13);
    expect((await open()).state).toEqual({ highestSeq: 13, seqs: [1, 2, 12, 13] });
  });

  it('gives back what was kept, and no more of what was let go', async () => {
    const { open } = cached();
    const { journal } = await open();
    for (const one of [5, 6, 7]) await journal.append(bytes(one, one), 0);
    await journal.release([2, 9]);
    expect(await journal.seqs()).toEqual([1, 3]);
    expect(await journal.read([1, 2, 3])).toEqual([
      { seq: 1, bytes: bytes(5, 5) },
      { seq: 3, bytes: bytes(7, 7) },
    ]);
  });

  it('keeps devices apart, and what is not of this place', async () => {
    const { open, cache } = cached();
    cache.held.set('https://elsewhere.example/acts.invalid/mine/4', bytes(0));
    const { journal: mine } = await open('mine');
    const { journal: other } = await open('mine-too');
    await mine.append(bytes(1), 0);
    await other.append(bytes(2), 0);
    await other.append(bytes(3), 0);
    expect(await mine.devices()).toEqual(['mine', 'mine-too']);
    expect(await mine.seqs()).toEqual([1]);
    await other.remove();
    expect([await mine.devices(), await mine.seqs()]).toEqual([['mine'], [1]]);
    expect(cache.held.size).toBe(2);
  });

  it('counts numbers as numbers', async () => {
    const { open } = cached();
    const { journal } = await open();
    await journal.append(bytes(1), 9);
    await journal.append(bytes(2), 1);
    await journal.append(bytes(3), 99);
    expect((await open()).state.seqs).toEqual([10, 11, 100]);
  });

  it('takes nothing when it is not open, and says so', async () => {
    const { open } = cached();
    const { journal } = await open();
    journal.close();
    await expect(journal.append(bytes(1), 0)).rejects.toThrow('The journal is not open.');
    await expect(journal.seqs()).rejects.toThrow('The journal is not open.');
    await settle();
  });
});
