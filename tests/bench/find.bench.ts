import { pinyinReader } from '#features/people/public.ts';
import type { Findable } from '#features/find/find.rules.ts';
import { FindIndex, type Source } from '#features/find/find-index.rules.ts';

/**
 * `npm run bench -- find`: what a key stroke costs in the search of the office over 10,000 people, with nothing of a
 * screen. The index is made in pieces while nobody types, so that its making is counted apart.
 */
const people = 10_000;
const rounds = 20;
const atMost = { elder: 8, person: 6, route: 4, act: 5, page: 4 };
/** What is typed, letter by letter, for each way of being found. */
const typed = [
  '周桂兰',
  'zhouguilan',
  'zgl',
  'zhougl',
  '鸿雁里4栋',
  '4栋302',
  '5678',
  '19900005678',
  'a',
  '1',
  'zgl 302',
];

const surnames = [...'王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗'];
const given = [...'桂兰秀英玉珍淑芬建国志强德福春梅月娥长庚素云'];
const estates = ['鸿雁里', '银杏苑', '樟树里小区', '梅岭小区', '井湾里'];

export interface FindReport {
  readonly people: number;
  readonly makeMs: number;
  readonly renewMs: number;
  readonly strokes: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly worst: { readonly query: string; readonly ms: number };
}

export async function benchFind(tell: (line: string) => void): Promise<FindReport> {
  const pinyinOf = await pinyinReader();
  const rows = Array.from({ length: people }, (_none, at) => personAt(at, pinyinOf));
  const sources = (): Source[] => rows.map((row) => ({ key: row.id, from: [row], make: () => row }));
  const index = new FindIndex();
  const makeMs = timed(() => {
    index.take(sources());
    index.work(people);
  });
  rows[0] = { ...(rows[0] as Findable), name: '新名字' };
  const renewMs = timed(() => {
    index.take(sources());
    index.work(people);
  });
  const queries = typed.flatMap((query) => Array.from(query, (_sign, at) => query.slice(0, at + 1)));
  for (const query of queries) index.find(query, atMost);
  const strokes = Array.from({ length: rounds }, () => queries)
    .flat()
    .map((query) => ({ query, ms: timed(() => void index.find(query, atMost)) }))
    .sort((a, b) => a.ms - b.ms);
  const at = (part: number) => strokes[Math.floor((strokes.length - 1) * part)] as { query: string; ms: number };
  const report = {
    ...{ people, makeMs, renewMs, strokes: strokes.length },
    ...{ medianMs: at(0.5).ms, p99Ms: at(0.99).ms, worst: at(1) },
  };
  tell(`${people} people: index ${makeMs.toFixed(0)} ms in pieces, one change ${renewMs.toFixed(1)} ms`);
  tell(
    `a key stroke: median ${report.medianMs.toFixed(1)} ms, p99 ${report.p99Ms.toFixed(1)} ms, worst ${at(1).ms.toFixed(1)} ms ("${at(1).query}"); target 50`,
  );
  return report;
}

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

function personAt(at: number, pinyinOf: (name: string) => string | null): Findable {
  const pick = <T>(from: readonly T[], step: number): T => from[Math.floor(at / step) % from.length] as T;
  const name = pick(surnames, 1) + pick(given, 3) + (at % 5 === 0 ? '' : pick(given, 7));
  const place = `${pick(estates, 11)} ${(at % 20) + 1}栋 ${(at % 3) + 1}-${100 * ((at % 6) + 1) + (at % 4) + 1}`;
  return {
    ...{ sort: 'elder', id: String(at), name, sounds: pinyinOf(name), words: [], ended: at % 9 === 0 },
    places: [place, `文源路 ${at % 300} 号${place} 室`],
    kin: [
      `138${String(at * 104_729)
        .padStart(8, '0')
        .slice(-8)}`,
    ],
    phones: [`199${String(at * 7919).padStart(8, '0')}`, `0731-7${String(at).padStart(7, '0')}`],
  };
}
