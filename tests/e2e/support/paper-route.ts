import type { Page } from 'playwright-core';
import { elder } from '#features/people/elder.record.ts';
import { routeDayIdOf, stopIdOf } from '#features/routes/stops-of.ts';
import { dayPlanActs } from '#features/routes/route-day.desk.record.ts';
import { routeActs } from '#features/routes/route.desk.record.ts';
import { placeId } from '#features/people/public.ts';
import { demoPersonId } from '#server/demo/people.ts';
import type { Office } from './office.ts';

/** What stands in one row, as it is read. */
export interface Row {
  readonly stopId: string;
  readonly place: string;
  readonly name: string;
  /** 甲 06. */
  readonly box: string;
}

/** A route that somebody walks with a sheet of paper. */
export interface PaperRoute {
  readonly routeDayId: string;
  readonly stopIds: readonly string[];
}

/** A dinner route of so many doors in two kinds of box, with `first` as its first door. */
export async function planPaperRoute(
  office: Office,
  name: string,
  login: string,
  first: string,
  doors: number,
): Promise<PaperRoute> {
  const others = (await office.tables()).where(elder, { status: 'active' }).filter(({ id }) => id !== first);
  const elderIds = [first, ...others.slice(0, doors - 1).map(({ id }) => id)];
  const fixed = { meal: 'dinner', mealPointId: null, deliverBy: '17:40' } as const;
  const routeId = await office.act(routeActs.create, { name, volunteerId: demoPersonId(login), ...fixed });
  const stops = elderIds.map((elderId, at) => ({
    ...{ elderId, variantId: placeId(at % 3 === 0 ? '丁' : '甲'), boxesDue: at % 5 === 0 ? 2 : 0 },
    note: at === 1 ? '楼门密码 8899#，给 2 盒' : null,
  }));
  await office.act(dayPlanActs.plan, { routeId, date: office.today, stops });
  return {
    routeDayId: routeDayIdOf(office.today, 'dinner', routeId),
    stopIds: elderIds.map((elderId) => stopIdOf(office.today, 'dinner', elderId)),
  };
}

/** The rows of the sheet that is shown, and what a printer would make of them. */
export function readSheet(page: Page): Promise<{
  readonly number: string;
  readonly rows: readonly Row[];
  /** Sizes in points of everything in the rows that is read, smallest first. */
  readonly points: readonly number[];
  readonly text: string;
  /** Rows stay whole, and the head comes again on each page. */
  readonly breaks: readonly string[];
}> {
  return page.evaluate(() => {
    const table = document.querySelector('[data-sheet]') as HTMLElement;
    const text = (row: Element, at: number): string =>
      (row.children[at]?.textContent ?? '').replace(/\s+/g, ' ').trim();
    const rows = [...table.querySelectorAll('tbody tr')];
    const read = rows
      .flatMap((row) => [...row.querySelectorAll('*')])
      .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
      // The sign of a box is a drawing with a letter in it.
      .filter((one) => !one.classList.contains('glyph'));
    const head = table.querySelector('thead') as HTMLElement;
    return {
      number: table.dataset['sheet'] ?? '',
      rows: rows.map((row) => ({
        stopId: (row as HTMLElement).dataset['stop'] ?? '',
        place: text(row, 0),
        name: row.children[2]?.querySelector('b')?.textContent ?? '',
        box: text(row, 3),
      })),
      points: read.map((one) => (Number.parseFloat(getComputedStyle(one).fontSize) * 3) / 4).sort((a, b) => a - b),
      text: document.querySelector('.a4')?.textContent ?? '',
      breaks: [getComputedStyle(head).display, ...new Set(rows.map((row) => getComputedStyle(row).breakInside))],
    };
  });
}

/** The rows of the table in the office, in its order. */
export function readOfficeRows(page: Page): Promise<readonly Row[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('tr[data-stop]')].map((row) => ({
      stopId: row.dataset['stop'] ?? '',
      place: (row.children[0]?.textContent ?? '').trim(),
      name: (row.querySelector('th a')?.textContent ?? '').trim(),
      box: (row.querySelector('.box .nowrap')?.textContent ?? '').trim(),
    })),
  );
}

/** How many pages a printer would put out. */
export async function pagesOf(page: Page): Promise<number> {
  const bytes = await page.pdf({ preferCSSPageSize: true });
  return bytes.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
