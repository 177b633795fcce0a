import { createHash, type Hash } from 'node:crypto';
import { dayOf } from '#engine/calendar.ts';
import type { ExchangeAnswer } from '#engine/protocol.ts';
import { Checker } from './checker.ts';
import { Disk, type DiskFlaws } from './disk.ts';
import type { Anomaly, PlainDisk, PlainEntry, PlainPerson, PlainRow, PlainRows } from './history.ts';
import { simulatedRegistry } from './kinds.ts';
import { Network } from './network.ts';
import { Phone, type PhoneEvents, type PhoneFlaws } from './phone.ts';
import { calm, drawProfile, type Profile } from './profile.ts';
import { randomOf, type Random } from './random.ts';
import { Schedule, settle } from './schedule.ts';
import { Station, type StationFlaws } from './station.ts';
import { chooseTap, firstDay, type Setting } from './tapping.ts';

export interface WorldOptions {
  readonly seed: string;
  /** Field phones besides the office's. */
  readonly phones?: number;
  readonly steps?: number;
  readonly profile?: Partial<Profile>;
  readonly flaws?: { readonly disk?: DiskFlaws; readonly phone?: PhoneFlaws; readonly station?: StationFlaws };
  /** Pages of a phone's disk go bad now and then. */
  readonly rot?: boolean;
  /** Hears every line of the trace, for looking into one seed. */
  readonly onNote?: (line: string) => void;
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

const communities = ['north', 'south'];

/** Plays one seed from its first day to rest, and has it judged. */
export async function play(options: WorldOptions): Promise<Run> {
  const world = new World(options);
  return world.play();
}

class World {
  readonly #random: Random;
  readonly #schedule: Schedule;
  readonly #profile: Profile;
  readonly #checker = new Checker();
  readonly #people = new Map<string, PlainPerson>();
  readonly #devices = new Map<string, string>();
  readonly #phones: Phone[] = [];
  readonly #station: Station;
  readonly #network: Network;
  readonly #faults: Record<string, number> = {};
  readonly #trace: Hash = createHash('sha256');
  #now = Date.parse('2026-11-02T00:00:00Z');
  #numbers = 0;
  #acts = 0;
  #steps = 0;
  #rough = false;

  constructor(readonly options: WorldOptions) {
    this.#random = randomOf(options.seed);
    this.#schedule = new Schedule(this.#random.fork('schedule'));
    const rough = { ...drawProfile(this.#random.fork('profile')), ...options.profile };
    this.#profile = { ...rough };
    this.#station = new Station({
      schedule: this.#schedule,
      random: this.#random.fork('station'),
      profile: this.#profile,
      now: () => this.#now,
      personOf: (device) => this.#personOf(device),
      count: (fault) => this.#count(fault),
      flaws: options.flaws?.station ?? {},
    });
    this.#network = new Network(
      this.#schedule,
      this.#random.fork('network'),
      this.#profile,
      (device, request) => this.#station.exchange(device, request),
      (fault) => this.#count(fault),
    );
    this.#enrol(rough.sharedPerson);
  }

