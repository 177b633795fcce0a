/**
 * Photos as screens see them, through `station.photos`. Everything that is done to one is loaded when it is needed:
 * most starts of the app have nothing to do with photos.
 *
 *   const taken = await station.photos.take(file);            // small, bare, on this phone; or why not
 *   await station.mutate(visitActs.finish, { …, photos: [taken.hash] });
 *   const seen = await station.photos.see(hash);              // bytes, or why there are none to show
 */
import { photosOfAct } from '../photo-fields.ts';
import type { Registry } from '../registry.ts';
import type { DeskParts, PhotoDesk, Seen, Taken } from './photos/photo-desk.ts';
import type { PhotoRow } from './photos/photo-database.ts';
import type { OpenDevice } from './device.ts';
import type { Session } from './session.ts';
import type { Timers } from './timers.ts';
import { Signal } from './views.svelte.ts';

export type { NotSeen, PhotoProblem, Seen, Taken } from './photos/photo-desk.ts';

/** What tests bring instead of the browser's own. */
export type PhotoTools = Pick<DeskParts, 'darkroom' | 'transfer' | 'fetch'>;

/** A photo that the centre does not take, and its word for why. */
export interface RefusedPhoto {
  readonly hash: string;
  readonly code: string;
}

interface Open {
  readonly session: Session;
  readonly registry: Registry;
  readonly timers: Timers;
}

export class StationPhotos {
  readonly #tools: () => Promise<(timers: Timers) => PhotoTools>;
  #open: Open | null = null;
  #desk: PhotoDesk | null = null;
  #loading: Promise<PhotoDesk | null> | null = null;
  #rows: readonly PhotoRow[] = [];
  #reached = true;
  readonly #changed = new Signal();

  constructor(tools?: PhotoTools) {
    this.#tools = tools
      ? async () => () => tools
      : () => import('./photos/browser-tools.ts').then((module) => module.browserPhotoTools);
  }

