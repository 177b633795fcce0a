import type { Happening, PlainEntry, PlainStation, PlainTaken, Report, Saved } from './history.ts';

const rule = 'lost is told exactly';
/** How long phones keep what a restored centre may have to hear again (ms). */
const keptMs = 7 * 24 * 60 * 60_000;

interface LostAct extends PlainEntry {
  readonly phone: string;
  /** Whether the note beside the store was there still, so that the phone could know. */
  readonly noted: boolean;
}

/**
 * Judges what phones say they have lost: whatever was called saved, is nowhere on its phone any more and is not with
 * the centre has to be told to the centre by its number; and nothing else may be told.
 */
export class Losses {
  /** By device and number: whatever stood in a store that was emptied, and what was lost out of one that stands. */
  readonly #lost = new Map<string, LostAct>();
  /** Told and written down so long before a restore has thrown it away that no phone keeps it. */
  readonly #toldLongAgo = new Set<string>();

  constructor(readonly report: Report) {}

  note({ phone, device, acts, noted, emptied }: Happening & { type: 'lost' }): void {
    // What was lost before and not told yet stood in the store and in the note.
    if (emptied && !noted) this.#forgets(phone);
    for (const act of acts) this.#lost.set(keyOf(device, act.seq), { ...act, phone, noted });
  }

  /**
   * What the centre writes down is missing here as there at that moment, under whichever number of whichever device. A
   * request on its way may still bring it.
   */
  judgeTold({ device, numbers, station }: Happening & { type: 'told' }): void {
    const there = new Set(station.taken.map(({ id }) => id));
    for (const seq of numbersIn(numbers)) {
      const act = this.#lost.get(keyOf(device, seq));
      if (!act) this.report(rule, device, `act ${seq} is told as lost and was not`);
      else if (there.has(act.id)) this.report(rule, device, `act ${seq} is told as lost and is with the centre`);
    }
  }

  /** What a restored centre was told in the days before it is to be told again. */
  noteRestored(before: PlainStation, at: number): void {
    for (const [key, toldAt] of toldIn(before)) if (at - toldAt > keptMs) this.#toldLongAgo.add(key);
  }

  /** The phone has become a new device, of which the centre here takes no word about the former one. */
  noteLeft(phone: string): void {
    this.#forgets(phone);
  }

  #forgets(phone: string): void {
    for (const [key, act] of this.#lost) if (act.phone === phone) this.#lost.set(key, { ...act, noted: false });
  }

  judgeEnd(station: PlainStation, saved: ReadonlyMap<string, Saved>, takenOnce: ReadonlyMap<string, PlainTaken>): void {
    const there = new Set(station.taken.map(({ id }) => id));
    const told = [...toldIn(station)].map(([key]) => key);
    const known = new Set([...told, ...this.#toldLongAgo]);
    for (const [key, { id, seq, name, phone, state, noted }] of this.#lost) {
      // What a restored centre has lost, and the phone too, nobody can know of.
      if (!saved.has(id) || there.has(id) || takenOnce.has(id) || known.has(key)) continue;
      if (state === 'unsent' && noted) this.report(rule, phone, `act ${seq} (${name}) is lost, and nobody was told`);
      if (state !== 'unsent') this.report('nothing saved is lost', phone, `act ${seq} (${name}) was said to be there`);
    }
    for (const [at, key] of told.entries())
      if (told.indexOf(key) !== at) this.report(rule, null, `${key} is told as lost twice`);
  }
}

const keyOf = (device: string, seq: number): string => `${device}#${seq}`;

/** What is written down, and since when (ms). */
function* toldIn({ rows }: PlainStation): Iterable<[key: string, toldAt: number]> {
  for (const { device, numbers, toldAt } of rows['lostWork'] ?? [])
    for (const seq of numbersIn(String(numbers))) yield [keyOf(String(device), seq), Number(toldAt)];
}

/** "3, 7–9" as numbers. */
function* numbersIn(words: string): Iterable<number> {
  for (const run of words.split(', ')) {
    const [from, to] = run.split('–').map(Number) as [number, number?];
    for (let seq = from; seq <= (to ?? from); seq += 1) yield seq;
  }
}
