import type { Sql } from '#server/postgres/connect.ts';
import { demoPersonId } from '#server/demo/people.ts';
import type { ScreenKind } from './measure-parts.ts';

/** Widths that screens of this sort are looked at with. */
export const widths: Readonly<Record<ScreenKind, readonly number[]>> = {
  field: [360, 320],
  kitchen: [1024, 360],
  office: [1366, 1024, 360],
};

/** A screen as one of its users comes to it. */
export interface Screen {
  readonly path: string;
  readonly kind: ScreenKind;
  /** Name with which they sign in; null for somebody nobody knows yet. */
  readonly who: string | null;
  /** Keys pressed one after the other before the screen is looked at, in both languages. */
  readonly presses?: readonly Words[];
}

/** What stands on a key. */
type Words = readonly [zh: string, en: string];
const help: Words = ['求助', 'Help'];
const somethingElse: Words = ['其他情况', 'Something else'];
const nobodyAnswered: Words = ['没人应门', 'Nobody answered'];
const handOver: Words = ['送达', 'Handed over'];
const call: Words = ['电话', 'Call'];
const map: Words = ['地图', 'Map'];
const scan: Words = ['扫码', 'Scan the code'];
const find: Words = ['找人、找门牌', 'Find'];

/** Every screen of the app with a record of the demo station where it needs one. */
export async function screensOf(sql: Sql): Promise<readonly Screen[]> {
  const ids = await idsOf(sql);
  const stop = ids.day && ids.stop && `/route/${ids.day}/${ids.stop}`;
  const silent = ids.day && ids.silent && `/route/${ids.day}/${ids.silent}`;
  const field = (who: string, ...paths: readonly (string | null)[]): Screen[] =>
    paths.flatMap((path) => (path === null ? [] : { path, kind: 'field' as const, who }));
  const office = (who: string, ...paths: readonly (string | null)[]): Screen[] =>
    paths.flatMap((path) => (path === null ? [] : { path, kind: 'office' as const, who }));
  return [
    { path: '/join', kind: 'field', who: null },
    ...opened({ path: '/join', kind: 'field', who: null }, [scan]),
    { path: '/sign-in', kind: 'field', who: null },
    ...field('zhouguilan', '/', '/me', '/me/unsent', '/me/install', '/more', '/route'),
    ...field('zhouguilan', ids.day && `/route/${ids.day}`, stop),
    ...field('zhouguilan', ids.day && `/route/${ids.day}/finish`, ids.check && `/check/${ids.check}`),
    ...opened({ path: stop, kind: 'field', who: 'zhouguilan' }, [call], [map], [somethingElse], [help]),
    ...field('hexiao', '/visit', ids.due && `/visit/${ids.due}`),
    ...field('wangqian', '/escort', ids.escort && `/escort/${ids.escort}`),
    ...['/', '/canteen', '/canteen/dine-in', '/canteen/print'].map((path) => ({
      path,
      kind: 'kitchen' as const,
      who: 'canteen',
    })),
    ...office('liangjing', '/office', '/office/people', ids.elder && `/office/people/${ids.elder}`, '/office/routes'),
    ...office('liangjing', '/office/routes/standing', '/office/visits', '/office/escorts', '/office/volunteers'),
    ...office('liangjing', '/office/review', '/office/import', ids.day && `/office/routes/${ids.day}/paper`),
    ...office('liangjing', '/office/routes/print', '/office/routes/labels', '/office/visits/print'),
    ...opened({ path: '/office', kind: 'office', who: 'liangjing' }, [find]),
    // Last, since they change the day: a door that is done, and one behind which nobody answered.
    ...opened({ path: stop, kind: 'field', who: 'zhouguilan' }, [handOver]),
    ...opened({ path: silent, kind: 'field', who: 'zhouguilan' }, [somethingElse, nobodyAnswered]),
    ...field('zhouguilan', ids.day && `/route/${ids.day}`, ids.day && `/route/${ids.day}/finish`),
  ];
}

/** The same screen after each of these ways of pressing keys. */
function opened(
  screen: Omit<Screen, 'path'> & { path: string | null },
  ...ways: readonly (readonly Words[])[]
): Screen[] {
  const { path } = screen;
  return path === null ? [] : ways.map((presses) => ({ ...screen, path, presses }));
}

interface Ids {
  readonly day: string | null;
  readonly stop: string | null;
  /** The third door of the route, alone behind its entrance. */
  readonly silent: string | null;
  readonly check: string | null;
  readonly due: string | null;
  readonly escort: string | null;
  readonly elder: string | null;
}

async function idsOf(sql: Sql): Promise<Ids> {
  const walker = demoPersonId('zhouguilan');
  const visitor = demoPersonId('hexiao');
  const one = async (rows: PromiseLike<readonly { readonly id: string }[]>): Promise<string | null> =>
    (await rows)[0]?.id ?? null;
  const day = await one(sql<{ id: string }[]>`
    select d.id from route_day d where d.volunteer_id = ${walker} and d.date = (now() at time zone 'Asia/Shanghai')::date`);
  return {
    day,
    stop: await one(sql<{ id: string }[]>`
      select s.id from stop s join diet_profile p on p.elder_id = s.elder_id
      where s.route_day_id = ${day} and s.active order by s."order" limit 1`),
    silent: await one(sql<{ id: string }[]>`
      select id from stop where route_day_id = ${day} and active order by "order" offset 2 limit 1`),
    check: await one(sql<{ id: string }[]>`select id from safety_check where opened_by = ${walker} limit 1`),
    due: await one(
      sql<{ id: string }[]>`select elder_id as id from visit_plan where visitor_id = ${visitor} order by id limit 1`,
    ),
    escort: await one(sql<{ id: string }[]>`
      select id from escort where first_person = ${demoPersonId('wangqian')} or second_person = ${demoPersonId('wangqian')} limit 1`),
    elder: await one(sql<{ id: string }[]>`select elder_id as id from diet_profile order by id limit 1`),
  };
}
