import { noFacts, type NewEntry, type StorageCommit, type StoredEntry, type StoredState } from '../device-storage.ts';
import type { IndexedStorage } from './indexed-storage.ts';
import { JournaledStorage } from './journaled-storage.ts';
import type { Bytes, Sealer } from './sealer.ts';
import { StoodTime } from './testing.ts';
import { MemoryJournals } from './testing-journal.ts';

export const act = (id: string): NewEntry => ({
  ...{ id, name: 'lamp.hang', version: 1, args: {}, claimedAt: 0 },
  ...{ serverTime: null, sinceServer: null, offset: null },
});
export const unsent = (id: string, seq: number): StoredEntry => ({ ...act(id), seq, state: 'unsent' });
export const commitOf = (seqs: readonly number[], forget: readonly number[] = []): StorageCommit => ({
  ...{ facts: noFacts, reset: false, page: null, unsentAgain: [], forget },
  judged: seqs.map((seq) => ({ seq, state: { state: 'received', receivedAt: 1 } })),
});
/** Seals nothing; ciphers have tests of their own. */
export const sealer = {
  seal: async (_place: unknown, value: unknown) => new TextEncoder().encode(JSON.stringify(value)),
  open: async (_place: unknown, bytes: Bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
} as unknown as Sealer;

/** The second home, in memory; `fails` is what its calls throw. */
class Store {
  entries: StoredEntry[] = [];
  fails: Error | null = null;
  readonly calls: string[] = [];
  made: StoredState | null = null;
  onMake: () => void = () => undefined;

  #do(call: string): void {
    this.calls.push(call);
    if (this.fails) throw this.fails;
  }
  /** Whether another tab has written. */
  moved = false;
  hasMoved = async () => this.moved;
  load = async () => {
    this.#do('load');
    return { facts: noFacts, pages: [], entries: [...this.entries] };
  };
  putMissing = async (entries: readonly StoredEntry[]) => {
    this.#do(`put ${entries.map(({ seq }) => seq).join(' ')}`.trim());
    for (const one of entries) if (!this.entries.some(({ seq }) => seq === one.seq)) this.entries.push(one);
  };
  append = async (entry: NewEntry, floor: number) => {
    this.#do(`append above ${floor}`);
    this.entries.push({ ...entry, seq: floor + 1, state: 'unsent' });
    return floor + 1;
  };
  commit = async ({ judged }: StorageCommit) => this.#do(`commit ${judged.map(({ seq }) => seq).join(' ')}`);
  compact = async () => this.#do('compact');
  acknowledgeRefusal = async (seq: number) => this.#do(`acknowledge ${seq}`);
  reopen = async () => void this.calls.push('reopen');
  make = async (state: StoredState) => {
    this.calls.push('make');
    this.made = state;
    this.onMake();
  };
}

export async function phone({ journals = new MemoryJournals() as MemoryJournals | null, inPlace = true } = {}) {
  const [store, time] = [new Store(), new StoodTime()];
  const heard = { keeping: 0, rebuilt: 0, replaced: 0 };
  const memory = { ours: true, state: { facts: noFacts, pages: [], entries: [] } as StoredState };
  const opened: JournaledStorage[] = [];
  const attach = (storage: JournaledStorage): void =>
    storage.attach({
      snapshot: () => memory.state,
      stillOurs: () => memory.ours,
      rebuilt: () => (heard.rebuilt += 1),
      replaced: () => (heard.replaced += 1),
      onKeeping: () => (heard.keeping += 1),
    });
  const open = async (attached = true) => {
    const journal = journals && Object.assign(journals.journal(), { inPlace });
    const held = journal && (await journal.open('mine'));
    const parts = journal && held ? { journal, held, sealer } : null;
    const storage = new JournaledStorage({ store: store as unknown as IndexedStorage, journal: parts, timers: time });
    if (attached) attach(storage);
    opened.push(storage);
    return { storage, journal };
  };
  return { store, time, heard, memory, journals, open, attach, ...(await open()) };
}
