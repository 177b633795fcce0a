import * as f from '../field.ts';
import { kind, mutation, mutationsOf } from '../kind.ts';
import { put } from '../change.ts';
import { encodeRows } from '../patch.ts';
import type { ExchangeAnswer, ExchangeRequest, Verdict, WireIdentity } from '../protocol.ts';
import { refuse } from '../refusal.ts';
import { registryOf } from '../registry.ts';
import { seesStation } from '../scope.ts';
import type { Asked, PokeListener, ServerPort } from './server-port.ts';
import type { Surroundings } from './session.ts';
import { MemoryJournals } from './testing-journal.ts';
import type { Timers } from './timers.ts';

/** Parts that the client's own tests share: a small station of lamps, time that stands still, a centre in memory. */
export const lamp = kind({
  name: 'lamp',
  fields: { room: f.text(), lit: f.yesNo() },
  index: ['room'],
  sees: [seesStation()],
});

export const lampActs = mutationsOf(lamp, {
  light: mutation({
    label: () => 'light',
    args: { lampId: f.reference('lamp') },
    about: { kind: lamp, id: (args) => args.lampId },
    may: (ctx) => ctx.roles.includes('keeper'),
    refusals: { 'already-lit': () => 'It is lit.' },
    apply: (tx, { lampId }) => {
      const row = tx.get(lamp, lampId);
      return !row || row.lit ? refuse('already-lit') : [put(lamp, { ...row, lit: true })];
    },
  }),
  hang: mutation({
    label: () => 'hang',
    args: { room: f.text() },
    may: () => true,
    apply: (_tx, { room }, ctx) => [put(lamp, { id: ctx.newId(), room, lit: false })],
  }),
  smoke: mutation({
    label: () => 'smoke',
    urgent: true,
    args: { room: f.text() },
    may: () => true,
    apply: (_tx, { room }, ctx) => [put(lamp, { id: ctx.newId(), room, lit: false })],
  }),
});

export const lamps = registryOf([{ lamp, lampActs }]);

/** What the centre gives a device to seal its journal with. */
export const journalKey = btoa('0123456789abcdef0123456789abcdef');

export const keeper: WireIdentity = { station: 's1', person: 'p1', roles: ['keeper'], communities: 'all' };

/** Time that moves only when told to; runs what is due in order. */
export class StoodTime implements Timers {
  now = 0;
  chance = 0.5;
  #due: { at: number; run: () => void }[] = [];

