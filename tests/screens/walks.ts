import { Office, password } from '../e2e/support/office.ts';
import { RunningStation } from '../e2e/support/running-station.ts';
import { walk, type Walked } from './walk.ts';
import { walkTasks } from './walk-tasks.ts';

/** Walks the tasks with these names, each as its own person, in one demo station. */
export async function runWalks(
  names: readonly string[] | null,
  tell: (line: string) => void,
): Promise<readonly Walked[]> {
  const station = await RunningStation.make(undefined, { demo: true });
  try {
    await station.start();
    const office = Office.ofDemo(station.database.url);
    await office.givePasswords().finally(() => office.close());
    const walked: Walked[] = [];
    for (const task of walkTasks.filter(({ name }) => names?.includes(name) ?? true)) {
      const one = await walk(station.url, station.folder, password, task);
      walked.push(one);
      tell(`${one.task}: ${one.steps} keys, ${one.found.length} findings${one.stuck ? `; ${one.stuck}` : ''}`);
      for (const { screen, what, where } of one.found) tell(`  ${screen}: ${what}: ${where}`);
    }
    return walked;
  } finally {
    await station.remove();
  }
}
