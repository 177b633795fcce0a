import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { seedDemo, type DemoSignIn } from './demo/seed.ts';
import { log } from './log.ts';
import { runningStation, setRunningStation } from './running.ts';
import { openStation, type Station } from './station.ts';

export interface Surroundings {
  readonly DATABASE_URL?: string;
  readonly DATA_DIR?: string;
  readonly NUANLIN_DEMO?: string;
}

/**
 * Brings the station up: connects, migrates, and fills an empty database with the demo when asked to. Throws an error
 * whose message is one sentence for a person.
 */
export async function startStation({ DATABASE_URL, DATA_DIR, NUANLIN_DEMO }: Surroundings): Promise<void> {
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set: the server needs to know its PostgreSQL.');
  const station = await openStation(DATABASE_URL);
  try {
    if (NUANLIN_DEMO === '1') await fillWithDemo(station, DATA_DIR ?? 'data');
  } catch (error) {
    await station.close();
    throw error;
  }
  setRunningStation(station);
}

/** Ends what would keep connections open; the server then stops by itself. */
export function quietStation(): void {
  runningStation()?.quiet();
}

export async function stopStation(): Promise<void> {
  const station = runningStation();
  setRunningStation(null);
  await station?.close();
}

async function fillWithDemo(station: Station, folder: string): Promise<void> {
  const [found] = await station.sql`select from station limit 1`;
  if (found) return;
  const signIns = await seedDemo(station);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'how-to-sign-in.txt'), howToSignIn(signIns), { mode: 0o600 });
  log.info({ people: signIns.length }, 'the demo station was made');
}

function howToSignIn(signIns: readonly DemoSignIn[]): string {
  return signIns.map(({ role, person, name, password }) => `${role}\t${person}\t${name}\t${password}\n`).join('');
}