  async play(): Promise<Run> {
    const rough = { ...this.#profile };
    calm(this.#profile);
    await this.#firstDay();
    Object.assign(this.#profile, rough);
    this.#rough = true;
    for (let step = 0; step < (this.options.steps ?? 300); step += 1) await this.#step();
    this.#rough = false;
    calm(this.#profile);
    await this.#comeToRest();
    return {
      seed: this.options.seed,
      steps: this.#steps,
      acts: this.#acts,
      faults: this.#faults,
      anomalies: this.#checker.anomalies,
      trace: this.#trace.digest('hex').slice(0, 16),
    };
  }

  #enrol(sharedPerson: boolean): void {
    const count = (this.options.phones ?? 3) + 1;
    for (let at = 0; at < count; at += 1) {
      const name = `phone${at}`;
      const random = this.#random.fork(name);
      const refuses = (): boolean => this.#happens('diskRefuses', random);
      const disk = new Disk(this.#schedule, refuses, this.options.flaws?.disk);
      const phone = new Phone(
        name,
        simulatedRegistry,
        disk,
        this.#schedule,
        this.#network,
        random,
        { now: () => this.#now },
        this.#events(),
        this.options.flaws?.phone,
      );
      this.#phones.push(phone);
      const person = at === 2 && sharedPerson ? 'person1' : `person${at}`;
      const roles = at === 0 ? ['office'] : ['volunteer'];
      this.#people.set(person, { person, roles, communities: [communities[at % 2] as string] });
      this.#devices.set(name, person);
    }
  }

  #personOf(device: string): PlainPerson {
    return this.#people.get(this.#devices.get(device) as string) as PlainPerson;
  }

  /** The office enters the day, and every phone is filled once. */
  async #firstDay(): Promise<void> {
    for (const phone of this.#phones) void phone.start();
    await this.#schedule.drain();
    const [office] = this.#phones as [Phone];
    void office.exchange();
    await this.#schedule.drain();
    for (let taps = 0; taps < 24; taps += 1) {
      for (const { mutation, args } of firstDay(office.replica!, office.random, this.#setting()))
        void office.tap(mutation, args);
      await this.#schedule.drain();
    }
    for (const phone of this.#phones) {
      void phone.exchange();
      await this.#schedule.drain();
    }
  }

  async #step(): Promise<void> {
    this.#steps += 1;
    const random = this.#random;
    this.#now += random.chance(this.#profile.longPause) ? random.below(9) * 3_600_000 : random.below(240_000);
    for (const phone of this.#phones) this.#befall(phone);
    if (random.chance(this.#profile.roleChange)) this.#changeRoles();
    if (random.chance(this.#profile.restore * 3)) this.#station.backup();
    if (random.chance(this.#profile.restore)) this.#restore();
    const phone = random.pick(this.#phones);
    if (random.chance(0.5)) this.#tap(random.pick(this.#phones));
    if (random.chance(this.#profile.exchange)) void phone.exchange();
    // An answer needs a dozen waits from the tap to the disk: several may go on between two things people do.
    const goes = random.between(0, 6);
    await settle();
    for (let at = 0; at < goes; at += 1) {
      const went = await this.#schedule.step();
      if (went !== undefined) this.#note(went);
    }
  }

  #befall(phone: Phone): void {
    const random = this.#random;
    if (phone.replica === null && random.chance(0.3)) {
      phone.die();
      void phone.start();
    } else if (this.#happens('crash', random)) phone.die();
    if (random.chance(this.#profile.clockJump)) {
      this.#count('clockJump');
      phone.skew += random.between(-400 * 86_400, 400 * 86_400) * 1000;
    }
    if (this.options.rot && random.chance(0.01) && phone.disk.raw().pages.length > 0) {
      this.#count('rot');
      phone.die();
      phone.disk.rot(random.below(phone.disk.raw().pages.length));
      this.#checker.tell({ type: 'rotten', phone: phone.name });
    }
  }

  #restore(): void {
    const before = this.#station.plain();
    if (!this.#station.restore()) return;
    this.#network.down();
    this.#count('restore');
    this.#note('restored');
    this.#checker.tell({ type: 'restored', before });
  }

  #changeRoles(): void {
    const [, ...field] = [...this.#people.values()];
    const one = this.#random.pick(field);
    const roles = ['volunteer', ...(this.#random.chance(0.5) ? ['nurse'] : [])];
    const chosen = communities.filter(() => this.#random.chance(0.6));
    this.#people.set(one.person, { person: one.person, roles, communities: chosen });
    this.#count('roleChange');
  }

  #tap(phone: Phone): void {
    if (!phone.replica) return;
    const tap = chooseTap(phone.replica, phone.random, this.#setting());
    if (tap) void phone.tap(tap.mutation, tap.args);
  }

  #setting(): Setting {
    return {
      people: [...this.#people.keys()].slice(1),
      communities,
      today: dayOf(this.#now),
      nextNumber: () => (this.#numbers += 1),
    };
  }

  /** No more faults: every phone runs, and all exchange until a whole round moved nothing. */
  async #comeToRest(): Promise<void> {
    await this.#schedule.drain();
    for (let rounds = 0, still = 0; still < 2 && rounds < 12; rounds += 1) {
      const before = this.#station.mark();
      for (const phone of this.#phones) {
        if (!phone.replica) {
          phone.die();
          await this.#run(phone.start());
        }
        await this.#run(phone.exchange());
      }
      const unsent = this.#phones.some(({ replica }) => (replica?.unsent.length ?? 1) > 0);
      still = this.#station.mark() === before && !unsent ? still + 1 : 0;
    }
    this.#checker.end({
      station: this.#station.plain(),
      today: dayOf(this.#now),
      review: this.#station.review(),
      phones: this.#phones.map((phone) => ({
        phone: phone.name,
        viewer: this.#personOf(phone.name),
        shown: shownOf(phone),
        disk: diskOf(phone),
      })),
    });
    this.#note(JSON.stringify(this.#station.plain()));
  }

  async #run(work: Promise<void>): Promise<void> {
    await settle();
    await this.#schedule.drain();
    await work;
  }

  #events(): PhoneEvents {
    return {
      saved: (phone, seq) => {
        const entry = phone.replica?.entries.find((one) => one.seq === seq);
        if (!entry) throw new Error(`${phone.name} said that act ${seq} is saved and does not know it.`);
        this.#acts += 1;
        this.#note(`${phone.name} saved ${seq} ${entry.name} ${JSON.stringify(entry.args)}`);
        const { id, name, args } = entry;
        const { person } = this.#personOf(phone.name);
        this.#checker.tell({ type: 'saved', phone: phone.name, person, entry: { seq, id, name, args } });
      },
      shown: (phone) =>
        this.#checker.tell({
          type: 'shown',
          phone: phone.name,
          person: this.#personOf(phone.name).person,
          rows: shownOf(phone),
          entries: entriesOf(phone.replica?.entries ?? []),
          station: this.#station.plain(),
        }),
      filled: (phone, answer) => this.#filled(phone, answer),
      emptied: ({ name }) => this.#checker.tell({ type: 'emptied', phone: name }),
      died: ({ name }) => this.#checker.tell({ type: 'died', phone: name }),
      failed: (phone, what) => this.#note(`${phone.name} failed ${what}`),
    };
  }

  #filled(phone: Phone, answer: ExchangeAnswer): void {
    const then = this.#station.momentOf(answer);
    this.#note(`${phone.name} filled ${answer.cookie}`);
    this.#checker.tell({ type: 'filled', phone: phone.name, disk: diskOf(phone), then });
  }

  #happens(fault: 'crash' | 'diskRefuses', random: Random): boolean {
    if (!this.#rough || !random.chance(this.#profile[fault])) return false;
    this.#count(fault);
    return true;
  }

  #count(fault: string): void {
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  #note(line: string): void {
    this.options.onNote?.(line);
    this.#trace.update(line).update('\n');
  }
}

function shownOf({ replica }: Phone): PlainRows {
  const rows: Record<string, readonly PlainRow[]> = {};
  if (replica) for (const kind of simulatedRegistry.kinds) rows[kind.name] = replica.shown.all(kind) as PlainRow[];
  return rows;
}

function entriesOf(entries: readonly PlainEntry[]): PlainEntry[] {
  return entries.map(({ seq, id, name, args, state }) => ({ seq, id, name, args, state }));
}

function diskOf({ disk }: Phone): PlainDisk {
  const { pages, entries, facts } = disk.raw();
  const rows = new Map<string, { kind: string; version: number; row: PlainRow }>();
  for (const page of pages) {
    for (const { kind, id } of page.removed) rows.delete(`${kind}/${id}`);
    for (const { kind, version, row } of page.rows) rows.set(`${kind}/${row.id}`, { kind, version, row });
  }
  return { rows, text: JSON.stringify([pages, facts]), entries: entriesOf(entries) };
}
