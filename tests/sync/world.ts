import { createHash, type Hash } from 'node:crypto';
import { dayOf } from '#engine/calendar.ts';
import { Checker } from './checker.ts';
import type { DiskCall, DiskFlaws, DiskTrouble } from './disk.ts';
import type { Anomaly, PlainPerson } from './history.ts';
import { MemoryKeeper, type Keeper } from './keeper.ts';
import { olderRegistry, simulatedRegistry } from './kinds.ts';
import { Network } from './network.ts';
import { Phone, type PhoneFlaws, type PhoneParts } from './phone.ts';
import { diskOf, lackedBy, phoneEvents, shownOf } from './phone-events.ts';
import { text } from './plain-text.ts';
import { calm, drawProfile, type Profile } from './profile.ts';
import { randomOf, type Random } from './random.ts';
import { Schedule } from './schedule.ts';
import { Station, type StationFlaws } from './station.ts';
import { chooseTap, firstDay, type Setting } from './tapping.ts';
import { Troubles } from './troubles.ts';

export interface WorldOptions {
  readonly seed: string;
  readonly steps?: number | undefined;
  /** How much the office enters before the first phone leaves. */
  readonly entered?: number;
  /** All phones begin with an older app and are updated at this step. */
  readonly updatedAt?: number;
  /** Fixes what would be drawn from the seed. */
  readonly profile?: Partial<Profile> | undefined;
  readonly flaws?: { readonly disk?: DiskFlaws; readonly phone?: PhoneFlaws; readonly station?: StationFlaws };
  /** Pages of a phone's disk go bad now and then. */
  readonly rot?: boolean;
  /** Where the station is kept; in memory when left out. */
  readonly keeper?: Keeper;
  /** Trouble besides what chance wants, for going through all places one by one. */
  readonly aimed?: Aimed;
  /** Hears every line of the trace, for looking into one seed. */
  readonly onNote?: (line: string) => void;
}

/** Trouble that a test aims at one call. */
export interface Aimed {
  /** What this call of a phone's disk comes to; the app dies before the call takes effect or after it. */
  readonly disk?: (phone: string, call: DiskCall) => DiskTrouble | 'dies after';
  /** Whether the server dies at this call of its store. */
  readonly server?: (call: string) => boolean;
}

export interface Run {
  readonly seed: string;
  readonly steps: number;
  readonly acts: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly anomalies: readonly Anomaly[];
  /** Hash over everything that happened; the same seed always has the same. */
  readonly trace: string;
}

export const communities = ['north', 'south'];

/** Plays one seed from its first day to rest, and has it judged. */
export async function play(options: WorldOptions): Promise<Run> {
  const world = new World(options);
  return world.play();
}

/** Phones, a station and people, all driven from one seed. */
export class World {
  readonly random: Random;
  readonly schedule: Schedule;
  readonly profile: Profile;
  readonly checker = new Checker((anomaly) => this.note(`FOUND ${JSON.stringify(anomaly)}`));
  readonly people = new Map<string, PlainPerson>();
  /** Whose device it is; devices that were taken from their person are not in it. */
  readonly devices = new Map<string, string>();
  readonly phones: Phone[] = [];
  readonly station: Station;
  readonly network: Network;
  readonly #keeper: Keeper;
  readonly #troubles: Troubles;
  readonly #faults: Record<string, number> = {};
  readonly #trace: Hash = createHash('sha256');
  now = Date.parse('2026-11-02T00:00:00Z');
  acts = 0;
  /** Whether things go wrong just now. */
  rough = false;
  #numbers = 0;
  #steps = 0;

