import type { CanaryNote } from '#engine/client/canary.ts';
import type { PokeListener } from '#engine/client/server-port.ts';
import { lossesOf, lossOf, noteOf, numbersIn } from '#engine/client/loss.ts';
import { noFacts } from '#engine/device-storage.ts';
import { movedFrom } from '#engine/former-numbers.ts';
import type { ExchangeAnswer, ExchangeRequest, WireIdentity } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { Browser } from './browser.ts';
import { Disk, type DiskCall, type DiskFlaws, type DiskTrouble } from './disk.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import { Tab } from './tab.ts';

/** The time of the world; nobody in it sees it but the server. */
export interface TrueTime {
  now(): number;
}

/** What happens on a phone that the world wants to know of. */
export interface PhoneEvents {
  saved(tab: Tab, seq: number): void;
  shown(tab: Tab): void;
  says(tab: Tab): void;
  opens(tab: Tab): void;
  /** A tab has read the disk, and whether what it read was whole. */
  reads(tab: Tab, whole: boolean): void;
  filled(tab: Tab, answer: ExchangeAnswer): void;
  failed(tab: Tab, what: string): void;
}

/** Faults of the phone's own code that a test plants; each stands for one mistake of a client. */
export interface PhoneFlaws {
  /** Changes a request on its way out. */
  readonly request?: (request: ExchangeRequest) => ExchangeRequest;
  /** Changes an answer on its way in. */
  readonly answer?: (answer: ExchangeAnswer) => ExchangeAnswer;
  /** Runs when an exchange got no answer. */
  readonly onNoAnswer?: (phone: Phone, request: ExchangeRequest) => void;
  /** Runs after an answer was taken. */
  readonly onTaken?: (tab: Tab) => void;
  /** Numbers left free after the store was lost. */
  readonly numbersLeftFree?: number;
  /** Changes the note beside the store whenever it is written. */
  readonly note?: (note: CanaryNote) => CanaryNote;
  /** Moves nothing along when its person signs in as a new device. */
  readonly leavesWorkBehind?: boolean;
}

export interface PhoneParts {
  readonly schedule: Schedule;
  readonly network: Network;
  readonly random: Random;
  readonly time: TrueTime;
  readonly events: PhoneEvents;
  readonly trouble: (call: DiskCall) => DiskTrouble;
  /** Opens the line over which the centre says that something changed. */
  readonly listen: (tab: Tab, listener: PokeListener) => () => void;
  readonly flaws: PhoneFlaws;
  readonly diskFlaws: DiskFlaws | undefined;
}

/** Numbers left free after a loss, as the client does. */
const numbersLeftFree = 1_000;

/** One phone: a disk and a browser that stay, and tabs of the app over them that may die at any moment. */
export class Phone {
  readonly browser: Browser;
  disk: Disk;
  /** Wall clock minus true time (ms). */
  skew: number;
  /** Name under which the centre knows the phone. */
  device: string;
  tabs: Tab[] = [];
  /** Its person signs in as a new device at this moment. */
  moving = false;
  #opened = 0;
  #devices = 0;

  constructor(
    readonly name: string,
    public registry: Registry,
    readonly parts: PhoneParts,
    readonly actsPerRequest: number,
    /** Whether the browser can say which tab leads. */
    readonly tabsKnowEachOther: boolean,
  ) {
    this.device = name;
    this.browser = new Browser(parts.schedule, parts.flaws.note);
    this.disk = this.#newDisk();
    this.skew = parts.random.between(-400 * 86_400, 400 * 86_400) * 1000;
  }

  get schedule(): Schedule {
    return this.parts.schedule;
  }
  get network(): Network {
    return this.parts.network;
  }
  get random(): Random {
    return this.parts.random;
  }
  get time(): TrueTime {
    return this.parts.time;
  }
  get events(): PhoneEvents {
    return this.parts.events;
  }
  get flaws(): PhoneFlaws {
    return this.parts.flaws;
  }

  wallClock(): number {
    return this.time.now() + this.skew;
  }

  /** Tabs that have opened. */
  get open(): readonly Tab[] {
    return this.tabs.filter(({ replica }) => replica !== null);
  }

  /** The tab that talks to the centre; the first when the browser cannot say. */
  get leading(): Tab | undefined {
    return this.open.find(({ owner }) => owner === this.browser.leader) ?? this.open[0];
  }

