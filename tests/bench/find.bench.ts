import { pinyinReader } from '#features/people/public.ts';
import type { Findable } from '#features/find/find.rules.ts';
import { FindIndex, type Source } from '#features/find/find-index.rules.ts';
import { strokesOnScreen, type Stroke } from './find-screen.ts';

/**
 * `npm run bench -- find`: what a key stroke costs in the search of the office over 10,000 people: alone, with nothing
 * of a screen, and in the built app in Chromium, up to the frame that shows what was found. The index is made in pieces
 * while nobody types, so that its making is counted apart.
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
  '6017',
  '19900005678',
  'a',
  '1',
  'zgl 302',
];

const surnames = [...'王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗'];
const given = [...'桂兰秀英玉珍淑芬建国志强德福春梅月娥长庚素云'];
const estates = ['鸿雁里', '银杏苑', '樟树里小区', '梅岭小区', '井湾里'];

interface Figures {
  readonly strokes: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly worst: Stroke;
}
export interface FindReport {
  readonly people: number;
  readonly makeMs: number;
  readonly renewMs: number;
  readonly alone: Figures;
  /** In Chromium, from the typed sign to the frame that shows what was found. */
  readonly screen: Figures;
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
    .map((query) => ({ query, ms: timed(() => void index.find(query, atMost)) }));
  const alone = figuresOf(strokes);
  tell(`${people} people: index ${makeMs.toFixed(0)} ms in pieces, one change ${renewMs.toFixed(1)} ms`);
  tell(`a key stroke alone: ${wordsFor(alone)}`);
  const screen = figuresOf(await strokesOnScreen(rows, typed));
  tell(`a key stroke in Chromium, up to the frame: ${wordsFor(screen)}`);
  return { people, makeMs, renewMs, alone, screen };
}

function figuresOf(strokes: readonly Stroke[]): Figures {
  const sorted = [...strokes].sort((a, b) => a.ms - b.ms);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] as Stroke;
  return { strokes: sorted.length, medianMs: at(0.5).ms, p99Ms: at(0.99).ms, worst: at(1) };
}

function wordsFor({ medianMs, p99Ms, worst }: Figures): string {
  const ms = (value: number): string => value.toFixed(1);
  return `median ${ms(medianMs)} ms, p99 ${ms(p99Ms)} ms, worst ${ms(worst.ms)} ms ("${worst.query}"); target 50`;
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
