import type { Keyboard } from './keyboard.ts';

/** A task of the day as somebody does it who has a keyboard and nothing else. */
export interface WalkTask {
  readonly name: string;
  /** Name with which they sign in. */
  readonly who: string;
  readonly width: number;
  readonly work: (keys: Keyboard) => Promise<void>;
  /** Pages of this person through which the keyboard goes from end to end. */
  readonly rounds: readonly string[];
}

/** The route of today: boxes, a door, 送达, taken back, done again; nobody answers at the next one. */
async function deliver(keys: Keyboard): Promise<void> {
  await keys.use(/取餐|接着送/);
  await keys.use('出发');
  await keys.round();
  await keys.use('其他情况');
  await keys.press('Escape', '关上');
  await keys.use('电话');
  await keys.press('Escape', '关上');
  await keys.use('送达');
  await keys.to('撤回');
  await keys.press('Space', '撤回');
  await keys.use('送达');
  await keys.use('其他情况');
  await keys.round();
  await keys.use('没人应门');
  await keys.see('先别走');
  await keys.round();
  await keys.use('按错了');
  await keys.use('送达');
}

/** A look-in: to the door, one thing has changed, a need is looked at, done. */
async function visit(keys: Keyboard): Promise<void> {
  await keys.use('去探访');
  await keys.toPart('a[href^="/visit/"]');
  await keys.press('Enter', 'the first to be visited');
  await keys.use('到门口了');
  await keys.round();
  await keys.use(/有变化$/);
  await keys.step('Tab');
  await keys.press('Space', 'a finding');
  await keys.use('要什么');
  await keys.round();
  await keys.press('Escape', '关上');
  await keys.use('记好了');
  await keys.round();
}

/** People who come to eat are counted, one is taken back, and the kitchen is told how many there are. */
async function count(keys: Keyboard): Promise<void> {
  await keys.at.follow('/canteen');
  await keys.use('堂食点数');
  await keys.use('老人 1 位');
  await keys.press('Space', '老人 1 位');
  await keys.to('撤回');
  await keys.press('Enter', '撤回');
  await keys.round();
  await keys.use('收摊');
  await keys.round();
  await keys.toPart('.count-table button, table button, .figure');
  await keys.press('Enter', 'a figure');
  await keys.press('Escape', '关上');
  await keys.toPart('.foot .btn');
  await keys.press('Enter', 'telling the kitchen');
}

/** Somebody is found, their file is put right, and a stop of a route changes its place. */
async function coordinate(keys: Keyboard): Promise<void> {
  await keys.press('Control+k', 'Control+K');
  await keys.type('1');
  for (const key of ['ArrowDown', 'ArrowUp']) await keys.press(key, key);
  await keys.press('Escape', '关上');
  await keys.press('Control+k', 'Control+K');
  await keys.type('wang');
  await keys.press('Enter', 'what was found');
  await keys.use('改资料');
  await keys.round();
  await keys.to('怎么喊');
  await keys.press('Control+a', 'all');
  await keys.type('老师傅');
  await keys.use('记下');
  await keys.at.follow('/office/routes');
  await keys.toPart('tr[data-stop]');
  await keys.press('ArrowDown', 'to the next stop');
  await keys.press('Alt+ArrowDown', 'a stop goes down');
  await keys.press('Alt+ArrowUp', 'a stop goes up');
  await keys.use(/往下$/);
}

const phone = 360;
const desk = 1366;

export const walkTasks: readonly WalkTask[] = [
  { name: 'deliver', who: 'zhouguilan', width: phone, work: deliver, rounds: ['/', '/me', '/me/install', '/route'] },
  { name: 'visit', who: 'hexiao', width: phone, work: visit, rounds: ['/visit'] },
  { name: 'count', who: 'canteen', width: 1024, work: count, rounds: ['/', '/canteen/print'] },
  {
    name: 'coordinate',
    who: 'liangjing',
    width: desk,
    work: coordinate,
    rounds: ['/office', '/office/people', '/office/routes', '/office/visits', '/office/volunteers', '/office/import'],
  },
];
