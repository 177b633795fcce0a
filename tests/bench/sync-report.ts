import { both, median, medianStep, plain, type OurRun, type Step, type SyncRun } from './figures.ts';
import { recordCount } from './care-records.ts';
import type { LineName, LineRuns } from './sync.bench.ts';

/** Median figures of one client over one line. */
interface ClientFigures {
  readonly pull: Step;
  readonly push: Step;
  readonly nothingNew?: Step;
  readonly changed?: Step;
  readonly writeMs: number;
}

interface OurFigures extends ClientFigures {
  readonly bytesPerRecord: number;
  readonly writeP50: number;
  readonly writeP95: number;
  readonly writeP99: number;
  readonly coldStartMs?: number;
}

interface LineFigures {
  readonly ours: OurFigures;
  readonly oursEach: OurFigures;
  readonly routeMs: number;
  readonly peers: Readonly<Record<string, ClientFigures>>;
}

/** One target of the comparison: what was measured, what was wanted. */
export interface Target {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly wanted: string;
  readonly met: boolean;
}

export interface SyncReport {
  readonly name: 'sync';
  readonly reps: number;
  readonly load: number;
  readonly cores: number;
  readonly lines: Readonly<Partial<Record<LineName, LineFigures>>>;
  readonly targets: readonly Target[];
  /** Peers that could not take part, and why. */
  readonly missing: Readonly<Record<string, string>>;
  /** What one must know to read a peer's figures beside ours. */
  readonly notes: Readonly<Record<string, string>>;
  /** Whether PostgreSQL's log had to say more for one of the peers; it did so for everybody. */
  readonly readsLog: boolean;
}

interface Measured extends Omit<SyncReport, 'name' | 'lines' | 'targets'> {
  readonly runs: Readonly<Partial<Record<LineName, LineRuns>>>;
}

export function summaryOf({ runs, ...rest }: Measured): SyncReport {
  const lines: Partial<Record<LineName, LineFigures>> = {};
  for (const [line, one] of Object.entries(runs)) lines[line as LineName] = lineFigures(one);
  const targets = [...loopbackTargets(lines.loopback), ...slowTargets(lines.slow4G)];
  return { name: 'sync', ...rest, lines, targets };
}

function lineFigures({ ours, oursEach, route, peers }: LineRuns): LineFigures {
  return {
    ours: ourFigures(ours),
    oursEach: ourFigures(oursEach),
    routeMs: plain(median(route)),
    peers: Object.fromEntries(Object.entries(peers).map(([name, runs]) => [name, clientFigures(runs)])),
  };
}

function clientFigures(runs: readonly SyncRun[]): ClientFigures {
  const step = (pick: (run: SyncRun) => Step | undefined): Step | undefined => {
    const found = runs.flatMap((run) => pick(run) ?? []);
    return found.length > 0 ? medianStep(found) : undefined;
  };
  return {
    pull: medianStep(runs.map(({ pull }) => pull)),
    push: medianStep(runs.map(({ push }) => push)),
    nothingNew: step(({ nothingNew }) => nothingNew),
    changed: step(({ changed }) => changed),
    writeMs: plain(median(runs.map(({ writeMs }) => writeMs))),
  };
}

function ourFigures(runs: readonly OurRun[]): OurFigures {
  const of = (pick: (run: OurRun) => number): number => plain(median(runs.map(pick)));
  const starts = runs.flatMap(({ coldStartMs }) => coldStartMs ?? []);
  return {
    ...clientFigures(runs),
    bytesPerRecord: of(({ pull }) => pull.wire.down / recordCount),
    writeP50: of((run) => run.writeP50),
    writeP95: of((run) => run.writeP95),
    writeP99: of((run) => run.writeP99),
    ...(starts.length > 0 ? { coldStartMs: plain(median(starts)) } : {}),
  };
}

const atMost = (what: string, figure: number, limit: number, unit: string): Target => ({
  ...{ what, figure: plain(figure), unit },
  wanted: `≤ ${limit}`,
  met: figure <= limit,
});
const atLeast = (what: string, figure: number, limit: number, unit: string): Target => ({
  ...{ what, figure: plain(figure), unit },
  wanted: `≥ ${limit}`,
  met: figure >= limit,
});

/** The best of those that took part. */
function best(peers: LineFigures['peers'], names: readonly string[], pick: (one: ClientFigures) => number): number {
  return Math.min(...names.flatMap((name) => (peers[name] ? [pick(peers[name])] : [])));
}

