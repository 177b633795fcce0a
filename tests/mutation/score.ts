/** What came of the mutants of one group. */
export interface Score {
  readonly group: string;
  /** Mutants that were run, or that no test runs through. */
  readonly mutants: number;
  /** A test failed, or something ran without end (told by a count, not by a clock). */
  readonly killed: number;
  /** Not counted as noticed: on a busy machine time alone says little. */
  readonly timedOut: number;
  readonly survived: number;
  /** Run through by no test. */
  readonly notRun: number;
  /** Could not be judged: what happened outside of any test. Not counted at all. */
  readonly broken: number;
  /** All mutants there are, when only a sample of them was run. */
  readonly of: number | null;
  /** Killed of all mutants (percent). */
  readonly score: number;
  /** Where the score of all lies with 95 % certainty when only a sample was run. */
  readonly between: readonly [number, number] | null;
}

interface Mutant {
  readonly status: string;
  readonly statusReason?: string;
}

export interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

const endless = (reason = ''): boolean => reason.startsWith('Hit limit reached');
const tookTooLong = (reason = ''): boolean => /(Test|Hook) timed out in \d+ms/.test(reason);
const isAside = ({ statusReason }: Mutant): boolean => statusReason === 'not in the sample';

export function scoreOf(group: string, { files }: Report): Score {
  const all = Object.values(files).flatMap(({ mutants }) => mutants);
  const count = (is: (mutant: Mutant) => boolean): number => all.filter(is).length;
  const byClock = ({ status, statusReason }: Mutant): boolean =>
    (status === 'Timeout' && !endless(statusReason)) || (status === 'Killed' && tookTooLong(statusReason));
  const timedOut = count(byClock);
  const killed = count((one) => ['Killed', 'Timeout'].includes(one.status) && !byClock(one));
  const survived = count(({ status }) => status === 'Survived');
  const notRun = count(({ status }) => status === 'NoCoverage');
  const broken = count(({ status }) => status === 'RuntimeError' || status === 'CompileError');
  const mutants = killed + timedOut + survived + notRun;
  const aside = count(isAside);
  return {
    ...{ group, mutants, killed, timedOut, survived, notRun, broken },
    of: aside > 0 ? mutants + broken + aside : null,
    score: percent(mutants === 0 ? 0 : killed / mutants),
    between: aside > 0 ? interval(killed, mutants) : null,
  };
}

/** The interval of Wilson for a share that was seen `found` times among `count` (percent). */
export function interval(found: number, count: number): readonly [number, number] {
  if (count === 0) return [0, 100];
  const z = 1.96;
  const share = found / count;
  const middle = share + z ** 2 / (2 * count);
  const reach = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  const width = 1 + z ** 2 / count;
  return [percent((middle - reach) / width), percent((middle + reach) / width)];
}

const percent = (share: number): number => Math.round(share * 1_000) / 10;

export function wordsOf(one: Score, wanted: number): string {
  const sample = one.of === null ? '' : ` in a sample of ${one.of}; with 95 % certainty ${one.between?.join(' to ')} %`;
  const aside = one.broken > 0 ? `, ${one.broken} could not be judged` : '';
  return (
    `${one.group}: ${one.score} % (wanted ${wanted})${sample}: ${one.mutants} mutants, ${one.killed} killed, ` +
    `${one.survived} survived, ${one.notRun} in no test, ${one.timedOut} timed out and not counted as killed${aside}`
  );
}
