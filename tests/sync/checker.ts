import { judgeEnd } from './checker-end.ts';
import { Losses } from './checker-lost.ts';
import type {
  Anomaly,
  Happening,
  PlainDisk,
  PlainEnd,
  PlainEntry,
  PlainRow,
  PlainStation,
  PlainTaken,
  Saved,
} from './history.ts';
import { allowedSecrets, mayHold, secretsIn } from './oracle.ts';
import { addition, isInOlderWords, keyed, text, without } from './plain-text.ts';

type Shown = Happening & { readonly type: 'shown' };

/**
 * Judges a run from what was said and shown, and from the server's rows in the end. It shares no code with the engine
 * or the server and believes neither: what a phone may hold, what must be visible and what must add up is worked out
 * here again from the history.
 */
export class Checker {
  readonly anomalies: Anomaly[] = [];
  readonly #saved = new Map<string, Saved>();
  /** What each tab must know: what was saved before it opened, and what it has saved itself. */
  readonly #expected = new Map<string, Map<string, Saved>>();
  readonly #excused = new Set<string>();
  readonly #versions = new Map<string, Map<string, number>>();
  /** Phones whose disk went bad and who have not been told yet what they should hold. */
  readonly #rotten = new Set<string>();
  /** Tabs that have read a state that is not whole and can only show what is there. */
  readonly #partly = new Set<string>();
  #restores = 0;
  /** Acts the server had taken before it was set back; phones may still show what they did. */
  readonly #takenOnce = new Map<string, PlainTaken>();
  /** Phones that have heard from the server since it was set back; null when it never was. */
  #heardSince: Set<string> | null = null;
  #book: { readonly station: PlainStation; readonly byId: ReadonlyMap<string, PlainTaken> } | null = null;

  /** Hears of each anomaly when it is found. */
  constructor(readonly onFound: (anomaly: Anomaly) => void = () => undefined) {}

