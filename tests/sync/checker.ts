import type {
  Anomaly,
  Happening,
  PlainDisk,
  PlainEnd,
  PlainEntry,
  PlainRow,
  PlainRows,
  PlainStation,
  PlainTaken,
} from './history.ts';
import { allowedSecrets, mayHold, secretsIn } from './oracle.ts';

type Saved = Omit<PlainEntry, 'state'> & { readonly phone: string; readonly person: string };

/**
 * Judges a run from what was said and shown, and from the server's rows in the end. It shares no code with the engine
 * or the server and believes neither: what a phone may hold, what must be visible and what must add up is worked out
 * here again from the history.
 */
export class Checker {
  readonly anomalies: Anomaly[] = [];
  readonly #saved = new Map<string, Saved>();
  readonly #versions = new Map<string, Map<string, number>>();
  /** Phones whose disk went bad and who have not been told yet what they should hold. */
  readonly #rotten = new Set<string>();
  readonly #emptied = new Set<string>();
  #restores = 0;
  /** Acts the server had taken before it was set back; phones may still show what they did. */
  readonly #takenOnce = new Map<string, PlainTaken>();
  /** Phones that have heard from the server since it was set back; null when it never was. */
  #heardSince: Set<string> | null = null;
  /** Phones that died while they were filled anew: until that is done they can only show what is there. */
  readonly #partly = new Set<string>();

  /** Takes note of one happening and judges what can be judged at once. */
  tell(happening: Happening): void {
    if (happening.type === 'saved')
      this.#saved.set(`${happening.phone}#${happening.entry.seq}`, { ...happening.entry, ...happening });
    else if (happening.type === 'shown') this.#judgeShown(happening);
    else if (happening.type === 'filled') this.#judgeFilled(happening);
    else if (happening.type === 'rotten') this.#rotten.add(happening.phone);
    else if (happening.type === 'restored') this.#restored(happening.before);
    else if (happening.type === 'emptied') this.#emptied.add(happening.phone);
    else if (this.#emptied.has(happening.phone)) this.#partly.add(happening.phone);
  }

  #restored(before: PlainStation): void {
    this.#restores += 1;
    for (const one of before.taken) this.#takenOnce.set(one.id, one);
    this.#heardSince = new Set();
    this.#versions.clear();
  }

  /** Judges the state in which everything came to rest. */
  end(end: PlainEnd): void {
    this.#nothingLost(end.station, end);
    this.#nothingTwice(end.station);
    this.#sumsAddUp(end.station);
    this.#orderKept(end.station);
    this.#refusedKeptWhole(end);
    this.#nothingFromNowhere(end);
    for (const { phone, viewer, shown, disk } of end.phones) {
      const held = mayHold(end.station.rows, viewer, end.today);
      const open = disk.entries.filter(({ state }) => state === 'unsent');
      if (open.length > 0) this.#report('comes to rest', phone, `${open.length} acts still unsent`);
      this.#sameRows('equal when quiet', phone, held, keyed(shown));
      this.#noSecrets(phone, disk, held);
    }
  }