  listen(tab: Tab, listener: PokeListener): () => void {
    return this.parts.listen(tab, listener);
  }

  /** The centre has enrolled this phone for somebody. */
  enrol(identity: WireIdentity): void {
    this.disk.enrol({ ...noFacts, identity }, 1);
    this.browser.canary.write({ device: this.device, highestSeq: 0, unsent: [], from: null, to: null });
  }

  /** Opens one more tab. An emptied store has nothing to open. */
  async openTab(): Promise<void> {
    if (this.disk.gone || this.moving) return;
    this.#opened += 1;
    const tab = new Tab(this, this.#opened);
    this.tabs = [...this.tabs.filter(({ dead }) => !dead), tab];
    this.events.opens(tab);
    await tab.start();
  }

  /** All tabs are gone, whatever they were doing; the disk stays as it is. */
  die(): void {
    for (const tab of this.tabs) tab.die();
    this.tabs = [];
    this.moving = false;
  }

  /** Whether something was lost here that the centre has not been told of. */
  get hasUntoldLoss(): boolean {
    const { canary } = this.browser;
    return (this.disk.raw().facts.lost ?? []).length > 0 || this.findsLossAtStart || !!canary.read()?.untold?.length;
  }

  /** Whether a start of the app would find a loss: a disk that refused to keep one is asked again then. */
  get findsLossAtStart(): boolean {
    const { facts, entries } = this.disk.raw();
    const held = [...entries.map(({ seq }) => seq), ...numbersIn(facts.lost ?? [], this.device)];
    return lossOf(this.browser.canary.read(), held) !== null;
  }

  /**
   * After a loss the same device goes on, above every number it may have used: the note knows, or else the clock, since
   * nobody acts more than once a second for long. What the note knows of is to be told to the centre.
   */
  recover(identity: WireIdentity): void {
    this.die();
    const note = this.browser.canary.read();
    const free = this.flaws.numbersLeftFree ?? numbersLeftFree;
    const firstSeq = note ? Math.max(1, note.highestSeq + free) : Math.floor(this.wallClock() / 1_000);
    const untold = lossesOf(note, [], note?.untold ?? []);
    const told = note?.told ?? [];
    this.disk.enrol({ ...noFacts, identity, ...(untold.length > 0 ? { lost: untold } : {}), toldLost: told }, firstSeq);
    const { device } = this;
    this.browser.canary.write({ device, highestSeq: firstSeq - 1, unsent: [], from: null, to: null, untold, told });
  }

  /**
   * Its person signs in again and the centre makes a new device of it: what was unsent moves along, and only then is
   * the old store left. Returns the ids of what moved, or null when it was broken off.
   */
  async moveIn(tab: Tab, identity: WireIdentity, onMoved: (device: string) => void): Promise<void> {
    this.moving = true;
    for (const other of this.tabs) if (other !== tab) other.die();
    this.#devices += 1;
    const device = `${this.name}-${this.#devices}`;
    const disk = this.#newDisk();
    disk.enrol({ ...noFacts, identity }, 1);
    const storage = disk.session(tab.owner);
    try {
      // What another tab has just written may not have reached this one.
      await tab.replica?.refresh();
      const unsent = this.flaws.leavesWorkBehind ? [] : (tab.replica?.unsent ?? []);
      for (const entry of unsent) await storage.append(movedFrom(this.device, entry));
    } catch (error) {
      this.moving = false;
      return this.events.failed(tab, String(error));
    }
    const { entries } = disk.raw();
    tab.leave();
    this.disk = disk;
    this.device = device;
    this.moving = false;
    const known = { before: null, entries, unsent: entries, lost: new Map<number, boolean>() };
    this.browser.canary.write(noteOf({ device, ...known, untold: [], told: [], answered: false }));
    onMoved(device);
    await this.openTab();
  }

  /** In the shape of a UUIDv7, from the seed. */
  newId(): string {
    const time = Math.max(0, this.wallClock()).toString(16).padStart(12, '0');
    const part = (length: number): string => {
      let text = '';
      for (let at = 0; at < length; at += 1) text += this.random.below(16).toString(16);
      return text;
    };
    return `${time.slice(0, 8)}-${time.slice(8)}-7${part(3)}-a${part(3)}-${part(12)}`;
  }

  #newDisk(): Disk {
    return new Disk(this.parts.schedule, this.parts.trouble, this.parts.diskFlaws);
  }
}