  /** Takes note of one happening and judges what can be judged at once. */
  tell(happening: Happening): void {
    const { type } = happening;
    if (type === 'shown') this.#judgeShown(happening);
    else if (type === 'filled') this.#judgeFilled(happening);
    else if (type === 'saved') this.#noteSaved(happening);
    else if (type === 'opens') this.#expected.set(happening.tab, new Map(this.#savedOn(happening.phone)));
    else if (type === 'restored') this.#noteRestored(happening);
    else if (type === 'rotten') this.#rotten.add(happening.phone);
    else if (type === 'excused') {
      this.#excuse(happening.acts);
      this.#losses.noteLeft(happening.phone);
    } else if (type === 'lost') {
      this.#excuse(happening.acts);
      this.#losses.note(happening);
    } else if (type === 'told') this.#losses.judgeTold(happening);
    else if (type === 'broken') this.#report('the centre does not break', null, happening.what);
    else if (type === 'doubtful') this.#report('the book adds up', null, happening.what);
    else if (happening.whole && !this.#rotten.has(happening.phone)) this.#partly.delete(happening.tab);
    else this.#partly.add(happening.tab);
  }

  /** Judges the state in which everything came to rest. */
  end(end: PlainEnd): void {
    const { station } = end;
    judgeEnd(end, this.#saved, this.#excused, this.#heardSince !== null, this.#report);
    this.#losses.judgeEnd(station, this.#saved, this.#takenOnce);
    for (const { phone, viewer, shown, disk, lacks } of end.tabs) {
      const held = mayHold(station.rows, viewer, end.today);
      this.#sameRows('equal when quiet', phone, without(held, lacks), keyed(shown));
      this.#noSecrets(phone, disk, held);
    }
  }

  readonly #report = (rule: string, phone: string | null, detail: string): void => {
    // One broken row would otherwise be told again at every glance.
    const again = this.anomalies.some((one) => one.rule === rule && one.phone === phone && one.detail === detail);
    if (again) return;
    this.anomalies.push({ rule, phone, detail });
    this.onFound({ rule, phone, detail });
  };
  readonly #losses = new Losses(this.#report);

  #noteSaved({ phone, tab, person, entry }: Happening & { type: 'saved' }): void {
    const act: Saved = { ...entry, phone, tab, person };
    if (this.#saved.has(entry.id)) this.#report('nothing saved is lost', phone, `two acts are called ${entry.id}`);
    this.#saved.set(entry.id, act);
    // The store may be emptied between the writing of an act and the word for it.
    if (!this.#excused.has(entry.id)) this.#expected.get(tab)?.set(entry.id, act);
  }

  #noteRestored({ before, at }: Happening & { type: 'restored' }): void {
    this.#restores += 1;
    for (const one of before.taken) this.#takenOnce.set(one.id, one);
    this.#losses.noteRestored(before, at);
    this.#heardSince = new Set();
    this.#versions.clear();
  }

  #excuse(acts: readonly PlainEntry[]): void {
    for (const { id } of acts) {
      this.#excused.add(id);
      for (const expected of this.#expected.values()) expected.delete(id);
    }
  }

  *#savedOn(phone: string): Iterable<[string, Saved]> {
    for (const [id, act] of this.#saved) if (act.phone === phone && !this.#excused.has(id)) yield [id, act];
  }

  /** The server's book by the ids of acts. */
  #bookOf(station: PlainStation): ReadonlyMap<string, PlainTaken> {
    if (this.#book?.station !== station)
      this.#book = { station, byId: new Map(station.taken.map((one) => [one.id, one])) };
    return this.#book.byId;
  }

  #judgeShown(shown: Shown): void {
    const { phone, tab, entries } = shown;
    const expected = this.#expected.get(tab) ?? new Map<string, Saved>();
    // Right after the server was set back, what it once had is not there any more, and no phone can know.
    if (!this.#heardSince || this.#heardSince.has(phone)) this.#judgeWords(shown, expected);
    const kept = new Map(entries.map((entry) => [entry.id, entry]));
    this.#savedIsKept(phone, expected, kept);
    if (this.#partly.has(tab)) return;
    this.#ownNotesShown(shown, expected);
    this.#ownTalliesShown(shown, kept);
  }

  /** What a phone says about an act is what stands in the server's book. */
  #judgeWords({ phone, entries, word, station }: Shown, expected: ReadonlyMap<string, Saved>): void {
    const book = this.#bookOf(station);
    for (const { id, seq, state } of entries) {
      const verdict = book.get(id)?.verdict;
      if (state === 'received' && verdict !== 'applied')
        this.#report('the centre has it', phone, `act ${seq} is said to be there and is not`);
      // A refusal that the server has lost with its old state still stands on the phone.
      if (state === 'refused' && verdict !== 'refused' && (verdict || !this.#heardSince))
        this.#report('verdicts are the centre’s', phone, `act ${seq} is said to be refused and is not`);
    }
    if (word !== 'received') return;
    const states = new Map(entries.map(({ id, state }) => [id, state]));
    for (const { id, seq } of expected.values())
      if (!book.has(id) && states.get(id) !== 'refused')
        this.#report('the centre has it', phone, `all is said to be there, and act ${seq} is not`);
  }

  /** An act that was called saved stands in the list, word for word, at every later glance. */
  #savedIsKept(phone: string, expected: ReadonlyMap<string, Saved>, kept: ReadonlyMap<string, PlainEntry>): void {
    for (const act of expected.values()) {
      const entry = kept.get(act.id);
      const same = entry !== undefined && (entry.args === act.args || text(entry.args) === text(act.args));
      if (!same) this.#report('nothing saved is lost', phone, `act ${act.seq} (${act.name}) is no longer on the phone`);
    }
  }

  /** Anybody may write a note, it is always taken and its author always sees it: once saved, it never flickers. */
  #ownNotesShown({ phone, rows }: Shown, expected: ReadonlyMap<string, Saved>): void {
    const shown = new Set((rows['note'] ?? []).map(({ id }) => id));
    for (const act of expected.values())
      if (act.name === 'note.write' && !shown.has(act.id))
        this.#report('own writes visible', phone, `note of act ${act.seq} is not shown`);
  }

  /** A tally is never less than what its person has added here, and never more than was ever added. */
  #ownTalliesShown(
    { phone, tab, person, older = false, rows, station }: Shown,
    kept: ReadonlyMap<string, PlainEntry>,
  ): void {
    const own = new Map<string, number>();
    const unclear = new Map<string, number>();
    for (const { name, args } of kept.values()) {
      if (name !== 'tally.add') continue;
      const { tally, amount } = addition({ person, args });
      const sums = older && !isInOlderWords(args) ? unclear : own;
      sums.set(tally, (sums.get(tally) ?? 0) + amount);
    }
    for (const row of rows['tally'] ?? []) {
      if (row['person'] !== person) continue;
      const least = own.get(row.id) ?? 0;
      const most = least + (unclear.get(row.id) ?? 0) + this.#addedElsewhere(station, row.id, kept);
      const count = row['count'] as number;
      if (count < least || count > most)
        this.#report('own writes visible', phone, `${tab}: tally ${row.id} shows ${count}, not ${least} to ${most}`);
    }
  }

