import type { Row } from '#engine/kind.ts';
import type { Findable } from '#features/find/find.rules.ts';
import { registry } from '#kinds';
import { Browser, signIn, waitFor } from '../e2e/support/browsers.ts';
import { Office, password, stationId } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { until } from '../e2e/support/until.ts';

/** Who is looked for, as far as a record of theirs has it. */
export type Sought = Pick<Findable, 'id' | 'name' | 'sounds' | 'places' | 'phones' | 'kin' | 'ended'>;

export interface Stroke {
  readonly query: string;
  /** From the sign that was typed to the frame that shows what was found (ms). */
  readonly ms: number;
}

const rowsPerWrite = 500;

/** The search of the office in the built app: every sign is typed in Chromium by a coordinator who holds all of these people. */
export async function strokesOnScreen(people: readonly Sought[], typed: readonly string[]): Promise<readonly Stroke[]> {
  const server = await RunningStation.make();
  const office = await Office.open(server.database.url);
  const desktop = Browser.desktop(server.folder, 'desktop');
  try {
    await bringIn(office, people);
    await server.start();
    const page = await desktop.open();
    await signIn(page, server.url, 'liangjing', password);
    await page.goto(`${server.url}/office/people`);
    await waitFor(page, `共 ${people.filter(({ ended }) => !ended).length}`);
    await page.keyboard.press('/');
    const field = page.getByRole('combobox', { name: '找人、找门牌' });
    const last = people.at(-1) as Sought;
    await field.fill((last.phones[0] as string).slice(-8));
    // The entries are made while nobody types; the last one is there when all are.
    await until('everybody to be findable', async () => (await shownNames(desktop)).includes(last.name));
    await page.evaluate(watch);
    const strokes: Stroke[] = [];
    for (const query of typed) {
      await field.fill('');
      await page.evaluate(takeMs);
      for (const [at, sign] of [...query].entries()) {
        if (/[ -~]/.test(sign)) await page.keyboard.press(sign === ' ' ? 'Space' : sign);
        else await page.keyboard.insertText(sign);
        const ms = await until('the frame', async () => (await page.evaluate(takeMs)) ?? false);
        strokes.push({ query: [...query].slice(0, at + 1).join(''), ms });
      }
    }
    return strokes;
  } finally {
    await desktop.close();
    await office.close();
    await server.remove();
  }
}

const shownNames = ({ page }: Browser): Promise<string[]> => page.locator('[role=option] b').allInnerTexts();

interface Watched {
  ms: number | null;
}

/** Runs in the page: notes how long after a sign the frame with its answer was on the screen. */
function watch(): void {
  const watched: Watched = { ms: null };
  (globalThis as unknown as { watched: Watched }).watched = watched;
  const typedAt = (event: Event): void => {
    const from = event.timeStamp;
    requestAnimationFrame(() => {
      // What comes after a frame is drawn.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (watched.ms = performance.now() - from);
      port2.postMessage(null);
    });
  };
  addEventListener('input', typedAt, true);
}

function takeMs(): number | null {
  const { watched } = globalThis as unknown as { watched: Watched };
  const { ms } = watched;
  watched.ms = null;
  return ms;
}

async function bringIn(office: Office, people: readonly Sought[]): Promise<void> {
  const communityId = 'community-1';
  await put(office, 'community', [{ id: communityId, name: '文源社区' }]);
  const rows = people.map(({ id, name, sounds, places, phones, ended }) => ({
    ...{ id: `elder-${id}`, name, pinyin: sounds, communityId, address: places[0], phones, mayLeaveAtDoor: false },
    ...{ categories: ['高龄'], living: '独居', status: ended ? 'ended' : 'active' },
  }));
  const family = people.map(({ id, kin }) => ({
    ...{ id: `contact-${id}`, elderId: `elder-${id}`, order: 1, name: `刘敏${id}`, relation: '女儿' },
    ...{ phone: kin[0], hasKey: false },
  }));
  for (const [kind, all] of [
    ['elder', rows],
    ['contact', family],
  ] as const)
    for (let from = 0; from < all.length; from += rowsPerWrite)
      await put(office, kind, all.slice(from, from + rowsPerWrite));
}

async function put(office: Office, kind: string, rows: readonly Row[]): Promise<void> {
  const empty = Object.fromEntries(Object.keys(registry.kind(kind).fields).map((field) => [field, null]));
  await office.station.store.transaction(stationId, 'push', async (tx) => {
    const { version } = await tx.lockClock();
    const changes = rows.map((row) => ({ kind, id: row.id, row: { ...empty, ...row } }));
    await tx.write({ version: version + 1, rows: changes, acts: [], clashes: [] });
  });
}
