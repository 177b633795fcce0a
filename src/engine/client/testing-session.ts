import { vi } from 'vitest';
import { noFacts, type DeviceFacts, type NewEntry, type StoredEntry } from '../device-storage.ts';
import { Memory } from '../replica.fixture.ts';
import type { OpenDevice } from './device.ts';
import type { StorageMemory } from './journaled-storage.ts';
import { TabRole, type Channel } from './leader.ts';
import { Session } from './session.ts';
import { keeper, lampActs, lamps, MemoryCentre, settle, SharedBrowser, StoodTime, surroundings } from './testing.ts';

export const act = (id: string): NewEntry => ({
  ...{ id, name: 'lamp.hang', version: 1, args: { room: id }, claimedAt: 5 },
  ...{ serverTime: null, sinceServer: null, offset: null },
});

/** A device whose disk is memory, and as many tabs over it as a test opens. */
export function phone(facts: Partial<DeviceFacts> = {}) {
  const [disk, browser, time, centre] = [new Memory(), new SharedBrowser(), new StoodTime(), new MemoryCentre()];
  disk.state = { ...disk.state, facts: { ...noFacts, identity: keeper, ...facts } };
  centre.rows = [{ row: { id: 'l1', room: 'hall', lit: false }, version: 1 }];
  const load = vi.spyOn(disk, 'load');
  const open = async ({ restored = [] as readonly StoredEntry[], tells = true } = {}) => {
    const heard = { kinds: [] as string[], loop: 0, keeping: 0, replaced: 0, gone: 0, closed: [] as string[] };
    const floors: number[] = [];
    let memory = null as StorageMemory | null;
    let awake: (reason: 'online' | 'focus') => void = () => undefined;
    const storage = {
      ...{ load: () => disk.load(), append: (entry: NewEntry) => disk.append(entry), keeping: 'twice', restored },
      ...{ commit: (...all: Parameters<Memory['commit']>) => disk.commit(...all), compact: disk.compact },
      acknowledgeRefusal: disk.acknowledgeRefusal,
      attach: (one: StorageMemory) => void (memory = one),
      raiseFloor: (seq: number) => floors.push(seq),
      close: () => heard.closed.push('storage'),
    };
    const database = { close: () => heard.closed.push('database') };
    const parts = { device: 'mine', journal: null, note: browser.canary.read(), storage, database };
    const around = {
      ...surroundings(time, browser),
      ...(tells ? {} : { locks: null, channel: () => null }),
      onAwake: (wake: typeof awake) => {
        awake = wake;
        return () => void heard.closed.push('watching');
      },
    };
    const session = await Session.start(lamps, parts as unknown as OpenDevice, centre, around, {
      onChange: (kinds) => heard.kinds.push(...kinds),
      onLoop: () => (heard.loop += 1),
      onKeeping: () => (heard.keeping += 1),
      onReplaced: () => (heard.replaced += 1),
      onGone: () => (heard.gone += 1),
    });
    await settle();
    const hang = (room: string) => session.mutate(lampActs.hang, { room });
    return {
      session,
      heard,
      floors,
      hang,
      open: parts,
      memory: () => memory as StorageMemory,
      awake: (reason: 'online' | 'focus') => awake(reason),
    };
  };
  /** What a tab that is not there says to all others. */
  const channel: Channel = browser.channel('nuanlin-mine');
  const role = { name: 'nuanlin-mine', locks: null, channel, onLead: () => undefined, onMessage: () => undefined };
  const stray = new TabRole<unknown>(role);
  /** The first tab has filled itself; whoever comes now finds everything at rest. */
  const filled = async () => {
    const first = await open();
    await time.pass(0);
    return first;
  };
  return { disk, browser, time, centre, load, open, filled, stray };
}
export const rooms = ({ session }: { session: Session }) =>
  session.replica.shown
    .of('lamp')
    .all()
    .map((one) => String(one['room']))
    .sort();
