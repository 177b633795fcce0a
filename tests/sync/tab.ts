import type { OpenDevice } from '#engine/client/device.ts';
import type { Asked, ServerPort } from '#engine/client/server-port.ts';
import { Session, type Surroundings } from '#engine/client/session.ts';
import { statusOf, type StatusWord } from '#engine/client/status.ts';
import type { AnyMutation } from '#engine/kind.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import type { Replica } from '#engine/replica.ts';
import type { Phone } from './phone.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

const declined = async (): Promise<Asked<never>> => ({ kind: 'declined', code: 'not-simulated' });

/** A phone finds a quiet moment this much after an answer (ms). */
const idleAfterMs = 2_000;

/**
 * One tab of the app: the client's own session with its replica, its loop and its place among the tabs, over a disk,
 * a network and a clock of the simulation. It may die at any moment.
 */
export class Tab {
  readonly owner: string;
  readonly registry: Registry;
  #session: Session | null = null;
  #timers: Timer[] = [];
  #dead = false;
  #startedAt: number;
  #lastAnswer: ExchangeAnswer | null = null;

  constructor(
    readonly phone: Phone,
    number: number,
  ) {
    this.owner = `${phone.name}.${number}`;
    this.registry = phone.registry;
    this.#startedAt = phone.time.now() - phone.random.below(1_000_000);
  }

  /** What this tab shows; null before it has opened and after it died. */
  get replica(): Replica | null {
    return this.#dead ? null : (this.#session?.replica ?? null);
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** The word the person reads about this phone's work. */
  get word(): StatusWord | null {
    const session = this.#session;
    return session ? statusOf(session.replica, session.loopState, session).word : null;
  }

  get needsSignIn(): boolean {
    return this.#session?.loopState.needsSignIn ?? false;
  }

  /** Opens what the phone holds. */
  async start(): Promise<void> {
    const { phone, owner } = this;
    const listener = {
      onChange: () => phone.events.shown(this),
      onLoop: () => phone.events.says(this),
      onGone: () => this.close(),
      onLost: () => this.die(),
      onReplaced: () => this.die(),
      onKeeping: () => undefined,
    };
    try {
      const open = {
        device: phone.device,
        note: phone.browser.canary.read(),
        database: { close: () => undefined },
        storage: {
          ...phone.disk.session(owner, (whole) => phone.events.reads(this, whole)),
          // The journal has tests of its own; here the disk is the only home of an act.
          attach: () => undefined,
          restored: [],
          close: () => undefined,
          raiseFloor: () => undefined,
          keeping: 'once',
        },
      } as unknown as OpenDevice;
      const session = await Session.start(this.registry, open, this.#server(), this.#around(), listener);
      this.#session = session;
      phone.events.shown(this);
    } catch (error) {
      phone.events.failed(this, String(error));
      this.die();
    }
  }

  /** The process is gone, whatever it was doing. */
  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#timers = [];
    this.phone.schedule.kill(this.owner);
    this.phone.browser.die(this.owner);
  }

  /** The person closes the tab. */
  close(): void {
    this.#session?.stop();
    this.die();
  }

  /** The person taps a button. */
  async tap(mutation: AnyMutation, args: Record<string, unknown>): Promise<void> {
    const own = this.registry.mutations.get(mutation.name);
    if (!own || !this.#session) return;
    // This version of the app hands over what its own act takes.
    const taken = Object.fromEntries(Object.entries(args).filter(([name]) => name in own.args));
    const outcome = await this.#session.mutate(own, taken as never);
    if ('saved' in outcome) this.phone.events.saved(this, outcome.saved.seq);
    else this.phone.events.failed(this, `${mutation.name}: ${outcome.refusal.code}`);
  }

  /** The phone gets a connection, or the person asks. */
  wake(reason: 'online' | 'person' | 'signed-in'): void {
    this.#session?.wake(reason);
  }

  /** Tells the other tabs that this device is nobody's any more. */
  leave(): void {
    this.#session?.leave();
    this.die();
  }

  /** Lets the earliest timer run that is due; false when none is. */
  fireDue(now: number): boolean {
    const due = this.#timers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)[0];
    if (!due) return false;
    this.#timers = this.#timers.filter((one) => one !== due);
    due.run();
    return true;
  }

  #around(): Surroundings {
    const { phone, owner } = this;
    return {
      timers: { after: (ms, run) => this.#after(ms, run), random: () => phone.random.next() },
      tools: {
        wallClock: () => phone.wallClock(),
        monotonic: () => phone.time.now() - this.#startedAt,
        newId: () => phone.newId(),
        mutationsPerExchange: phone.actsPerRequest,
        whenIdle: (work) => void this.#after(idleAfterMs, work),
      },
      canary: phone.browser.canary,
      locks: phone.tabsKnowEachOther ? phone.browser.locksOf(owner) : null,
      channel: () => phone.browser.channelOf(owner, (message) => this.#sent(message as { type: string })),
      journals: null as never,
      keepStorage: () => undefined,
      onAwake: () => () => undefined,
    };
  }

  #after(ms: number, run: () => void): () => void {
    const timer = { at: this.phone.time.now() + ms, run };
    if (!this.#dead) this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** The session tells the other tabs when an answer is on the disk; so the world hears of it too. */
  #sent({ type }: { readonly type: string }): void {
    const answer = this.#lastAnswer;
    if (type !== 'committed' || !answer || !this.replica) return;
    this.phone.flaws.onTaken?.(this);
    if (this.replica.agrees(answer) && !this.replica.facts.filling) this.phone.events.filled(this, answer);
  }

  #server(): ServerPort {
    return {
      exchange: (request) => this.#exchange(request),
      listen: (listener) => this.phone.listen(this, listener),
      join: declined,
      signIn: declined,
      whoAmI: declined,
      signOut: declined,
      makeJoinCode: declined,
      revokeDevice: declined,
      readHistory: declined,
      giveSignIn: declined,
    };
  }

  async #exchange(request: ExchangeRequest): Promise<Asked<ExchangeAnswer>> {
    const { phone, owner } = this;
    const sent = phone.flaws.request?.(request) ?? request;
    const asked = await phone.network.send(owner, phone.device, sent);
    if (asked.kind !== 'answer') {
      if (asked.kind !== 'sign-in') phone.flaws.onNoAnswer?.(phone, request);
      return asked;
    }
    const answer = phone.flaws.answer?.(asked.answer) ?? asked.answer;
    this.#lastAnswer = answer;
    return { kind: 'answer', answer };
  }
}