function loopbackTargets(line: LineFigures | undefined): Target[] {
  if (!line) return [];
  const { ours, peers } = line;
  const { floor } = peers;
  const pouch = best(peers, ['pouchdb', 'pouchdb-cht'], ({ pull }) => pull.ms);
  const zero = best(peers, ['zero', 'zero-packed'], ({ pull }) => pull.ms);
  const [nothing, changed] = [ours.nothingNew as Step, ours.changed as Step];
  return [
    ...(floor
      ? [
          atMost('first pull against the floor', ours.pull.ms / floor.pull.ms, 0.5, '× floor'),
          atMost('push of 1,000 against the floor', ours.push.ms / floor.push.ms, 1.5, '× floor'),
        ]
      : []),
    ...(Number.isFinite(pouch) ? [atLeast("first pull against PouchDB's best", pouch / ours.pull.ms, 6, '×')] : []),
    ...(Number.isFinite(zero) ? [atLeast("first pull against Zero's best", zero / ours.pull.ms, 1, '×')] : []),
    atMost('bytes of the first pull', ours.bytesPerRecord, 42, 'bytes per record'),
    atMost('requests of the push', ours.push.wire.requests, 3, 'requests'),
    atMost('bytes of the push on the way up', ours.push.wire.up / 1_024, 60, 'KB'),
    atMost('nothing new: requests', nothing.wire.requests, 1, 'requests'),
    atMost('nothing new: bytes both ways', both(nothing.wire), 800, 'bytes'),
    atMost('100 changed: requests', changed.wire.requests, 1, 'requests'),
    atMost('100 changed: bytes both ways', both(changed.wire) / 1_024, 7, 'KB'),
    atMost('one durable write at 10,000 records, p95', ours.writeP95, 3, 'ms'),
    ...(ours.coldStartMs === undefined
      ? []
      : [atMost('cold start offline to the first list, processor ×4 slower', ours.coldStartMs, 400, 'ms')]),
  ];
}

function slowTargets(line: LineFigures | undefined): Target[] {
  if (!line) return [];
  const { ours, routeMs } = line;
  const roundTripMs = 150;
  return [
    atMost('slow 4G: first pull', ours.pull.ms / 1_000, 3, 's'),
    atMost('slow 4G: push of 1,000', ours.push.ms / 1_000, 1.2, 's'),
    // One round trip, and what server and phone need at their most.
    atMost('slow 4G: nothing new', (ours.nothingNew as Step).ms, roundTripMs + 50, 'ms'),
    atMost('slow 4G: 100 changed', (ours.changed as Step).ms, roundTripMs + 100, 'ms'),
    atMost("slow 4G: today's route of 60 stops after the first byte", routeMs / 1_000, 1, 's'),
  ];
}

/** The report as lines for a person. */
export function linesOf({ lines, targets, missing, notes, readsLog, load, cores, reps }: SyncReport): string[] {
  const shown: string[] = [`load ${plain(load)} on ${cores} cores, medians of ${reps}`];
  if (readsLog) shown.push("PostgreSQL's log says more than a station's (wal_level logical, for Zero), for everybody");
  for (const [name, line] of Object.entries(lines)) {
    shown.push('', `${name}`, row('', ['pull ms', 'KB ↓/↑', 'req', '1,000 writes ms', 'push ms', 'KB ↑', 'req']));
    const clients = { ours: line.ours, 'ours, each noted': line.oursEach, ...line.peers };
    for (const [who, one] of Object.entries(clients)) shown.push(row(who, cells(one)));
    shown.push(`  route of 60 stops ${line.routeMs} ms after the first byte`);
  }
  shown.push('');
  for (const { what, figure, unit, wanted, met } of targets)
    shown.push(`${met ? 'met   ' : 'MISSED'} ${what}: ${figure} ${unit} (wanted ${wanted})`);
  for (const [name, note] of Object.entries(notes)) shown.push(`${name}: ${note}`);
  for (const [name, why] of Object.entries(missing)) shown.push(`without ${name}: ${why}`);
  return shown;
}

const kilobytes = (bytes: number): string => String(Math.round(bytes / 1_024));

function cells({ pull, push, writeMs, nothingNew, changed }: ClientFigures): string[] {
  const small = (step: Step | undefined): string =>
    step ? `${step.ms} ms ${step.wire.requests} req ${both(step.wire)} B` : '–';
  return [
    String(pull.ms),
    `${kilobytes(pull.wire.down)}/${kilobytes(pull.wire.up)}`,
    String(pull.wire.requests),
    String(writeMs),
    String(push.ms),
    kilobytes(push.wire.up),
    String(push.wire.requests),
    `nothing new ${small(nothingNew)}`,
    `100 changed ${small(changed)}`,
  ];
}

function row(who: string, values: readonly string[]): string {
  return `  ${who.padEnd(18)}${values.map((value, at) => value.padStart(at < 7 ? 16 : 0)).join('  ')}`;
}
