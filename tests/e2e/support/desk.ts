import type { Page } from 'playwright-core';
import { press } from './browsers.ts';
import { coordinator, type Office } from './office.ts';
import { until } from './until.ts';

/**
 * The coordinator at the desktop, with the keys of the office's pages and nothing else. Every edit ends when the centre
 * has taken one act more, so that the next page may be loaded at once.
 */
export class Desk {
  constructor(
    readonly page: Page,
    readonly url: string,
    readonly office: Office,
  ) {}

  get #form() {
    return this.page.locator('dialog[open]');
  }

  #stop(stopId: string) {
    return this.page.locator(`tr[data-stop="${stopId}"]`);
  }

  async #edit(what: string, edit: () => Promise<unknown>, acts = 1): Promise<void> {
    const before = await this.#taken();
    await edit();
    await until(`the centre to have: ${what}`, async () => (await this.#taken()) >= before + acts);
  }

  async #taken(): Promise<number> {
    const { sql } = this.office;
    const [row] = await sql<{ n: number }[]>`select count(*)::int as n from act where person_id = ${coordinator}`;
    return row?.n ?? 0;
  }

  /** Opens the routes of today at this one. */
  async openRoute(name: string): Promise<void> {
    if (!this.page.url().endsWith('/office/routes')) await this.page.goto(`${this.url}/office/routes`);
    await this.page.getByRole('rowheader', { name, exact: true }).click();
    await this.page.getByRole('heading', { name }).waitFor();
  }

  moveStop(stopId: string, toRoute: string): Promise<void> {
    const where = this.#stop(stopId).getByLabel('挪到哪条路线');
    return this.#edit('a stop moved', () => where.selectOption({ label: toRoute }));
  }

  takeOff(stopId: string): Promise<void> {
    return this.#edit('a stop taken off', () => this.#stop(stopId).getByRole('button', { name: '去掉' }).click());
  }

  changeBox(stopId: string, box: string): Promise<void> {
    return this.#edit('another box', () => this.#stop(stopId).getByLabel('的餐').selectOption({ label: box }));
  }

  /** Up by the key in the row, as often as said. */
  async moveUp(stopId: string, times: number): Promise<void> {
    for (let done = 0; done < times; done += 1)
      await this.#edit('a stop moved up', () => this.#stop(stopId).getByRole('button', { name: '往上' }).click());
  }

  /** Down by the keyboard. */
  async moveDown(stopId: string): Promise<void> {
    await this.#stop(stopId).focus();
    await this.#edit('a stop moved down', () => this.page.keyboard.press('Alt+ArrowDown'));
  }

  async addStop(elderName: string): Promise<void> {
    await this.page.getByLabel('加一位：姓名或拼音').fill(elderName);
    await this.#edit('a stop added', () => this.page.getByRole('button', { name: elderName }).last().click());
  }

  giveRoute(name: string, person: string): Promise<void> {
    const who = this.page.getByLabel(`${name}，谁来送`);
    return this.#edit('a route given to another', () => who.selectOption({ label: person }));
  }

  /** Opens one of the forms of an elder's file, fills it in and keeps it. */
  async #file(elderId: string, key: string, fill: () => Promise<unknown>): Promise<void> {
    const path = `/office/people/${encodeURIComponent(elderId)}`;
    if (!this.page.url().endsWith(path)) await this.page.goto(`${this.url}${path}`);
    await press(this.page, key);
    await fill();
    await this.#edit(key, () => this.#form.getByRole('button', { name: '记下' }).click());
    await this.#form.waitFor({ state: 'detached' });
  }

  setAccess(elderId: string, note: string, code: string): Promise<void> {
    return this.#file(elderId, '改进门办法', async () => {
      await this.#form.getByLabel('怎么进门').fill(note);
      await this.#form.getByLabel('门禁密码').fill(code);
    });
  }

  changeDiet(elderId: string, diet: string): Promise<void> {
    return this.#file(elderId, '改饮食', () => this.#form.getByRole('button', { name: diet, exact: true }).click());
  }

  /** This one person in place of everybody who was to be called before. */
  setContact(elderId: string, name: string, relation: string, phone: string): Promise<void> {
    return this.#file(elderId, '改联系人', async () => {
      const remove = this.#form.getByRole('button', { name: '去掉这位' });
      while ((await remove.count()) > 0) await remove.first().click();
      await this.#form.getByRole('button', { name: '加一位' }).click();
      await this.#form.getByLabel('姓名').fill(name);
      await this.#form.getByLabel('关系').fill(relation);
      await this.#form.getByLabel('电话').fill(phone);
      await this.#form.getByRole('button', { name: '有钥匙' }).click();
    });
  }

  awayFrom(elderId: string, from: string, why: string): Promise<void> {
    return this.#file(elderId, '记不在家', async () => {
      await this.#form.getByRole('button', { name: why }).click();
      await this.#form.getByLabel('从哪天起').fill(from);
    });
  }

  async changeTripTo(elderName: string, startTime: string): Promise<void> {
    await this.page.goto(`${this.url}/office/escorts`);
    const row = this.page.getByRole('row').filter({ hasText: elderName });
    await row.getByRole('button', { name: '改时间、地点' }).click();
    await this.#form.getByLabel('几点出发').fill(startTime);
    await this.#edit('another time', () => this.#form.getByRole('button', { name: '定了' }).click());
  }

  async giveVisits(elderName: string, person: string): Promise<void> {
    await this.page.goto(`${this.url}/office/visits`);
    const who = this.page.getByRole('row').filter({ hasText: elderName }).getByRole('combobox');
    await this.#edit('visits given to another', () => who.selectOption({ label: person }));
  }
}
