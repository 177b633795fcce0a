import type { Sql } from '#server/postgres/connect.ts';
import { demoPersonId } from '#server/demo/people.ts';
import type { ScreenKind } from './measure-parts.ts';

/** A screen as one of its users comes to it. */
export interface Screen {
  readonly path: string;
  readonly kind: ScreenKind;
  /** Name with which they sign in; null for somebody nobody knows yet. */
  readonly who: string | null;
}

/** Every screen of the app with a record of the demo station where it needs one. */
export async function screensOf(sql: Sql): Promise<readonly Screen[]> {
  const ids = await idsOf(sql);
  const field = (who: string, ...paths: readonly (string | null)[]): Screen[] =>
    paths.flatMap((path) => (path === null ? [] : { path, kind: 'field' as const, who }));
  const office = (who: string, ...paths: readonly (string | null)[]): Screen[] =>
    paths.flatMap((path) => (path === null ? [] : { path, kind: 'office' as const, who }));
  return [
    { path: '/join', kind: 'field', who: null },
    { path: '/sign-in', kind: 'field', who: null },
    ...field('zhouguilan', '/', '/me', '/me/unsent', '/route'),
    ...field('zhouguilan', ids.day && `/route/${ids.day}`, ids.day && `/route/${ids.day}/${ids.stop}`),
    ...field('zhouguilan', ids.day && `/route/${ids.day}/finish`, ids.check && `/check/${ids.check}`),
    ...field('pengjuxiang', '/visit', ids.due && `/visit/${ids.due}`),
    ...field('wangqian', '/escort', ids.escort && `/escort/${ids.escort}`),
    ...['/', '/canteen', '/canteen/dine-in'].map((path) => ({ path, kind: 'kitchen' as const, who: 'canteen' })),
    ...office('liangjing', '/office', '/office/people', ids.elder && `/office/people/${ids.elder}`, '/office/routes'),
    ...office('liangjing', '/office/routes/standing', '/office/visits', '/office/escorts', '/office/volunteers'),
    ...office('liangjing', '/office/review', '/office/import'),
  ];
}

interface Ids {
  readonly day: string | null;
  readonly stop: string | null;
  readonly check: string | null;
  readonly due: string | null;
  readonly escort: string | null;
  readonly elder: string | null;
}

async function idsOf(sql: Sql): Promise<Ids> {
  const walker = demoPersonId('zhouguilan');
  const visitor = demoPersonId('pengjuxiang');
  const one = async (rows: PromiseLike<readonly { readonly id: string }[]>): Promise<string | null> =>
    (await rows)[0]?.id ?? null;
  const day = await one(sql<{ id: string }[]>`
    select d.id from route_day d where d.volunteer_id = ${walker} and d.date = (now() at time zone 'Asia/Shanghai')::date`);
  return {
    day,
    stop: await one(sql<{ id: string }[]>`
      select s.id from stop s join diet_profile p on p.elder_id = s.elder_id
      where s.route_day_id = ${day} and s.active order by s."order" limit 1`),
    check: await one(sql<{ id: string }[]>`select id from safety_check where opened_by = ${walker} limit 1`),
    due: await one(
      sql<{ id: string }[]>`select elder_id as id from visit_plan where visitor_id = ${visitor} order by id limit 1`,
    ),
    escort: await one(sql<{ id: string }[]>`
      select id from escort where first_person = ${demoPersonId('wangqian')} or second_person = ${demoPersonId('wangqian')} limit 1`),
    elder: await one(sql<{ id: string }[]>`select elder_id as id from diet_profile order by id limit 1`),
  };
}
