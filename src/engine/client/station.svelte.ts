/**
 * The station as screens see it; the only module of the engine's client that they import.
 *
 *   import { station } from '#engine/client/station.svelte.ts';
 *
 *   const stops = $derived(station.records(stop).where({ routeId }));   // runs again when stops change
 *   const mayHandOver = $derived(station.can(deliveryActs.handOver, { stopId }));
 *   const outcome = await station.mutate(deliveryActs.handOver, { stopId });
 *   if ('refusal' in outcome) words = station.refusalWords(outcome.refusal.code, deliveryActs.handOver.name);
 *   // else it is safe on this phone and already on the screen
 *
 * `station.me`, `station.now()`, `station.today`, `station.status`, `station.can` and `station.reader` are reactive
 * like records. `station.reader` is for the pure rules of a feature, which take a Reader. Pages below the layout are
 * shown only while a device is open, so `station.me` is never null in them (`station.who` says so to the compiler).
 */
import { dayOf } from '../calendar.ts';
import type { Identity } from '../context.ts';
import type { StoredEntry } from '../device-storage.ts';
import { movedFrom } from '../former-numbers.ts';
import type { AnyKind, AnyMutation, ArgumentsOf } from '../kind.ts';
import type { WireIdentity } from '../protocol.ts';
import type { TableReader } from '../reader.ts';
import type { Registry } from '../registry.ts';
import type { Begun } from './begin.ts';
import {
  enrolDevice,
  findDevice,
  forgetDevice,
  journalDevices,
  lostOrProblem,
  takeAlong,
  type OpenDevice,
} from './device.ts';
import { LateActs, type LateDeclarations } from './late-acts.ts';
import { phaseOf, problemOf, type Phase } from './phase.ts';
import { refusalWordsOf } from './refusal-words.ts';
import { SealBroken } from './sealer.ts';
import type { Asked, Enrolment, HistoryPage, JoinCode, ServerPort } from './server-port.ts';
import { Session, type ActOutcome, type Surroundings } from './session.ts';
import { StationPhotos } from './station-photos.svelte.ts';
import { statusOf, type StationStatus } from './status.ts';
import { quietLoop } from './sync-loop.ts';
import { Signal, Views, type Records } from './views.svelte.ts';

export type { ActOutcome } from './session.ts';
export type { Asked, HistoryPage, JoinCode } from './server-port.ts';
export type { Phase } from './phase.ts';
export type { StationStatus, StatusWord } from './status.ts';
export type { Records } from './views.svelte.ts';

/** How far the first filling of a device is; null once everything is here. */
export interface Filling {
  readonly rows: number;
}

/** What asking the centre for a change of sign-in came to. 'done', or why not. */
export type AccessResult = 'done' | Exclude<Asked<unknown>['kind'], 'answer' | 'declined'> | { readonly code: string };

const clockTickMs = 15_000;
const noStatus = statusOf(
  { unsent: [], entries: [], facts: { epoch: null, cookie: null, identity: null, offset: null, contactAt: null } },
  quietLoop,
  { alone: false, keeping: 'twice' },
);

export interface StationParts {
  readonly registry: Registry;
  readonly server: ServerPort;
  readonly around: Surroundings;
  /** Acts that only some people do, and whose code the others do not fetch. */
  readonly late?: LateDeclarations;
}