  /** Sum of all additions ever taken, without those that stand on this phone. */
  #addedElsewhere(station: PlainStation, tallyId: string, kept: ReadonlyMap<string, PlainEntry>): number {
    let sum = 0;
    const count = (one: PlainTaken): void => {
      if (one.name !== 'tally.add' || one.verdict !== 'applied' || kept.has(one.id)) return;
      const { tally, amount } = addition(one);
      if (tally === tallyId) sum += amount;
    };
    for (const one of station.taken) count(one);
    const book = this.#bookOf(station);
    for (const one of this.#takenOnce.values()) if (!book.has(one.id)) count(one);
    return sum;
  }

  #judgeFilled({ phone, tab, disk, lacks, then }: Happening & { type: 'filled' }): void {
    this.#partly.delete(tab);
    this.#rotten.delete(phone);
    if (!then.admitted) this.#report('nobody holds what they may not', phone, 'a device of nobody was served');
    // An answer from before the server was set back may arrive after it.
    if (then.restores === this.#restores) {
      this.#heardSince?.add(phone);
      this.#versionsGrow(phone, disk);
    }
    const held = mayHold(then.station.rows, then.viewer, then.today);
    const rows = new Map([...disk.rows].map(([key, { row }]) => [key, row]));
    this.#sameRows('holds what it may', phone, without(held, lacks), rows);
    this.#noSecrets(phone, disk, held);
  }

  #versionsGrow(phone: string, disk: PlainDisk): void {
    const versions = this.#versions.get(phone) ?? new Map<string, number>();
    for (const [key, { version }] of disk.rows) {
      const before = versions.get(key);
      if (before !== undefined && version < before)
        this.#report('reads are monotonic', phone, `${key} went from version ${before} back to ${version}`);
      versions.set(key, version);
    }
    this.#versions.set(phone, versions);
  }

  #sameRows(
    rule: string,
    phone: string,
    expected: ReadonlyMap<string, PlainRow>,
    found: ReadonlyMap<string, PlainRow>,
  ): void {
    for (const [key, row] of found) {
      const right = expected.get(key);
      if (!right) this.#report('nobody holds what they may not', phone, `${key} (${rule})`);
      else if (text(right) !== text(row)) this.#report(rule, phone, `${key}: ${text(row)} instead of ${text(right)}`);
    }
    for (const key of expected.keys()) if (!found.has(key)) this.#report(rule, phone, `${key} is missing`);
  }

  /** Reads every character on the disk, not only the rows that still count. */
  #noSecrets(phone: string, disk: PlainDisk, held: ReadonlyMap<string, PlainRow>): void {
    const allowed = allowedSecrets(held);
    for (const secret of new Set(secretsIn(disk.text)))
      if (!allowed.has(secret)) this.#report('removed data is gone', phone, `${secret} is still on the disk`);
  }
}
