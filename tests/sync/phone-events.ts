import type { PlainDisk, PlainEntry, PlainRow, PlainRows } from './history.ts';
import { olderRegistry, simulatedRegistry } from './kinds.ts';
import type { Phone, PhoneEvents } from './phone.ts';
import type { Tab } from './tab.ts';
import type { World } from './world.ts';

/** Acts by which the office changes who is to see what. */
const scopeActs = new Set(['round.assign', 'round.postpone', 'door.move', 'door.strike', 'round.take']);

/** Tells the checker what happens on phones, in plain data. */
export function phoneEvents(world: World): PhoneEvents {
  const { checker } = world;
  const showOf = (tab: Tab): void => {
    const { replica, phone } = tab;
    if (!replica) return;
    checker.tell({
      type: 'shown',
      phone: phone.name,
      tab: tab.owner,
      person: world.personOf(phone).person,
      rows: shownOf(tab),
      entries: replica.entries as readonly PlainEntry[],
      word: tab.word,
      older: tab.registry === olderRegistry,
      station: world.station.plain(),
    });
  };
  return {
    opens: ({ phone, owner }) => checker.tell({ type: 'opens', phone: phone.name, tab: owner }),
    saved: (tab, seq) => noteSaved(world, tab, seq),
    shown: showOf,
    says: showOf,
    reads: ({ phone, owner }, whole) => checker.tell({ type: 'reads', phone: phone.name, tab: owner, whole }),
    failed: (tab, what) => world.note(`${tab.owner} failed ${what}`),
    filled: (tab, answer) => {
      const { phone } = tab;
      world.note(`${tab.owner} filled ${answer.cookie}`);
      // Another tab that leads too may have written meanwhile: then the disk is of another moment.
      if (phone.disk.gone || (!phone.tabsKnowEachOther && phone.open.length > 1)) return;
      const then = world.station.momentOf(answer);
      checker.tell({
        type: 'filled',
        phone: phone.name,
        tab: tab.owner,
        lacks: lackedBy(tab),
        disk: diskOf(phone),
        then,
      });
    },
  };
}

function noteSaved(world: World, tab: Tab, seq: number): void {
  const { phone, replica, owner } = tab;
  const entry = replica?.entries.find((one) => one.seq === seq);
  if (!entry) throw new Error(`${owner} said that act ${seq} is saved and does not know it.`);
  const { id, name, args } = entry;
  world.acts += 1;
  if (scopeActs.has(name)) world.count('scopeChange');
  if (phone.registry === simulatedRegistry && tab.registry === olderRegistry) world.count('olderTab');
  world.note(`${owner} saved ${seq} ${name} ${JSON.stringify(args)}`);
  const { person } = world.personOf(phone);
  world.checker.tell({ type: 'saved', phone: phone.name, tab: owner, person, entry: { seq, id, name, args } });
}

/** Fields that this tab's version of the app does not know. */
export function lackedBy({ registry }: Tab): readonly string[] {
  return registry === olderRegistry ? ['note.mood'] : [];
}

export function shownOf({ replica, registry }: Tab): PlainRows {
  const rows: Record<string, readonly PlainRow[]> = {};
  if (replica) for (const kind of registry.kinds) rows[kind.name] = replica.shown.all(kind) as readonly PlainRow[];
  return rows;
}

export function diskOf({ disk }: Phone): PlainDisk {
  const { pages, entries, facts } = disk.raw();
  const rows = new Map<string, { kind: string; version: number; row: PlainRow }>();
  for (const page of pages) {
    for (const { kind, id } of page.removed) rows.delete(`${kind}/${id}`);
    for (const { kind, version, row } of page.rows) rows.set(`${kind}/${row.id}`, { kind, version, row });
  }
  return { rows, text: JSON.stringify([pages, facts]), entries: entries as readonly PlainEntry[] };
}