  constructor(readonly options: WorldOptions) {
    this.random = randomOf(options.seed);
    this.schedule = new Schedule(this.random.fork('schedule'));
    this.profile = { ...drawProfile(this.random.fork('profile')), ...options.profile };
    this.#keeper = options.keeper ?? new MemoryKeeper();
    this.station = new Station({
      keeper: this.#keeper,
      schedule: this.schedule,
      random: this.random.fork('station'),
      profile: this.profile,
      now: () => this.now,
      personOf: (device) => this.#admitted(device),
      admitted: (device) => this.devices.has(device),
      count: (fault) => this.count(fault),
      onTold: (device, numbers, station) => {
        this.count('toldLost');
        this.note(`${device} told ${numbers}`);
        this.checker.tell({ type: 'told', device, numbers, station });
      },
      flaws: options.flaws?.station ?? {},
      dies: options.aimed?.server && ((call) => this.rough && options.aimed!.server!(call)),
    });
    this.network = new Network(
      this.schedule,
      this.random.fork('network'),
      this.profile,
      (device, request) => this.station.exchange(device, request),
      (fault) => this.count(fault),
      (error) => this.checker.tell({ type: 'broken', what: String(error) }),
    );
    this.#troubles = new Troubles(this);
    this.#enrol();
  }

  async play(): Promise<Run> {
    const rough = { ...this.profile };
    calm(this.profile);
    await this.#firstDay();
    Object.assign(this.profile, rough);
    this.rough = true;
    for (let step = 0; step < (this.options.steps ?? 200); step += 1) await this.#step();
    this.rough = false;
    calm(this.profile);
    await this.#comeToRest();
    await this.#keeper.end();
    return {
      seed: this.options.seed,
      steps: this.#steps,
      acts: this.acts,
      faults: this.#faults,
      anomalies: this.checker.anomalies,
      trace: this.#trace.digest('hex').slice(0, 16),
    };
  }

  personOf(phone: Phone): PlainPerson {
    const at = this.phones.indexOf(phone);
    const name = at === 2 && this.profile.sharedPerson ? 'person1' : `person${at}`;
    return this.people.get(name) as PlainPerson;
  }

  identityOf(phone: Phone) {
    return { station: this.#keeper.station, ...this.personOf(phone) };
  }

  setting(): Setting {
    const field = [...this.people.keys()].slice(1);
    return {
      people: field.length > 0 ? field : ['person0'],
      communities,
      today: dayOf(this.now),
      nextNumber: () => (this.#numbers += 1),
    };
  }

  count(fault: string): void {
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  note(line: string): void {
    this.options.onNote?.(line);
    this.#trace.update(`${line}\n`);
  }

  /** Runs work that waits for the schedule, and whatever else is on its way, to the end. */
  async run(work: Promise<unknown>): Promise<void> {
    const failed: unknown[] = [];
    // Work of a tab that died never ends, so it is not waited for.
    work.catch((error: unknown) => failed.push(error));
    await this.schedule.drain();
    if (failed.length > 0) throw failed[0];
  }

  #admitted(device: string): PlainPerson | null {
    const person = this.devices.get(device);
    if (person === undefined && !this.options.flaws?.station?.servesEverybody) return null;
    // Devices are called after the phone they are on.
    const phone = this.phones.find(({ name }) => name === device.split('-')[0]);
    return this.people.get(person ?? this.personOf(phone as Phone).person) as PlainPerson;
  }

  #enrol(): void {
    const random = this.random.fork('phones');
    for (let at = 0; at <= this.profile.phones; at += 1) {
      const name = `phone${at}`;
      const isOlder = (this.profile.upgrade && random.chance(0.7)) || this.options.updatedAt !== undefined;
      const registry = isOlder ? olderRegistry : simulatedRegistry;
      const parts = this.#partsOf(name);
      const phone = new Phone(name, registry, parts, this.profile.actsPerRequest, this.profile.tabsKnowEachOther);
      this.phones.push(phone);
      const shared = at === 2 && this.profile.sharedPerson;
      const person = `person${shared ? 1 : at}`;
      const roles = at === 0 ? ['office'] : ['volunteer'];
      if (!shared) this.people.set(person, { person, roles, communities: [communities[at % 2] as string] });
      this.devices.set(name, person);
      phone.enrol(this.identityOf(phone));
    }
  }

  #partsOf(name: string): PhoneParts {
    const { flaws } = this.options;
    return {
      schedule: this.schedule,
      network: this.network,
      random: this.random.fork(name),
      time: { now: () => this.now },
      events: phoneEvents(this),
      trouble: (call) => this.#troubles.ofDisk(name, call),
      listen: (_tab, listener) => this.station.listen(listener),
      flaws: flaws?.phone ?? {},
      diskFlaws: flaws?.disk,
    };
  }

