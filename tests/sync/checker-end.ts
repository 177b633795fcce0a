import type { PlainEnd, PlainEntry, PlainStation, PlainTaken, Report, Saved } from './history.ts';
import { addition, text } from './plain-text.ts';

/** Acts that the phone may send before older ones: alarms go first. */
const urgent = new Set(['slot.claim', 'reply.write']);
/** Which record an act makes under its own id. */
const makes: Readonly<Record<string, string>> = {
  'note.write': 'note',
  'reply.write': 'reply',
  'handover.record': 'handover',
  'handover.correct': 'handover',
  'round.open': 'round',
  'elder.enter': 'elder',
};

/** Judges what stands at the centre and on the phones after everything has come to rest. */
export function judgeEnd(
  end: PlainEnd,
  saved: ReadonlyMap<string, Saved>,
  excused: ReadonlySet<string>,
  wasRestored: boolean,
  report: Report,
): void {
  const { station } = end;
  const book = new Map(station.taken.map((one) => [one.id, one]));
  const entries = new Map<string, PlainEntry>();
  for (const { phone, disk } of end.tabs) {
    for (const entry of disk.entries) entries.set(entry.id, entry);
    const open = disk.entries.filter(({ state }) => state === 'unsent');
    if (open.length > 0) report('comes to rest', phone, `${open.length} acts still unsent`);
  }
  for (const act of saved.values()) {
    const taken = book.get(act.id);
    if (taken) nothingChanged(act, taken, station, report);
    else if (excused.has(act.id)) continue;
    // A refusal may be lost with the old state of the server; the phone has it still.
    else if (!(wasRestored && entries.get(act.id)?.state === 'refused'))
      report('nothing saved is lost', act.phone, `act ${act.seq} (${act.name}) has no verdict`);
  }
  nothingTwice(station, report);
  sumsAddUp(station, report);
  if (end.inOrder) orderKept(station, saved, excused, report);
  refusedKeptWhole(end, entries, report);
  for (const { id, device, seq, name } of station.taken)
    if (!entries.has(id) && !excused.has(id))
      report('nothing from nowhere', device, `act ${seq} (${name}) is not on the phone it came from`);
}

function nothingChanged(act: Saved, taken: PlainTaken, station: PlainStation, report: Report): void {
  if (taken.name !== act.name || text(taken.args) !== text(act.args))
    report('nothing saved is lost', act.phone, `act ${act.seq} arrived as something else`);
  if (taken.person !== act.person)
    report('nothing is credited to someone else', act.phone, `act ${act.seq} counts for ${taken.person}`);
  const kind = makes[act.name];
  if (kind === undefined) return;
  const there = (station.rows[kind] ?? []).some(({ id }) => id === act.id);
  if (there !== (taken.verdict === 'applied'))
    report('verdict and effect agree', act.phone, `act ${act.seq} (${act.name}) is ${taken.verdict}, record ${there}`);
}

function nothingTwice(station: PlainStation, report: Report): void {
  const bySeq = new Set<string>();
  const byId = new Set<string>();
  for (const { device, seq, id, name } of station.taken) {
    if (bySeq.has(`${device}#${seq}`) || byId.has(id))
      report('nothing applied twice', device, `act ${seq} (${name}) was judged twice`);
    bySeq.add(`${device}#${seq}`);
    byId.add(id);
  }
}

/** Sums show what a list of verdicts can hide: an act whose effect is there twice, or not at all. */
function sumsAddUp({ taken, rows }: PlainStation, report: Report): void {
  const applied = taken.filter(({ verdict }) => verdict === 'applied');
  const sums = new Map<string, number>();
  for (const one of applied) {
    if (one.name === 'tally.add') {
      const { tally, amount } = addition(one);
      sums.set(tally, (sums.get(tally) ?? 0) + amount);
    } else if (one.name === 'slot.use') {
      const { slotId } = one.args as { slotId: string };
      sums.set(slotId, (sums.get(slotId) ?? 0) + 1);
    }
  }
  const due = (id: string): number => sums.get(id) ?? 0;
  for (const { id, count } of rows['tally'] ?? [])
    if (count !== due(id)) report('nothing applied twice', null, `${id} is ${String(count)}, not ${due(id)}`);
  for (const { id, used } of rows['slot'] ?? [])
    if (used !== due(id)) report('nothing applied twice', null, `${id} was used ${String(used)} times, not ${due(id)}`);
}

/**
 * Acts of a tab are judged in the order they were done; an alarm may overtake together with what it stands on, and what
 * its phone has lost may still come with a request that was long on its way.
 */
function orderKept(
  { taken }: PlainStation,
  saved: ReadonlyMap<string, Saved>,
  excused: ReadonlySet<string>,
  report: Report,
): void {
  const last = new Map<string, number>();
  const places = new Map(taken.map((one, at) => [one.id, { ...one, at }]));
  const early = overtaking(taken);
  for (const [at, { id, device, seq, name, args }] of taken.entries()) {
    for (const other of idsIn(args)) {
      const before = places.get(other);
      if (before && before.device === device && before.seq < seq && before.at > at && !excused.has(other))
        report('causal order is kept', device, `act ${seq} (${name}) was judged before act ${before.seq}`);
    }
    // An act of which the disk said that it was not written is known, and sent, later than it was done.
    if (early.has(id) || !saved.has(id) || excused.has(id)) continue;
    // The tab that talks to the centre may hear of another tab's act a little later than of its own.
    const by = `${device}/${saved.get(id)?.tab}`;
    if (seq < (last.get(by) ?? 0))
      report('order of a phone is kept', device, `act ${seq} (${name}) was judged after ${last.get(by)}`);
    last.set(by, Math.max(seq, last.get(by) ?? 0));
  }
}

/** Acts that may be judged before older ones of their phone: the urgent ones and what these stand on. */
function overtaking(taken: readonly PlainTaken[]): ReadonlySet<string> {
  const byId = new Map(taken.map((one) => [one.id, one]));
  const early = new Set<string>();
  const add = (one: PlainTaken): void => {
    if (early.has(one.id)) return;
    early.add(one.id);
    for (const id of idsIn(one.args)) {
      const before = byId.get(id);
      if (before && before.device === one.device) add(before);
    }
  };
  for (const one of taken) if (urgent.has(one.name)) add(one);
  return early;
}

function idsIn(args: unknown): readonly string[] {
  return text(args).match(/[0-9a-f]{8}-[0-9a-f]{4,}-7[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}/g) ?? [];
}

function refusedKeptWhole(
  { station, review }: PlainEnd,
  entries: ReadonlyMap<string, PlainEntry>,
  report: Report,
): void {
  const kept = new Map(review.map((one) => [one.id, one]));
  for (const one of station.taken) {
    if (one.verdict !== 'refused') continue;
    const whole = kept.get(one.id);
    if (!whole || text(whole.args) !== text(one.args) || whole.name !== one.name)
      report('a refused act is kept whole', one.device, `act ${one.seq} (${one.name}) at the centre`);
    const entry = entries.get(one.id);
    if (entry && (entry.state !== 'refused' || text(entry.args) !== text(one.args)))
      report('a refused act is kept whole', one.device, `act ${one.seq} (${one.name}) on the phone`);
  }
}
