import { exchangesPerRound } from '../limits.ts';
import { requestBehind } from '../next-request.ts';
import type { ExchangeAnswer, ExchangeRequest } from '../protocol.ts';
import type { Replica } from '../replica.ts';
import { StorageMovedOn } from './indexed-storage.ts';
import type { Asked, ServerPort } from './server-port.ts';
import type { Timers } from './timers.ts';

/** Why the loop should look again. */
export type WakeReason = 'act' | 'alarm' | 'poke' | 'online' | 'focus' | 'person' | 'signed-in';

export interface LoopState {
  /** Acts that are on their way to the centre at this moment. */
  readonly sending: number;
  /** More of the centre's state is still coming in. */
  readonly receiving: boolean;
  /** Rounds in a row that brought nothing. */
  readonly misses: number;
  /** The centre does not know this device any more; everything is kept. */
  readonly needsSignIn: boolean;
  /** An answer came and could not be written on this phone. */
  readonly cannotStore: boolean;
}

export const quietLoop: LoopState = {
  sending: 0,
  receiving: false,
  misses: 0,
  needsSignIn: false,
  cannotStore: false,
};

/** After an act, so that a second tap travels with the first (ms). */
const actDebounceMs = 300;
/** Between rounds when nothing happens (ms); spread by a fifth to either side. */
const idleMs = 60_000;
/** First wait after a round without answer; doubles up to `idleMs`. */
const firstRetryMs = 2_000;
/** Being woken by people and events never asks more often than this (ms). */
const wakeGapMs = 500;
/** Between two tries out of turn for alarms (ms): somebody may be in need, and nobody may hammer. */
export const alarmGapMs = 10_000;

export interface LoopParts {
  readonly replica: Pick<Replica, 'request' | 'accept' | 'agrees' | 'changeFacts' | 'refresh' | 'sendFewer' | 'unsent'>;
  readonly server: Pick<ServerPort, 'exchange'>;
  readonly timers: Timers;
  readonly onState: (state: LoopState) => void;
  /** Called when an exchange was committed, so that other tabs read what is new. */
  readonly onCommitted: () => void;
}

interface Exchanged {
  readonly request: ExchangeRequest;
  readonly asked: Asked<ExchangeAnswer>;
}

type RoundEnd = { readonly waitMs: number; readonly state: Partial<LoopState> };

/**
 * Talks to the centre, one exchange at a time, when there is a reason or a minute has passed. Runs in the leading tab
 * only. Failure makes it patient, never silent for more than about a minute, and never makes it delete anything.
 */