  /** The office enters the day, and every phone is filled once. */
  async #firstDay(): Promise<void> {
    for (const phone of this.phones) await this.run(phone.openTab());
    const [office] = this.phones as [Phone];
    await this.#meet(office);
    for (let taps = 0; taps < (this.options.entered ?? 24); taps += 1) {
      const tab = office.leading;
      for (const { mutation, args } of firstDay(tab!.replica!, office.random, this.setting()))
        await this.run(tab!.tap(mutation, args));
    }
    for (const phone of this.phones) await this.#meet(phone);
  }

  async #step(): Promise<void> {
    this.#steps += 1;
    const { random, profile } = this;
    this.now += random.chance(profile.longPause) ? random.below(9) * 3_600_000 : random.below(240_000);
    await this.#troubles.befall();
    if (this.#steps === this.options.updatedAt) this.#troubles.updateAll();
    if (random.chance(0.5)) this.#tap(random.pick(this.phones));
    const phone = random.pick(this.phones);
    if (random.chance(profile.exchange) && phone.open.length > 0) random.pick(phone.open).fireDue(this.now);
    // An answer needs a dozen waits from the tap to the disk: several may go on between two things people do.
    const goes = random.between(0, 10);
    await this.schedule.settle();
    for (let at = 0; at < goes; at += 1) {
      const went = await this.schedule.step();
      if (went !== undefined) this.note(went);
    }
  }

  #tap(phone: Phone): void {
    if (phone.open.length === 0 || phone.moving) return;
    const tab = this.random.pick(phone.open);
    const tap = chooseTap(tab.replica!, phone.random, this.setting());
    if (tap) void tab.tap(tap.mutation, tap.args);
  }

  /** One phone talks to the centre until it has nothing more to say. */
  async #meet(phone: Phone): Promise<void> {
    await this.schedule.drain();
    for (const tab of phone.open) tab.wake('person');
    // The loop takes short breaths between its rounds; what is due within half a minute belongs to this meeting.
    for (let breaths = 0; breaths < 60; breaths += 1) {
      let fired = false;
      for (const tab of phone.open) fired = tab.fireDue(this.now) || fired;
      await this.schedule.drain();
      // Two tabs that both lead notice each other when one cannot write, and look again a moment later.
      if (!fired && breaths > (phone.open.length > 1 ? 12 : 2)) return;
      this.now += 250;
    }
  }

  /** No more faults: every phone runs, and all exchange until a whole round moved nothing. */
  async #comeToRest(): Promise<void> {
    await this.schedule.drain();
    for (let rounds = 0, still = 0; still < 2 && rounds < 14; rounds += 1) {
      const before = this.station.mark();
      for (const phone of this.phones) {
        await this.#troubles.makeWell(phone);
        await this.#meet(phone);
      }
      const unsent = this.phones.some(({ open }) => open.some(({ replica }) => (replica?.unsent.length ?? 1) > 0));
      still = this.station.mark() === before && !unsent ? still + 1 : 0;
    }
    for (const what of await this.#keeper.doubts()) this.checker.tell({ type: 'doubtful', what });
    this.checker.end({
      station: this.station.plain(),
      today: dayOf(this.now),
      inOrder: this.profile.tabsKnowEachOther && this.#faults['diskLies'] === undefined,
      review: await this.station.review(),
      tabs: this.phones.flatMap((phone) =>
        phone.open.map((tab) => ({
          phone: phone.name,
          viewer: this.personOf(phone),
          lacks: lackedBy(tab),
          shown: shownOf(tab),
          disk: diskOf(phone),
        })),
      ),
    });
    this.note(text(this.station.plain()));
  }
}
