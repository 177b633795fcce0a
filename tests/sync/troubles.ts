import type { DiskCall, DiskTrouble } from './disk.ts';
import type { PlainEntry } from './history.ts';
import { simulatedRegistry } from './kinds.ts';
import type { Phone } from './phone.ts';
import { communities, type World } from './world.ts';

/** What goes wrong in a world besides the network, one after the other as the seed wants it. */
export class Troubles {
  constructor(readonly world: World) {}

  /** What befalls everybody in one step. */
  async befall(): Promise<void> {
    const { random, profile, phones, station } = this.world;
    for (const phone of phones) this.#befallPhone(phone);
    if (random.chance(profile.roleChange)) this.#changeRoles();
    if (random.chance(profile.serverKill)) await this.#killServer();
    if (random.chance(profile.restore * 3)) await station.backup();
    if (random.chance(profile.restore)) await this.#restore();
  }

  /** What a call of this phone's disk comes to. */
  ofDisk(name: string, call: DiskCall): DiskTrouble {
    const { rough, profile, options } = this.world;
    if (!rough) return null;
    const phone = this.world.phones.find((one) => one.name === name) as Phone;
    const aimed = options.aimed?.disk?.(name, call) ?? null;
    const drawn = phone.random.next();
    if (aimed === 'dies' || aimed === 'dies after') {
      phone.die();
      return aimed === 'dies' ? aimed : null;
    }
    const fate = drawn < profile.diskRefuses ? 'refuses' : drawn > 1 - profile.diskLies ? 'lies' : null;
    const trouble = aimed ?? fate;
    if (trouble === 'refuses') this.world.count('diskRefuses');
    if (trouble === 'lies') this.world.count('diskLies');
    return trouble;
  }

  /** Everything that stands in the way of a phone is put right. */
  async makeWell(phone: Phone): Promise<void> {
    const { world } = this;
    phone.moving = false;
    // What an older app shows beside a newer one, and the other way round, lasts until one of them is closed.
    for (const tab of phone.open) if (tab.registry !== phone.registry) tab.close();
    if (phone.disk.gone) phone.recover(world.identityOf(phone));
    if (phone.open.length === 0 || this.#wroteUnknowingly(phone) || phone.findsLossAtStart) {
      phone.die();
      await world.run(phone.openTab());
    }
    if (!world.devices.has(phone.device)) await world.run(this.#signIn(phone));
  }

  /** A disk that writes and reports a failure leaves an act that no tab knows before the next start. */
  #wroteUnknowingly({ disk, open }: Phone): boolean {
    const known = new Set(open.flatMap(({ replica }) => replica?.entries.map(({ id }) => id) ?? []));
    return disk.raw().entries.some(({ id }) => !known.has(id));
  }

