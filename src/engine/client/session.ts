import type { StoredEntry } from '../device-storage.ts';
import type { AnyMutation, ArgumentsOf } from '../kind.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { numbersOf } from '../ranges.ts';
import type { Registry } from '../registry.ts';
import { Replica, type ReplicaTools } from '../replica.ts';
import type { DeviceTools, OpenDevice } from './device.ts';
import type { Keeping } from './journaled-storage.ts';
import { lossOf, noteOf, numbersIn } from './loss.ts';
import { TabRole, type Channel, type Locks } from './leader.ts';
import { PokeLine } from './poke-line.ts';
import type { ServerPort } from './server-port.ts';
import { quietLoop, SyncLoop, type LoopState, type WakeReason } from './sync-loop.ts';

/** What the browser gives; handed in, so that tests bring their own. */
export interface Surroundings extends DeviceTools {
  readonly tools: ReplicaTools;
  readonly locks: Locks | null;
  readonly channel: (name: string) => Channel | null;
  /** Asks the browser not to tidy this station's storage away; it may say no, and nothing here relies on a yes. */
  readonly keepStorage: () => void;
  /** Calls back when the phone may have got a connection or the person looks at it again; returns how to stop. */
  readonly onAwake: (wake: (reason: 'online' | 'focus') => void) => () => void;
}

/** What tabs of one device tell each other. */
type TabMessage =
  | { readonly type: 'appended'; readonly entry: StoredEntry }
  | { readonly type: 'committed' }
  | { readonly type: 'loop'; readonly state: LoopState }
  | { readonly type: 'wake'; readonly reason: WakeReason }
  | { readonly type: 'read'; readonly seq: number }
  /** A tab wants to sign this device out: nothing more is taken until it has left or stays. */
  | { readonly type: 'leaving'; readonly leaves: boolean }
  | { readonly type: 'gone' };

export interface SessionListener {
  /** Kinds whose records may have changed; '' stands for acts and facts. */
  readonly onChange: (kinds: ReadonlySet<string>) => void;
  readonly onLoop: () => void;
  /** How well this phone keeps unsent acts has changed. */
  readonly onKeeping: () => void;
  /** The store was emptied and another tab has made a new one. */
  readonly onReplaced: () => void;
  /** Another tab has signed this device out. */
  readonly onGone: () => void;
}

export type ActOutcome = { readonly saved: StoredEntry } | { readonly refusal: Refusal };

/** A tab that has waited longer than this for the lead may have missed what others have written (ms). */
const leadAtOnceMs = 1_000;

/** An enrolled device at work in this tab: its replica, its place among the tabs, and, when leading, the exchange. */
export class Session {
  readonly replica: Replica;
  readonly #open: OpenDevice;
  readonly #around: Surroundings;
  readonly #listener: SessionListener;
  readonly #role: TabRole<TabMessage>;
  readonly #loop: SyncLoop;
  readonly #pokes: PokeLine;
  readonly #startedAt: number;
  #loopState: LoopState = quietLoop;
  #refreshing: Promise<void> | null = null;
  #refreshAgain = false;
  #stopWatching: () => void = () => undefined;
  #leaving = false;
  /** Numbers the note knows of that are not on this phone: true when the disk has kept that for the centre. */
  readonly #lost = new Map<number, boolean>();

