import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bringDemoToToday, demoSignIns, demoState, seedDemo, type DemoSignIn } from './demo/seed.ts';
import { openPhotoRoom, type PhotoSettings } from './photos/photo-room.ts';
import { runningPhotoRoom, runningStation, setRunningStation } from './running.ts';
import { openStation, type Station } from './station.ts';

export interface Surroundings extends PhotoSettings {
  readonly DATABASE_URL?: string;
  readonly NUANLIN_DEMO?: string;
}

/**
 * Brings the station up: connects, migrates, and fills an empty database with the demo when asked to. Throws an error
 * whose message is one sentence for a person.
 */
export async function startStation(surroundings: Surroundings): Promise<void> {
  const { DATABASE_URL, DATA_DIR, NUANLIN_DEMO } = surroundings;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set: the server needs to know its PostgreSQL.');
  const station = await openStation(DATABASE_URL);
  try {
    if (NUANLIN_DEMO === '1') await fillWithDemo(station, DATA_DIR ?? 'data');
    setRunningStation(station, openPhotoRoom(surroundings));
  } catch (error) {
    await station.close();
    throw error;
  }
}

/** Ends what would keep connections open; the server then stops by itself. */
export function quietStation(): void {
  runningStation()?.quiet();
}

export async function stopStation(): Promise<void> {
  const station = runningStation();
  runningPhotoRoom()?.close();
  setRunningStation(null);
  await station?.close();
}

/** Makes the demo station once, in an empty database, and makes it today there at every start. */
async function fillWithDemo(station: Station, folder: string): Promise<void> {
  const state = await demoState(station);
  if (state === 'other') return;
  if (state === 'missing') await seedDemo(station);
  await bringDemoToToday(station);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'how-to-sign-in.txt'), howToSignIn(demoSignIns()), { mode: 0o600 });
}

function howToSignIn(signIns: readonly DemoSignIn[]): string {
  const lines = signIns.map(({ role, person, name, password }) => `  ${person}\t${name}\t${password}\t${role}`);
  return [
    '演示站 文源，里面的人都是编的。登录：姓名、登录名、密码、做什么',
    'Demo station Wenyuan, everybody in it is invented. Sign in: person, name, password, roles',
    ...lines,
    '手机加入：梁静登录后，在「志愿者」里给一个人出加入码。',
    'To join with a phone: sign in as Liang Jing and make a join code under Volunteers.',
    '',
  ].join('\n');
}