  #befallPhone(phone: Phone): void {
    const { world } = this;
    const { random, profile } = world;
    if (phone.open.length === 0) {
      if (random.chance(0.3)) this.#comeBack(phone);
    } else if (random.chance(profile.crash)) {
      world.count(random.pick(phone.open) === phone.leading ? 'crash' : 'crashOfOtherTab');
      random.pick(phone.tabs).die();
    } else if (random.chance(profile.secondTab)) this.#anotherTab(phone);
    if (random.chance(profile.clockJump)) {
      world.count('clockJump');
      phone.skew += random.between(-400 * 86_400, 400 * 86_400) * 1000;
    }
    if (random.chance(profile.wipe)) this.#wipe(phone);
    if (random.chance(profile.loseActs)) this.#loseActs(phone);
    if (random.chance(profile.revoke)) this.#revoke(phone);
    if (!world.devices.has(phone.device) && random.chance(0.1)) void this.#signIn(phone);
    if (world.options.rot && random.chance(0.01)) this.#rot(phone);
  }

  #anotherTab(phone: Phone): void {
    if (phone.tabs.length < 2) {
      this.world.count('secondTab');
      // The newest app may be there for the second tab while the first still runs an older one.
      if (phone.registry !== simulatedRegistry && this.world.random.chance(0.5)) this.#update(phone);
      void phone.openTab();
      return;
    }
    this.world.count('closedTab');
    this.world.random.pick(phone.tabs).close();
  }

  /** The app is started again; perhaps in its newest version, and after finding out that its store is gone. */
  #comeBack(phone: Phone): void {
    phone.die();
    if (phone.registry !== simulatedRegistry && this.world.random.chance(0.5)) this.#update(phone);
    if (phone.disk.gone) phone.recover(this.world.identityOf(phone));
    void phone.openTab();
  }

  /** From now on its tabs open in the newest version. */
  #update(phone: Phone): void {
    this.world.count('upgrade');
    phone.registry = simulatedRegistry;
  }

  /** All apps end and are opened again in their newest version. */
  updateAll(): void {
    for (const phone of this.world.phones) {
      phone.die();
      if (phone.registry !== simulatedRegistry) this.#update(phone);
      void phone.openTab();
    }
  }

  #wipe(phone: Phone): void {
    const { world } = this;
    if (phone.moving || phone.disk.gone) return;
    world.count('wipe');
    if (world.random.chance(world.profile.noteGoes)) {
      world.count('wipeOfNote');
      // Who empties both ends the app too; one that goes on would write the note anew.
      phone.die();
      phone.browser.forgetNote();
    }
    this.#tellLost(phone, phone.disk.raw().entries as readonly PlainEntry[], true);
    phone.disk.wipe();
  }

  /** Some of what is unsent vanishes from a store that goes on to stand. */
  #loseActs(phone: Phone): void {
    const { world } = this;
    const unsent = phone.disk.raw().entries.filter(({ state }) => state === 'unsent');
    if (phone.moving || phone.disk.gone || unsent.length === 0) return;
    world.count('lostActs');
    phone.die();
    const first = world.random.pick(unsent);
    const lost = unsent.filter((one) => one === first || world.random.chance(0.3));
    this.#tellLost(phone, lost as readonly PlainEntry[], false);
    phone.disk.lose(lost);
  }

  #tellLost({ name, device, browser }: Phone, acts: readonly PlainEntry[], emptied: boolean): void {
    const noted = browser.canary.read()?.device === device;
    this.world.note(`${device} loses ${acts.map(({ seq, state }) => `${seq} ${state}`).join(', ')}`);
    this.world.checker.tell({ type: 'lost', phone: name, device, acts, noted, emptied });
  }

  #revoke(phone: Phone): void {
    if (!this.world.devices.delete(phone.device)) return;
    this.world.count('revoke');
    this.world.note(`${phone.device} revoked`);
  }

  /** The person signs in again: the centre knows the device still, or makes a new one of it. */
  async #signIn(phone: Phone): Promise<void> {
    const { world } = this;
    const tab = phone.leading;
    const { person } = world.personOf(phone);
    if (!tab || phone.moving || phone.disk.gone) return;
    // Another device could not prove here that the loss of this one is its own: the station keeps no list of devices.
    if (world.random.chance(0.5) || phone.hasUntoldLoss) {
      world.count('signedInAgain');
      world.devices.set(phone.device, person);
      for (const one of phone.open) one.wake('signed-in');
      return;
    }
    const old = phone.disk;
    await phone.moveIn(tab, world.identityOf(phone), (device) => {
      world.count('movedToNewDevice');
      world.devices.set(device, person);
      const along = new Set(phone.disk.raw().entries.map(({ id }) => id));
      const stays = old.raw().entries.filter(({ id, state }) => state !== 'unsent' && !along.has(id));
      world.checker.tell({ type: 'excused', phone: phone.name, acts: stays as readonly PlainEntry[] });
    });
  }

  #rot(phone: Phone): void {
    const { pages } = phone.disk.raw();
    if (pages.length === 0) return;
    this.world.count('rot');
    phone.die();
    phone.disk.rot(this.world.random.below(pages.length));
    this.world.checker.tell({ type: 'rotten', phone: phone.name });
  }

  async #killServer(): Promise<void> {
    this.world.count('serverKill');
    this.world.network.down();
    await this.world.station.kill();
  }

  async #restore(): Promise<void> {
    const { world } = this;
    world.network.down();
    const before = world.station.plain();
    if (!(await world.station.restore())) return;
    world.count('restore');
    world.note('restored');
    world.checker.tell({ type: 'restored', before, at: world.now });
  }

  #changeRoles(): void {
    const { world } = this;
    const { random } = world;
    const [, ...field] = [...world.people.values()];
    if (field.length === 0) return;
    const { person } = random.pick(field);
    const loses = random.chance(0.2);
    const roles = loses ? [] : ['volunteer', ...(random.chance(0.5) ? ['nurse'] : [])];
    const chosen = communities.filter(() => random.chance(0.6));
    world.people.set(person, { person, roles, communities: chosen });
    world.count(loses ? 'roleLoss' : 'roleChange');
  }
}
