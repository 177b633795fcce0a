import { Browser, waitForWorker } from '../e2e/support/browsers.ts';
import { Keyboard } from './keyboard.ts';
import type { Finding } from './measure-parts.ts';
import { PageAt } from './page-at.ts';
import type { WalkTask } from './walk-tasks.ts';

export interface Walked {
  readonly task: string;
  readonly steps: number;
  readonly found: readonly (Finding & { readonly screen: string })[];
  /** Why the task could not be done; null when it was. */
  readonly stuck: string | null;
}

/** Does one task with the keyboard alone, from signing in, and goes through the pages around it from end to end. */
export async function walk(url: string, folder: string, password: string, task: WalkTask): Promise<Walked> {
  const browser = new Browser(`${folder}/walk-${task.name}`, { width: task.width, height: 768 });
  const page = await browser.open();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const keys = new Keyboard(new PageAt(page, url));
  let stuck: string | null = null;
  try {
    await signIn(keys, task.who, password);
    await task.work(keys);
    for (const path of task.rounds) {
      await keys.at.follow(path);
      await keys.round();
    }
  } catch (error) {
    stuck = error instanceof Error ? error.message : String(error);
  } finally {
    await browser.close();
  }
  return { task: task.name, steps: keys.steps, found: keys.findings, stuck };
}

async function signIn(keys: Keyboard, who: string, password: string): Promise<void> {
  await keys.at.open('/sign-in');
  await keys.to('名字');
  await keys.type(who);
  await keys.to('密码');
  await keys.type(password);
  await keys.page.keyboard.press('Enter');
  await keys.page.waitForURL((at) => at.pathname !== '/sign-in');
  await waitForWorker(keys.page);
  // A first day that is long in coming is no mistake of the keyboard.
  await keys.page.waitForFunction(
    () => document.querySelector('h1') !== null && document.querySelector('.wait[role=status]') === null,
  );
  await keys.at.rest();
}