export class Station {
  #parts: StationParts | null = null;
  #lateActs: LateActs | null = null;
  #session: Session | null = null;
  #startedEmpty = false;
  #phase = $state.raw<Phase>({ name: 'starting' });
  readonly photos = new StationPhotos();
  readonly #views = new Views(() => this.#session?.replica.shown ?? null);
  readonly #own = new Signal();
  readonly #clock = new Signal((tell) => {
    const timer = setInterval(tell, clockTickMs);
    return () => clearInterval(timer);
  });

  get phase(): Phase {
    return this.#phase;
  }

  /** Opens what this phone holds, as far as that is not begun. Never throws: what goes wrong is a phase with words. */
  async start({ found: begun, ...parts }: StationParts & Partial<Begun>): Promise<void> {
    this.#parts = parts;
    this.#lateActs ??= new LateActs(parts.registry, parts.late, () => this.#session?.replica.applyAgain());
    try {
      const found = await (begun ?? findDevice(parts.around));
      if (found.kind !== 'open') this.#phase = phaseOf(found);
      else await this.#work(found).catch((error: unknown) => this.#unreadable(found, error));
    } catch (error) {
      this.#phase = { name: 'problem', code: problemOf(error) };
    }
  }

  async #unreadable(open: OpenDevice, error: unknown): Promise<void> {
    if (!(error instanceof SealBroken)) throw error;
    open.storage.close();
    open.database.close();
    this.#phase = phaseOf(await lostOrProblem('damaged', error, this.#around()));
  }

  /** Who this device belongs to; null before it belongs to anybody. */
  get me(): WireIdentity | null {
    this.#own.read();
    return this.#session?.replica.facts.identity ?? null;
  }

  /** The same for pages that are shown only to somebody. Throws elsewhere. */
  get who(): Identity {
    const { me } = this;
    if (!me) throw new Error('This device belongs to nobody yet.');
    return me;
  }

  /** Best known time (ms, UTC); whoever reads it on a screen is run again every 15 seconds. */
  now(): number {
    this.#clock.read();
    return this.#session?.replica.now() ?? Date.now();
  }

  /** Today in the station's calendar. */
  get today(): string {
    return dayOf(this.now());
  }

  /** Records of a kind; every question asked of it is reactive. */
  records<K extends AnyKind>(kind: K): Records<K> {
    return this.#views.records(kind);
  }

  /** All shown records, reactive, for rules that take a Reader. */
  get reader(): TableReader {
    return this.#views;
  }

  /** Does an act. Resolves when it is safe on this phone, or with why it was not done. */
  async mutate<M extends AnyMutation>(mutation: M, args: ArgumentsOf<M>): Promise<ActOutcome> {
    // A copy: screens hand in reactive objects, and what is stored must not change under them.
    const copy = JSON.parse(JSON.stringify(args)) as ArgumentsOf<M>;
    await this.#lateActs?.named(mutation.name);
    return this.#opened().mutate(mutation, copy);
  }

  /** Whether this person may do this now: the same rule that the centre asks. For showing a button. */
  can<M extends AnyMutation>(mutation: M, args: ArgumentsOf<M>): boolean {
    this.#own.read();
    const ctx = this.#session?.replica.context();
    if (!ctx) return false;
    const id = mutation.about?.id(args);
    const subject = mutation.about && id !== undefined ? this.#views.get(mutation.about.kind, id) : undefined;
    if (mutation.about && subject === undefined) return false;
    return mutation.may(ctx, subject, this.#views, args);
  }

  /** Whether this phone works at a desk, so that the desk's pages have to be here without a line. Reactive. */
  get atDesk(): boolean {
    this.#own.read();
    return this.#session !== null && (this.#lateActs?.neededBy(this.#session.replica) ?? false);
  }

  get status(): StationStatus {
    this.#own.read();
    const session = this.#session;
    return session ? statusOf(session.replica, session.loopState, session) : noStatus;
  }

  /** Acts that are not with the centre: unsent ones and those it did not take, oldest first. */
  get open(): readonly StoredEntry[] {
    this.#own.read();
    return (this.#session?.replica.entries ?? []).filter((entry) => entry.state !== 'received');
  }

  /** The act of this name, for callers that were told what to do (an import). Throws for a name nobody declared. */
  mutationNamed(name: string): AnyMutation {
    const found = this.#startedParts().registry.mutations.get(name);
    if (!found) throw new Error(`No act is called "${name}".`);
    return found;
  }

  /** What the person reads about an act: the label its declaration gives. */
  labelOf(entry: Pick<StoredEntry, 'name'>): string {
    this.#own.read();
    // Read again when it is known.
    void this.#lateActs?.named(entry.name);
    return this.#parts?.registry.mutations.get(entry.name)?.label() ?? entry.name;
  }

  refusalWords(code: string, mutationName?: string): string {
    this.#own.read();
    return this.#parts ? refusalWordsOf(this.#parts.registry, code, mutationName) : code;
  }

  /** The person has read why the centre did not take an act. */
  async acknowledgeRefusal(seq: number): Promise<void> {
    await this.#opened().acknowledgeRefusal(seq);
  }

  /** How far the first filling is, null when it is done. */
  get filling(): Filling | null {
    this.#own.read();
    const session = this.#session;
    if (!session) return null;
    const { replica, loopState } = session;
    const filling = replica.facts.contactAt === null || (this.#startedEmpty && loopState.receiving);
    if (!filling) return null;
    return { rows: replica.registry.kinds.reduce((sum, kind) => sum + replica.shown.of(kind.name).size, 0) };
  }

  /** Looks at the centre now: the person asked for it. */
  lookNow(): void {
    this.#session?.wake('person');
  }

  /** Joins with a one-time token: the phone belongs to its person until revoked. */
  join(token: string): Promise<AccessResult> {
    return this.#enrol(async (server) => server.join(token, await journalDevices(this.#around())));
  }

  signIn(name: string, password: string): Promise<AccessResult> {
    return this.#enrol(async (server) => server.signIn(name, password, await journalDevices(this.#around())));
  }

  /** After a loss: asks whether the centre still knows this device, and fills it anew. */
  recover(): Promise<AccessResult> {
    return this.#enrol((server) => server.whoAmI());
  }

  /** Takes this device away from its person. Refused while anything is unsent. */
  async signOut(): Promise<AccessResult> {
    const session = this.#opened();
    if (session.replica.unsent.length > 0 || (await this.photos.countWaiting()) > 0) return { code: 'unsent' };
    const stay = (result: AccessResult): AccessResult => {
      session.stay();
      return result;
    };
    const unsentNow = (): Promise<number> => session.prepareToLeave().catch(() => 1);
    if ((await unsentNow()) > 0) return stay({ code: 'unsent' });
    const asked = await this.#server().signOut();
    if (asked.kind === 'no-answer' || asked.kind === 'busy') return stay(asked.kind);
    // Another tab may have saved something in the last moment; then everything stays until somebody signs in again.
    if ((await unsentNow()) > 0) return stay({ code: 'unsent' });
    this.#around().canary.leave(session.device.device);
    session.leave();
    await Promise.all([forgetDevice(session.device, this.#around()), this.photos.forget()]);
    this.#letGo();
    return 'done';
  }

  /** A way onto a phone for this person, to show as QR code and eight signs. Coordinators only. */
  makeJoinCode(person: string): Promise<Asked<JoinCode>> {
    return this.#server().makeJoinCode(person);
  }

  /** Gives somebody of the office a name and password, or new ones. Coordinators only. */
  giveSignIn(person: string, name: string, password: string): Promise<Asked<unknown>> {
    return this.#server().giveSignIn(person, name, password);
  }

  /** Takes a device away from its person. Coordinators only. */
  revokeDevice(device: string): Promise<Asked<unknown>> {
    return this.#server().revokeDevice(device);
  }

  /** One page of what no device holds (history, reports); needs a line to the centre. */
  readHistory(name: string, input: unknown): Promise<Asked<HistoryPage>> {
    return this.#server().readHistory(name, input);
  }

  async #enrol(ask: (server: ServerPort) => Promise<Asked<Enrolment>>): Promise<AccessResult> {
    const session = this.#session;
    // Asking the centre would end the sign-in that this device has, so a phone that belongs to somebody is not asked.
    if (session && !session.loopState.needsSignIn) return { code: 'belongs-to-somebody' };
    const asked = await ask(this.#server());
    if (asked.kind === 'declined') return { code: asked.code };
    if (asked.kind !== 'answer') return asked.kind;
    try {
      return await this.#settleIn(session, asked.answer);
    } catch {
      return { code: 'cannot-store' };
    }
  }

  async #settleIn(session: Session | null, enrolment: Enrolment): Promise<AccessResult> {
    if (!session) {
      const open = await this.#enrolHere(enrolment);
      const former = (enrolment.formerKeys ?? []).filter(({ device }) => device !== enrolment.device);
      for (const one of former) {
        await takeAlong(open, one, this.#around());
        await this.photos.takeAlong(one, open);
      }
      await this.#work(open);
    } else if (session.device.device === enrolment.device) session.wake('signed-in');
    else return this.#moveIn(session, enrolment);
    return 'done';
  }

  /** The same person comes back as a new device: what was unsent moves along. Somebody else's work is not taken. */
  async #moveIn(session: Session, enrolment: Enrolment): Promise<AccessResult> {
    // What another tab has just saved moves along too.
    await session.prepareToLeave().catch(() => 0);
    const { unsent, facts } = session.replica;
    if (unsent.length > 0 && facts.identity?.person !== enrolment.identity.person) {
      session.stay();
      return { code: 'others-work' };
    }
    const open = await this.#enrolHere(
      enrolment,
      unsent.map(({ seq }) => seq),
    );
    for (const entry of unsent) await open.storage.append(movedFrom(session.device.device, entry));
    await this.photos.moveTo(open);
    session.leave();
    await forgetDevice(session.device, this.#around());
    await this.#work(open);
    return 'done';
  }

  #enrolHere(enrolment: Enrolment, safe: readonly number[] = []): Promise<OpenDevice> {
    const around = this.#around();
    around.keepStorage();
    return enrolDevice(enrolment, around, around.tools.wallClock(), safe);
  }

  async #work(open: OpenDevice): Promise<void> {
    const { registry, server, around } = this.#startedParts();
    const session = await Session.start(registry, open, server, around, {
      onChange: (kinds) => {
        this.#views.changed(kinds);
        if (kinds.has('')) this.#own.tell();
        if (this.#session) this.#lateActs?.look(this.#session.replica);
        this.photos.look();
      },
      onLoop: () => {
        this.#own.tell();
        this.photos.look();
      },
      onKeeping: () => this.#own.tell(),
      onReplaced: () => {
        this.close();
        this.#phase = { name: 'starting' };
        void this.start(this.#startedParts());
      },
      onGone: () => this.close(),
    });
    this.#session = session;
    await this.#lateActs?.beforeStart(session.replica, around.timers);
    this.photos.open(session, registry, around.timers, around.tools.whenIdle);
    this.#startedEmpty = session.replica.facts.contactAt === null;
    this.#views.everythingChanged();
    this.#own.tell();
    this.#phase = { name: 'ready' };
  }

  /** Ends this tab's work; the phone keeps everything. */
  close(): void {
    this.#session?.stop();
    this.#letGo();
  }

  #letGo(): void {
    this.photos.close();
    this.#session = null;
    this.#phase = { name: 'nobody' };
    this.#views.everythingChanged();
    this.#own.tell();
  }

  #opened(): Session {
    if (!this.#session) throw new Error('This device belongs to nobody yet.');
    return this.#session;
  }

  #startedParts(): StationParts {
    if (!this.#parts) throw new Error('The station was not started.');
    return this.#parts;
  }

  #server(): ServerPort {
    return this.#startedParts().server;
  }

  #around(): Surroundings {
    return this.#startedParts().around;
  }
}

/** The station of this tab. */
export const station = new Station();