  #report(rule: string, phone: string | null, detail: string): void {
    // One broken row would otherwise be told again at every glance.
    const again = this.anomalies.some((one) => one.rule === rule && one.phone === phone && one.detail === detail);
    if (!again) this.anomalies.push({ rule, phone, detail });
  }

  #judgeShown({ phone, person, rows, entries, station }: Happening & { type: 'shown' }): void {
    // Right after the server was set back, what it once had is not there any more, and no phone can know.
    if (!this.#heardSince || this.#heardSince.has(phone)) this.#judgeWords(phone, entries, station);
    this.#savedIsKept(phone, entries);
    if (this.#partly.has(phone) || this.#rotten.has(phone)) return;
    this.#ownNotesShown(phone, rows);
    this.#ownTalliesShown(phone, person, rows, entries, station);
  }

  /** What a phone says about an act is what stands in the server's book. */
  #judgeWords(phone: string, entries: readonly PlainEntry[], station: PlainStation): void {
    const taken = new Map(station.taken.map((one) => [`${one.device}#${one.seq}`, one]));
    for (const entry of entries) {
      const book = taken.get(`${phone}#${entry.seq}`);
      if (entry.state === 'received' && !(book?.verdict === 'applied' && book.id === entry.id))
        this.#report('the centre has it', phone, `act ${entry.seq} is said to be there and is not`);
      // A refusal that the server has lost with its old state still stands on the phone.
      if (entry.state === 'refused' && book?.verdict !== 'refused' && (book || !this.#heardSince))
        this.#report('verdicts are the centre’s', phone, `act ${entry.seq} is said to be refused and is not`);
    }
  }

  /** An act that was called saved stands in the list, word for word, at every later glance. */
  #savedIsKept(phone: string, entries: readonly PlainEntry[]): void {
    const kept = new Map(entries.map((entry) => [entry.seq, entry]));
    for (const act of this.#savedOn(phone)) {
      const entry = kept.get(act.seq);
      const same = entry?.id === act.id && (entry.args === act.args || text(entry.args) === text(act.args));
      if (!same) this.#report('nothing saved is lost', phone, `act ${act.seq} (${act.name}) is no longer on the phone`);
    }
  }

  /** Anybody may write a note, it is always taken and its author always sees it: once saved, it never flickers. */
  #ownNotesShown(phone: string, rows: PlainRows): void {
    const shown = new Set((rows['note'] ?? []).map(({ id }) => id));
    for (const act of this.#savedOn(phone))
      if (act.name === 'note.write' && !shown.has(act.id))
        this.#report('own writes visible', phone, `note of act ${act.seq} is not shown`);
  }

  /** A tally is never less than what its person has added here, and never more than was ever added. */
  #ownTalliesShown(
    phone: string,
    person: string,
    rows: PlainRows,
    entries: readonly PlainEntry[],
    station: PlainStation,
  ): void {
    const sums = new Map<string, number>();
    for (const { name, args } of entries) {
      if (name !== 'tally.add') continue;
      const { topic, amount } = args as { topic: string; amount: number };
      sums.set(`${person}:${topic}`, (sums.get(`${person}:${topic}`) ?? 0) + amount);
    }
    const ever = new Map([...this.#takenOnce, ...station.taken.map((one) => [one.id, one] as const)]);
    for (const row of rows['tally'] ?? []) {
      if (row['person'] !== person) continue;
      const own = sums.get(row.id) ?? 0;
      const others = added([...ever.values()], row.id, phone);
      const count = row['count'] as number;
      if (count < own || count > own + others)
        this.#report('own writes visible', phone, `tally ${row.id} shows ${count}, own ${own}, others ${others}`);
    }
  }

  #judgeFilled({ phone, disk, then }: Happening & { type: 'filled' }): void {
    this.#emptied.delete(phone);
    this.#partly.delete(phone);
    this.#rotten.delete(phone);
    // An answer from before the server was set back may arrive after it.
    if (then.restores === this.#restores) {
      this.#heardSince?.add(phone);
      this.#versionsGrow(phone, disk);
    }
    const held = mayHold(then.station.rows, then.viewer, then.today);
    const rows = new Map([...disk.rows].map(([key, { row }]) => [key, row]));
    this.#sameRows('holds what it may', phone, held, rows);
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
      else if (rowText(right) !== rowText(row))
        this.#report(rule, phone, `${key}: ${rowText(row)} instead of ${rowText(right)}`);
    }
    for (const key of expected.keys()) if (!found.has(key)) this.#report(rule, phone, `${key} is missing`);
  }

  /** Reads every character on the disk, not only the rows that still count. */
  #noSecrets(phone: string, disk: PlainDisk, held: ReadonlyMap<string, PlainRow>): void {
    const allowed = allowedSecrets(held);
    for (const secret of new Set(secretsIn(disk.text)))
      if (!allowed.has(secret)) this.#report('removed data is gone', phone, `${secret} is still on the disk`);
  }

  #nothingLost(station: PlainStation, end: PlainEnd): void {
    const taken = new Map(station.taken.map((one) => [`${one.device}#${one.seq}`, one]));
    for (const [key, act] of this.#saved) {
      const book = taken.get(key);
      const entries = end.phones.find(({ phone }) => phone === act.phone)?.disk.entries ?? [];
      const refused = entries.some(({ seq, state }) => seq === act.seq && state === 'refused');
      if (!book && this.#heardSince && refused) continue;
      if (!book) this.#report('nothing saved is lost', act.phone, `act ${act.seq} (${act.name}) has no verdict`);
      else if (book.id !== act.id || text(book.args) !== text(act.args))
        this.#report('nothing saved is lost', act.phone, `act ${act.seq} arrived as something else`);
      else if (book.person !== act.person)
        this.#report('nothing is credited to someone else', act.phone, `act ${act.seq} counts for ${book.person}`);
      else this.#effectThere(act, book.verdict, end);
    }
  }

  /** A taken act that made a record of its own has left that record; a refused one has not. */
  #effectThere(act: Saved, verdict: 'applied' | 'refused', { station }: PlainEnd): void {
    const makes: Readonly<Record<string, string>> = {
      'note.write': 'note',
      'reply.write': 'reply',
      'handover.record': 'handover',
      'handover.correct': 'handover',
      'round.open': 'round',
      'elder.enter': 'elder',
    };
    const kind = makes[act.name];
    if (kind === undefined) return;
    const there = (station.rows[kind] ?? []).some(({ id }) => id === act.id);
    if (there !== (verdict === 'applied'))
      this.#report(
        'verdict and effect agree',
        act.phone,
        `act ${act.seq} (${act.name}) is ${verdict}, record ${there}`,
      );
  }

  #nothingTwice(station: PlainStation): void {
    const bySeq = new Set<string>();
    const byId = new Set<string>();
    for (const { device, seq, id, name } of station.taken) {
      if (bySeq.has(`${device}#${seq}`) || byId.has(id))
        this.#report('nothing applied twice', device, `act ${seq} (${name}) was judged twice`);
      bySeq.add(`${device}#${seq}`);
      byId.add(id);
    }
  }

  /** Sums show what a list of verdicts can hide: an act whose effect is there twice, or not at all. */
  #sumsAddUp(station: PlainStation): void {
    for (const row of station.rows['tally'] ?? []) {
      const due = added(station.taken, row.id, null);
      if (row['count'] !== due) this.#report('nothing applied twice', null, `${row.id} is ${row['count']}, not ${due}`);
    }
    for (const row of station.rows['slot'] ?? []) {
      const due = station.taken.filter(
        ({ name, verdict, args }) =>
          name === 'slot.use' && verdict === 'applied' && (args as { slotId: string }).slotId === row.id,
      ).length;
      if (row['used'] !== due)
        this.#report('nothing applied twice', null, `${row.id} was used ${row['used']} times, not ${due}`);
    }
  }

  #orderKept(station: PlainStation): void {
    const last = new Map<string, number>();
    for (const { device, seq, name } of station.taken) {
      if (seq < (last.get(device) ?? 0))
        this.#report('order of a phone is kept', device, `act ${seq} (${name}) was judged after ${last.get(device)}`);
      last.set(device, Math.max(seq, last.get(device) ?? 0));
    }
  }

  #refusedKeptWhole({ station, review, phones }: PlainEnd): void {
    const kept = new Map(review.map((one) => [`${one.device}#${one.seq}`, one]));
    for (const one of station.taken) {
      if (one.verdict !== 'refused') continue;
      const whole = kept.get(`${one.device}#${one.seq}`);
      if (!whole || text(whole.args) !== text(one.args) || whole.name !== one.name)
        this.#report('a refused act is kept whole', one.device, `act ${one.seq} (${one.name}) at the centre`);
      const phone = phones.find(({ phone }) => phone === one.device);
      const entry = phone?.disk.entries.find(({ seq }) => seq === one.seq);
      if (entry && (entry.state !== 'refused' || text(entry.args) !== text(one.args)))
        this.#report('a refused act is kept whole', one.device, `act ${one.seq} (${one.name}) on the phone`);
    }
  }

  /** What the centre has judged, somebody has done: it stands on the phone it came from. */
  #nothingFromNowhere({ station, phones }: PlainEnd): void {
    for (const { device, seq, id, name } of station.taken) {
      const entries = phones.find(({ phone }) => phone === device)?.disk.entries ?? [];
      if (!entries.some((entry) => entry.seq === seq && entry.id === id))
        this.#report('nothing from nowhere', device, `act ${seq} (${name}) is not on the phone it came from`);
    }
  }

  #savedOn(phone: string): Saved[] {
    return [...this.#saved.values()].filter((act) => act.phone === phone);
  }
}

/** Sum of all taken additions to a tally, without those of one phone. */
function added(taken: readonly PlainTaken[], tallyId: string, without: string | null): number {
  let sum = 0;
  for (const { device, name, verdict, person, args } of taken) {
    if (name !== 'tally.add' || verdict !== 'applied' || device === without) continue;
    const { topic, amount } = args as { topic: string; amount: number };
    if (`${person}:${topic}` === tallyId) sum += amount;
  }
  return sum;
}

function keyed(rows: PlainRows): Map<string, PlainRow> {
  return new Map(
    Object.entries(rows).flatMap(([kind, list]) => list.map((row) => [`${kind}/${row.id}`, row] as const)),
  );
}

/** The same text for the same values, whatever the order of the fields. */
function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, inner]) => `${field}:${text(inner)}`)
    .join(',')}}`;
}

function rowText(row: PlainRow): string {
  return text(row);
}