export class SyncLoop {
  readonly #parts: LoopParts;
  #state: LoopState = quietLoop;
  #running = false;
  #stopped = true;
  #againIn: number | null = null;
  /** The centre has said how long to stay away, and that time is not over. */
  #sentAway = false;
  /** An alarm was saved, and no request made since then has taken it along. */
  #alarmWaits = false;
  /** Ends the time after a try for an alarm in which there is no other; null when none runs. */
  #endAlarmGap: (() => void) | null = null;
  #callOff: (() => void) | null = null;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  get state(): LoopState {
    return this.#state;
  }

  start(): void {
    this.#stopped = false;
    this.#schedule(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#callOff?.();
    this.#callOff = null;
    this.#endAlarmGap?.();
    this.#endAlarmGap = null;
  }

  /**
   * Asks for a round soon. An act while the centre is out of reach waits for the next try that is due anyway; an alarm
   * is tried at once, out of turn too.
   */
  wake(reason: WakeReason): void {
    if (this.#stopped) return;
    if (this.#state.needsSignIn && reason !== 'signed-in' && reason !== 'person') return;
    if (reason === 'alarm') return this.#takeAlarm();
    if (reason === 'act' && this.#state.misses > 0) return;
    // The centre knows best when it can; only a person who asks for it may ask earlier.
    if (this.#sentAway && reason !== 'person' && reason !== 'signed-in') return;
    const waitMs = reason === 'act' ? actDebounceMs : reason === 'focus' || reason === 'poke' ? wakeGapMs : 0;
    if (this.#running) this.#againIn = Math.min(this.#againIn ?? waitMs, waitMs);
    else this.#schedule(waitMs);
  }

  #takeAlarm(): void {
    const isFirst = !this.#alarmWaits;
    this.#alarmWaits = true;
    // Soon after a try for another one it is an act like any other, and tried at the latest when that time is over.
    if (!this.#endAlarmGap) this.#tryAlarm();
    else if (isFirst) this.wake('act');
  }

  /**
   * Also while the centre is out of reach or wants to be left alone: it lets alarms in before all others. During a
   * round its end looks here.
   */
  #tryAlarm(): void {
    if (!this.#alarmWaits || this.#running || this.#endAlarmGap || this.#state.needsSignIn) return;
    this.#endAlarmGap = this.#parts.timers.after(alarmGapMs, () => {
      this.#endAlarmGap = null;
      this.#tryAlarm();
    });
    this.#schedule(0);
  }

  #schedule(ms: number): void {
    this.#callOff?.();
    this.#callOff = this.#parts.timers.after(ms, () => void this.#run());
  }

  async #run(): Promise<void> {
    this.#callOff = null;
    if (this.#running || this.#stopped) return;
    this.#running = true;
    this.#sentAway = false;
    this.#alarmWaits = false;
    const { waitMs, state } = await this.#round().catch((error: unknown) => this.#storageFailed(error));
    this.#running = false;
    this.#say({ sending: 0, receiving: false, ...state });
    if (this.#stopped) return;
    const soon = this.#againIn;
    this.#againIn = null;
    if (soon !== null && this.#state.misses === 0) this.#schedule(soon);
    else if (!this.#state.needsSignIn) this.#schedule(waitMs);
    this.#tryAlarm();
  }

  async #round(): Promise<RoundEnd> {
    const { replica } = this.#parts;
    let healed = false;
    let ahead: Promise<Exchanged> | null = null;
    for (let exchanges = 0; exchanges < exchangesPerRound && !this.#stopped; exchanges += 1) {
      const exchanged: Exchanged = await (ahead ?? this.#ask(replica.request()));
      const { request, asked } = exchanged;
      if (asked.kind !== 'answer') return this.#missed(asked);
      const { answer } = asked;
      // The next part comes in while this one is written. When that fails, it is as if that answer had been lost.
      const goesOn = !this.#stopped && exchanges + 1 < exchangesPerRound;
      const next: ExchangeRequest | null = goesOn ? requestBehind(request, answer) : null;
      ahead = next && this.#ask(next);
      ahead?.catch(() => undefined);
      await replica.accept(request, answer);
      this.#parts.onCommitted();
      this.#say({ misses: 0, needsSignIn: false, cannotStore: false, receiving: answer.more });
      if (!answer.more && !replica.agrees(answer)) {
        // The sums differ: what this phone holds is filled anew, once; unsent work is not touched by that.
        if (healed) break;
        healed = true;
        await replica.changeFacts({ cookie: null });
        continue;
      }
      // A centre restored from a backup judges nothing in its first answer; what it lost is sent again at once.
      const judges = answer.verdicts.length > 0 || request.epoch !== answer.epoch;
      const moreToSend = judges && replica.unsent.length > 0;
      if (!answer.more && !moreToSend) break;
    }
    return { waitMs: this.#spread(idleMs), state: {} };
  }

  async #ask(request: ExchangeRequest): Promise<Exchanged> {
    this.#say({ sending: request.mutations.length });
    return { request, asked: await this.#parts.server.exchange(request) };
  }

  #missed(asked: Exclude<Asked<unknown>, { kind: 'answer' }>): RoundEnd {
    if (asked.kind === 'sign-in') return { waitMs: idleMs, state: { needsSignIn: true } };
    if (asked.kind === 'declined') this.#parts.replica.sendFewer();
    const misses = this.#state.misses + 1;
    const asUsual = this.#backOff(misses);
    const told = asked.kind === 'busy' ? (asked.retryAfterMs ?? 0) : 0;
    this.#sentAway = told > 0;
    return { waitMs: Math.max(asUsual, Math.min(told, 10 * idleMs)), state: { misses } };
  }

  async #storageFailed(error: unknown): Promise<RoundEnd> {
    const misses = this.#state.misses + 1;
    if (error instanceof StorageMovedOn) {
      const read = await this.#parts.replica.refresh().then(
        () => true,
        () => false,
      );
      if (read) return { waitMs: this.#backOff(1), state: {} };
    }
    return { waitMs: this.#backOff(misses), state: { misses, cannotStore: true } };
  }

  /** Between half and the whole of the doubled wait, so that phones do not come back all at once. */
  #backOff(misses: number): number {
    const longest = Math.min(idleMs, firstRetryMs * 2 ** Math.min(misses - 1, 10));
    return longest * (0.5 + 0.5 * this.#parts.timers.random());
  }

  #spread(ms: number): number {
    return ms * (0.8 + 0.4 * this.#parts.timers.random());
  }

  #say(part: Partial<LoopState>): void {
    const next = { ...this.#state, ...part };
    const same = Object.entries(next).every(([key, value]) => this.#state[key as keyof LoopState] === value);
    this.#state = next;
    if (!same) this.#parts.onState(next);
  }
}