  after = (ms: number, run: () => void): (() => void) => {
    const entry = { at: this.now + ms, run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  };

  random = (): number => this.chance;

  /** Milliseconds until the next thing that is due, null when nothing is. */
  get next(): number | null {
    return this.#due.length === 0 ? null : Math.min(...this.#due.map(({ at }) => at)) - this.now;
  }

  /** Lets `ms` pass; what is due runs at its time, and what it awaits settles before the next. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const [first] = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!first) break;
      this.#due = this.#due.filter((other) => other !== first);
      this.now = first.at;
      first.run();
      await settle();
    }
    this.now = until;
    await settle();
  }
}

/** Lets what is already on its way come to rest, as far as no disk and no cipher is waited for. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until it is so; ciphers and fake IndexedDB take turns of their own. Throws what `check` throws in the end. */
export async function until(check: () => void): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    try {
      return check();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  check();
}

/** A centre in memory that takes each act once and answers with the lamps it holds. */
export class MemoryCentre implements ServerPort {
  readonly taken = new Map<number, { name: string; args: unknown }>();
  readonly requests: ExchangeRequest[] = [];
  rows: { row: { id: string; room: string; lit: boolean }; version: number }[] = [];
  /** Makes the next exchanges end like this instead. */
  failing: Asked<never> | null = null;
  refusing: string | null = null;
  listeners: PokeListener[] = [];
  time = 1_000_000;
  device = 'device-1';
  epoch = 'e1';

  exchange = async (request: ExchangeRequest): Promise<Asked<ExchangeAnswer>> => {
    this.requests.push(request);
    if (this.failing) return this.failing;
    const verdicts = request.mutations.map(({ seq, id, name, args }): Verdict => {
      if (this.refusing) return { seq, id, verdict: 'refused', repeated: false, code: this.refusing };
      const repeated = this.taken.has(seq);
      this.taken.set(seq, { name, args });
      return { seq, id, verdict: 'applied', repeated };
    });
    return { kind: 'answer', answer: this.answer({ verdicts }) };
  };

  answer(part: Partial<ExchangeAnswer> = {}): ExchangeAnswer {
    return {
      verdicts: [],
      cookie: `c${this.requests.length}`,
      patch: { reset: true, kinds: [encodeRows('lamp', ['room', 'lit'], this.rows, [])] },
      more: false,
      checksum: null,
      serverTime: this.time,
      epoch: this.epoch,
      you: keeper,
      ...part,
    };
  }

  listen = (listener: PokeListener): (() => void) => {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  };

  join = async (_token?: string, former: readonly string[] = []) => {
    const formerKeys = former.map((device) => ({ device, journalKey }));
    return { kind: 'answer', answer: { device: this.device, identity: keeper, journalKey, formerKeys } } as const;
  };
  signIn = () => this.join();
  whoAmI = () => this.join();
  signOut = async () => ({ kind: 'answer', answer: null }) as const;
  makeJoinCode = async () => ({ kind: 'declined', code: 'not-allowed' }) as const;
  giveSignIn = this.makeJoinCode;
  revokeDevice = this.makeJoinCode;
  readHistory = this.makeJoinCode;
}

/** Surroundings of one tab; tabs made from the same `shared` see each other. */
export function surroundings(time: StoodTime, shared = new SharedBrowser()): Surroundings {
  return {
    timers: time,
    tools: { wallClock: () => time.now, monotonic: () => time.now, newId: () => shared.newId() },
    canary: shared.canary,
    journals: () => (shared.journals ? [shared.journals.journal()] : []),
    locks: shared.locks,
    channel: (name) => shared.channel(name),
    keepStorage: () => undefined,
    onAwake: () => () => undefined,
  };
}

/** What tabs of one browser have in common. */
export class SharedBrowser {
  static #count = 0;
  readonly number = (SharedBrowser.#count += 1);
  readonly locks = new MemoryLocks();
  #ids = 0;
  readonly newId = (): string => `act-${this.number}-${(this.#ids += 1)}`;
  /** null: a browser that has none. */
  journals: MemoryJournals | null = new MemoryJournals();
  readonly #channels = new Set<MemoryChannel>();
  #note: ReturnType<Surroundings['canary']['read']> = null;
  #left: string | null = null;
  readonly canary: Surroundings['canary'] = {
    read: () => this.#note,
    write: (note) => {
      this.#left = null;
      this.#note = note;
    },
    leave: (device) => {
      this.#note = null;
      this.#left = device;
    },
    hasLeft: (device) => this.#left === device,
  };

  channel(name: string): MemoryChannel {
    const channel = new MemoryChannel(name, this.#channels);
    this.#channels.add(channel);
    return channel;
  }
}

class MemoryChannel {
  onmessage: ((event: MessageEvent) => void) | null = null;
  constructor(
    readonly name: string,
    readonly others: Set<MemoryChannel>,
  ) {}

  postMessage(message: unknown): void {
    const copy = structuredClone(message);
    for (const other of this.others)
      if (other !== this && other.name === this.name)
        queueMicrotask(() => other.onmessage?.({ data: copy } as MessageEvent));
  }

  close(): void {
    this.others.delete(this);
  }
}

/** Locks as the browser gives them: one holder, the rest wait in order. */
export class MemoryLocks {
  #queue: Promise<unknown> = Promise.resolve();

  request(_name: string, { signal }: { signal: AbortSignal }, whileHeld: () => Promise<void>): Promise<unknown> {
    const turn = this.#queue.then(() => {
      if (signal.aborted) throw new Error('Given up.');
      return whileHeld();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