  /** A device is at work in this tab: what it left waiting goes on, when the first screen stands. */
  open(session: Session, registry: Registry, timers: Timers, whenIdle = (work: () => void): void => work()): void {
    this.close();
    const open = { session, registry, timers };
    this.#open = open;
    whenIdle(() => void this.#goOn(open).catch(() => null));
  }

  async #goOn(open: Open): Promise<void> {
    if (this.#open === open && (await this.#has()) && this.#open === open) await this.#ready();
  }

  /** Acts, records or the line have changed. Cheap while no photo has anything to do with it. */
  look(): void {
    // A centre that answers again is a reason not to wait for the next try.
    const reached = this.#open?.session.loopState.misses === 0;
    const again = reached && !this.#reached;
    this.#reached = reached;
    if (this.#desk) this.#desk.look(again);
    else if (this.#open && this.#carried(this.#open)) void this.#ready();
  }

  close(): void {
    this.#desk?.close();
    this.#desk = null;
    this.#loading = null;
    this.#open = null;
    this.#rows = [];
    this.#changed.tell();
  }

  /** Reactive: photos that an act carries and only this phone has. */
  get waiting(): number {
    this.#changed.read();
    return this.#rows.filter(({ state }) => state === 'waiting').length;
  }

  /** Reactive: photos that the centre does not take. */
  get refused(): readonly RefusedPhoto[] {
    this.#changed.read();
    return this.#rows.flatMap(({ state, hash, code }) => (state === 'refused' ? [{ hash, code: code ?? '' }] : []));
  }

  async take(file: Blob): Promise<Taken> {
    const desk = await this.#ready();
    return desk ? desk.take(file).catch((): Taken => ({ problem: 'full' })) : { problem: 'full' };
  }

  async see(hash: string): Promise<Seen> {
    const desk = await this.#ready();
    return desk ? desk.see(hash) : { problem: 'not-here' };
  }

  /** The person has read why a photo was not taken. */
  async letGo(hash: string): Promise<void> {
    await (await this.#ready())?.letGo(hash);
  }

  /** Keeps what was entered in a form while the camera is open: phones end pages behind it. Never throws. */
  async keepDraft(key: string, value: unknown): Promise<void> {
    const store = (await this.#ready())?.store;
    await store?.keepDraft(key, value, this.#now()).catch(() => undefined);
  }

  /** What `keepDraft` was given on this phone within the day; null without. */
  async draft(key: string): Promise<unknown> {
    if (!(await this.#has())) return null;
    const store = (await this.#ready())?.store;
    return (await store?.draft(key, this.#now()).catch(() => null)) ?? null;
  }

  async dropDraft(key: string): Promise<void> {
    if (await this.#has()) await (await this.#ready())?.store.dropDraft(key).catch(() => undefined);
  }

  /** How many photos only this phone has, asked of the disk. */
  async countWaiting(): Promise<number> {
    if (!(await this.#has())) return 0;
    const desk = await this.#ready();
    desk?.look();
    await desk?.looked();
    return this.#rows.filter(({ state }) => state === 'waiting').length;
  }

  /** This device leaves: nothing of its photos stays. */
  async forget(): Promise<void> {
    const device = this.#open?.session.device.device;
    this.close();
    if (device === undefined) return;
    const { forgetPhotos } = await import('./photos/photo-database.ts');
    await forgetPhotos(device).catch(() => undefined);
  }

  /** The same person goes on as a new device: photos that wait move along, sealed for it. */
  async moveTo(next: OpenDevice): Promise<void> {
    if (await this.#has()) {
      const { moveAlong } = await import('./photos/move-along.ts');
      const desk = await this.#ready();
      if (desk) await moveAlong(desk.store, next);
    }
    await this.forget();
  }

  /** Photos of a device that this person was here before; what does not open stays where it is. */
  async takeAlong(former: { readonly device: string; readonly journalKey: string }, next: OpenDevice): Promise<void> {
    const { takePhotosAlong } = await import('./photos/move-along.ts');
    await takePhotosAlong(former, next).catch(() => undefined);
  }

  /** Whether there is anything of photos on this phone; nothing is made or loaded to find out. */
  async #has(): Promise<boolean> {
    if (!this.#open) return false;
    const { hasPhotos } = await import('./photos/photo-database.ts');
    return hasPhotos(this.#open.session.device.device).catch(() => false);
  }

  #now(): number {
    return this.#open?.session.replica.now() ?? 0;
  }

  #carried({ session, registry }: Open): boolean {
    return session.replica.unsent.some((entry) => photosOfAct(registry, entry).length > 0);
  }

  /** The desk, loaded once; null where this device has none (signed out meanwhile, or its store does not open). */
  #ready(): Promise<PhotoDesk | null> {
    if (!this.#open) return Promise.resolve(null);
    const open = this.#open;
    this.#loading ??= this.#load(open).catch(() => {
      // Without a line the code may not be here yet; the next question tries again.
      this.#loading = null;
      return null;
    });
    return this.#loading;
  }

  async #load(open: Open): Promise<PhotoDesk | null> {
    const { session, registry, timers } = open;
    const [{ PhotoDesk }, { Sealer }, tools] = await Promise.all([
      import('./photos/photo-desk.ts'),
      import('./sealer.ts'),
      this.#tools(),
    ]);
    const { device, database } = session.device;
    const row = await database.get('device', 'device');
    if (!row || this.#open !== open) return null;
    this.#desk = new PhotoDesk({
      ...tools(timers),
      device,
      // With the key that the centre can give again: a store that is lost takes no photo along.
      sealer: new Sealer(row.journalKey, device),
      registry,
      replica: session.replica,
      timers,
      now: () => session.replica.now(),
      mayGo: () => mayGo(session),
      onRows: (rows) => {
        if (this.#open !== open) return;
        this.#rows = rows;
        this.#changed.tell();
      },
    });
    this.#desk.look();
    return this.#desk;
  }
}

/** Always behind the acts: this tab talks to the centre, it answered the last time, and nothing unsent is left. */
function mayGo(session: Session): boolean {
  const { leading, loopState, replica } = session;
  const reached = replica.facts.contactAt !== null && loopState.misses === 0 && !loopState.needsSignIn;
  return leading && reached && loopState.sending === 0 && replica.unsent.length === 0;
}