  private constructor(
    replica: Replica,
    open: OpenDevice,
    server: ServerPort,
    around: Surroundings,
    listener: SessionListener,
  ) {
    this.replica = replica;
    this.#open = open;
    this.#around = around;
    this.#listener = listener;
    this.#startedAt = around.tools.wallClock();
    this.#pokes = new PokeLine(server, around.timers, () => this.#loop.wake('poke'));
    this.#loop = new SyncLoop({
      replica,
      server,
      timers: around.timers,
      onState: (state) => this.#takeLoopState(state, true),
      onCommitted: () => this.#committed(),
    });
    const name = `nuanlin-${open.device}`;
    this.#role = new TabRole<TabMessage>({
      name,
      locks: around.locks,
      channel: around.channel(name),
      onLead: () => void this.#lead(),
      onMessage: (message) => this.#hear(message),
    });
  }

  /** Reads what the phone holds and takes its place among the tabs. Throws SealBroken or what IndexedDB throws. */
  static async start(
    registry: Registry,
    open: OpenDevice,
    server: ServerPort,
    around: Surroundings,
    listener: SessionListener,
  ): Promise<Session> {
    const replica = await Replica.open(registry, open.device, open.storage, around.tools);
    const session = new Session(replica, open, server, around, listener);
    replica.onChange(listener.onChange);
    open.storage.attach({
      snapshot: () => replica.snapshot(),
      rebuilt: () => void session.#refresh(),
      stillOurs: () => !around.canary.hasLeft(open.device),
      replaced: listener.onReplaced,
      onKeeping: listener.onKeeping,
    });
    await session.#noticeLoss();
    session.#noteCanary();
    session.#role.start();
    for (const entry of open.storage.restored) session.#role.tell({ type: 'appended', entry });
    session.#stopWatching = around.onAwake((reason) => session.wake(reason));
    return session;
  }

  get loopState(): LoopState {
    return this.#loopState;
  }

  get keeping(): Keeping {
    return this.#open.storage.keeping;
  }

  get alone(): boolean {
    return this.#role.alone;
  }

  /** This tab is the one that talks to the centre. */
  get leading(): boolean {
    return this.#role.leading;
  }

  get device(): OpenDevice {
    return this.#open;
  }

  /** Does an act. An act that could not be written is a refusal too: nothing is shown as saved that is not. */
  async mutate<M extends AnyMutation>(mutation: M, args: ArgumentsOf<M>): Promise<ActOutcome> {
    if (this.#leaving) return { refusal: refuse('not-saved') };
    const outcome = await this.replica.mutate(mutation, args).catch(() => ({ refusal: refuse('not-saved') }));
    if ('saved' in outcome) {
      this.#noteCanary();
      this.#role.tell({ type: 'appended', entry: outcome.saved });
      this.#wakeFor(outcome.saved);
    }
    return outcome;
  }

  #wakeFor({ name }: StoredEntry): void {
    if (this.#role.leading) this.#loop.wake(this.replica.registry.mutations.get(name)?.urgent ? 'alarm' : 'act');
  }

  async acknowledgeRefusal(seq: number): Promise<void> {
    await this.replica.acknowledgeRefusal(seq);
    this.#role.tell({ type: 'read', seq });
  }

  /** Looks at the centre soon, whichever tab leads. */
  wake(reason: WakeReason): void {
    if (this.#role.leading) this.#loop.wake(reason);
    else this.#role.tell({ type: 'wake', reason });
  }

  stop(): void {
    this.#stopWatching();
    this.#pokes.close();
    this.#loop.stop();
    this.#role.stop();
    this.#open.storage.close();
    this.#open.database.close();
  }

  /**
   * Before and after signing out: while a device leaves, no tab takes anything more. Resolves with how much is unsent
   * in any home and any tab, as far as this phone can know.
   */
  async prepareToLeave(): Promise<number> {
    this.#setLeaving(true);
    await this.replica.refresh();
    return this.replica.unsent.length;
  }

  stay(): void {
    this.#setLeaving(false);
  }

  #setLeaving(leaves: boolean): void {
    this.#leaving = leaves;
    this.#role.tell({ type: 'leaving', leaves });
  }

  /** Tells the other tabs that this device belongs to nobody any more, and stops. */
  leave(): void {
    this.#role.tell({ type: 'gone' });
    this.stop();
  }

  async #lead(): Promise<void> {
    const waited = this.#around.tools.wallClock() - this.#startedAt > leadAtOnceMs;
    if (waited) await this.#refresh();
    if (!this.#role.leading) return;
    // What the tab before said last may have been cut off in the middle of a round.
    this.#takeLoopState(quietLoop, true);
    this.#loop.start();
  }

  #committed(): void {
    this.#noteCanary(true);
    this.#role.tell({ type: 'committed' });
    this.#pokes.open();
  }

  #hear(message: TabMessage): void {
    if (message.type === 'appended') {
      this.#open.storage.raiseFloor(message.entry.seq);
      this.replica.adopt([message.entry]);
      this.#noteCanary();
      this.#wakeFor(message.entry);
    } else if (message.type === 'wake') {
      if (this.#role.leading) this.#loop.wake(message.reason);
    } else if (message.type === 'read') void this.replica.acknowledgeRefusal(message.seq);
    else if (message.type === 'leaving') this.#leaving = message.leaves;
    else if (message.type === 'gone') this.#listener.onGone();
    else if (this.#role.leading) return;
    else if (message.type === 'committed') void this.#refresh();
    else this.#takeLoopState(message.state, false);
  }

  #takeLoopState(state: LoopState, tell: boolean): void {
    this.#loopState = state;
    if (state.needsSignIn) this.#pokes.close();
    if (tell) this.#role.tell({ type: 'loop', state });
    this.#listener.onLoop();
  }

  /** Reads anew what another tab has written; news that come meanwhile are read once more afterwards. */
  async #refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#refreshAgain = true;
      return this.#refreshing;
    }
    // A store that has just been deleted by another tab cannot be read; the message about that follows.
    this.#refreshing = this.replica.refresh().catch(() => undefined);
    await this.#refreshing;
    this.#refreshing = null;
    if (!this.#refreshAgain) return;
    this.#refreshAgain = false;
    await this.#refresh();
  }

  /** What was saved on this phone and is gone is told to the centre; until that is kept on the disk the note keeps it. */
  async #noticeLoss(): Promise<void> {
    const { note, device } = this.#open;
    const held = this.replica.entries.map(({ seq }) => seq);
    const before = this.replica.facts.lost ?? [];
    const lost = note?.device === device ? lossOf(note, [...held, ...numbersIn(before, device)]) : null;
    if (!lost) return;
    const isKept = await this.replica.changeFacts({ lost: [...before, lost] }).then(
      () => true,
      () => false,
    );
    for (const seq of numbersOf(lost.numbers)) this.#lost.set(seq, isKept);
  }

  /** `answered`: the centre has just been told what is no longer in this tab's facts. */
  #noteCanary(answered = false): void {
    const { canary } = this.#around;
    const { entries, unsent, facts } = this.replica;
    const { device } = this.#open;
    const { lost: untold = [], toldLost: told = [] } = facts;
    // Kept by this tab or another, perhaps one that died before it could say so.
    for (const seq of numbersIn(untold, device)) this.#lost.set(seq, true);
    const lost = this.#lost;
    canary.write(noteOf({ device, before: canary.read(), entries, unsent, lost, untold, told, answered }));
  }
}
