import type { CDPSession, Page } from 'playwright-core';
import { safetyCheckActs } from '#features/safety/safety-check.record.ts';
import { phoneSize, signIn, Browser, waitFor } from '../e2e/support/browsers.ts';
import { Office, password } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { until } from '../e2e/support/until.ts';
import { RouteDays, type SmallDay } from '../support/route-days.ts';
import { randomOf, type Random } from '../sync/random.ts';
import { Hand } from './hand.ts';
import { judge, type Judgement } from './judge.ts';
import { look, spotOf, type Seen } from './look.ts';
import { Person, type Meant } from './person.ts';

export interface FingerOptions {
  readonly days: number;
  readonly seed: string;
  /** Phones at the same time, each with a volunteer of its own. */
  readonly lanes: number;
  readonly tell: (line: string) => void;
}

export interface FingerReport {
  readonly days: number;
  readonly tasks: number;
  readonly wrong: readonly string[];
  readonly irreversible: readonly string[];
  readonly taps: number;
  readonly slips: Readonly<Record<string, number>>;
  readonly minutes: number;
}

const volunteers = ['zhouguilan', 'wujianping', 'pengjuxiang', 'hexiao', 'wangqian', 'zoujie'] as const;
/** Nobody needs so many taps for four doors; whoever does is lost in the screens. */
const mostTaps = 120;

/** Days of a small route worked by an unsteady hand on the built app, each judged from the database. */
export async function workDays(options: FingerOptions): Promise<FingerReport> {
  const server = await RunningStation.make();
  const office = await Office.open(server.database.url);
  try {
    const days = await RouteDays.open(office);
    for (const login of volunteers.slice(2)) await office.grant(login, ['deliverer']);
    await server.start();
    return await inLanes(options, server, days);
  } finally {
    await office.close();
    await server.remove();
  }
}

async function inLanes(options: FingerOptions, server: RunningStation, days: RouteDays): Promise<FingerReport> {
  const judged: Judgement[] = [];
  const hands: Hand[] = [];
  let begun = 0;
  const started = performance.now();
  const lane = async (login: string): Promise<void> => {
    const browser = Browser.phone(server.folder, login);
    try {
      const page = await browser.open();
      await signIn(page, server.url, login, password);
      const cdp = await browser.context.newCDPSession(page);
      await cdp.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
      while (begun < options.days) {
        const number = (begun += 1);
        const random = randomOf(`${options.seed}/${number}`);
        const hand = new Hand(cdp, random.fork('hand'), phoneSize);
        hands.push(hand);
        const of = { page, cdp, hand, random, days, login, tell: options.tell, url: server.url };
        judged.push(await workDay(of, number));
      }
    } finally {
      await browser.close();
    }
  };
  // A lane that fails waits for the others: their browsers lie in the folder that is taken away afterwards.
  for (const one of await Promise.allSettled(volunteers.slice(0, options.lanes).map(lane)))
    if (one.status === 'rejected') throw one.reason;
  const slips = (kind: keyof Hand['slips']): number => hands.reduce((sum, hand) => sum + hand.slips[kind], 0);
  return {
    days: judged.length,
    tasks: judged.reduce((sum, { tasks }) => sum + tasks, 0),
    wrong: judged.flatMap(({ wrong }) => wrong),
    irreversible: judged.flatMap(({ irreversible }) => irreversible),
    taps: hands.reduce((sum, { taps }) => sum + taps, 0),
    slips: { double: slips('double'), palmBefore: slips('palmBefore'), palmWith: slips('palmWith') },
    minutes: (performance.now() - started) / 60_000,
  };
}

interface Lane {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly hand: Hand;
  readonly random: Random;
  readonly days: RouteDays;
  readonly login: string;
  readonly url: string;
  readonly tell: (line: string) => void;
}

async function workDay(lane: Lane, number: number): Promise<Judgement> {
  const { page, days, login, random, tell } = lane;
  const day = await days.make(login);
  const drawn = random.fork('meant');
  const meant = new Map<string, Meant>(
    day.doors.map(({ stopId }) => [stopId, drawn.weighted({ handedOver: 14, neighbour: 2, refused: 2, found: 2 })]),
  );
  await waitFor(page, day.name);
  const person = new Person(day, meant, random.fork('person'));
  const story = await walk(lane, person);
  await handedOverToCentre(page).catch(async (error: unknown) => {
    const shown = await page.locator('body').innerText({ timeout: 5000 });
    throw new Error([`day ${number}`, ...story, page.url(), shown].join('\n    '), { cause: error });
  });
  const judgement = await judge(days.office.sql, day, meant);
  const bad = [...judgement.wrong, ...judgement.irreversible];
  tell(`day ${number}: ${bad.length === 0 ? 'right' : bad.join('; ')}`);
  if (bad.length > 0) for (const line of story) tell(`    ${line}`);
  await days.takeAway(day);
  await page.goto(lane.url);
  return judgement;
}

/** The person looks and taps until they put the phone away; gives the story of the day. */
async function walk({ page, hand, days }: Lane, person: Person): Promise<readonly string[]> {
  const story: string[] = [];
  for (let taps = 0; taps < mostTaps; taps += 1) {
    const seen = await look(page);
    const wanted = person.next(seen);
    if (wanted === null) return story;
    if (person.stuck) await endByOffice(days.office, person.day);
    person.stuck = false;
    const spot = await spotOf(page, wanted);
    if (!spot) {
      story.push(`${told(seen)} → ${wanted.words} is not there`);
      continue;
    }
    const slips = await hand.tap(spot);
    story.push(
      `${told(seen)} → ${wanted.words || wanted.path} (${Math.round(spot.x)},${Math.round(spot.y)}) at ${slips.join(', ')}`,
    );
  }
  return [...story, 'gave up'];
}

function told(seen: Seen): string {
  const end = seen.path.split(/[/:]/).at(-1) ?? '';
  return [end, seen.sheet && `sheet ${seen.sheet}`, seen.undo && `bar ${seen.undo}`].filter(Boolean).join(' | ');
}

/** What the volunteer's screens do not end is ended by the office, after a call, so that the day can go on. */
async function endByOffice(office: Office, { doors }: SmallDay): Promise<void> {
  const stopIds = doors.map(({ stopId }) => stopId);
  const open = await office.sql<{ id: string }[]>`select id from safety_check
    where state = 'open' and stop_id in ${office.sql(stopIds)}`;
  for (const { id } of open)
    await office.act(safetyCheckActs.close, { checkId: id, finding: 'seen', note: '志愿者打来：按错了' });
}

/** Everything that was done is with the centre. */
async function handedOverToCentre(page: Page): Promise<void> {
  await until('the centre to have the day', async () => {
    const line = await page.locator('.status').first().innerText();
    return line.includes('中心已收到') || undefined;
  });
}
