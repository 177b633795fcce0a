/**
 * `node tests/mutation/stryker.mjs FOLDER CONFIG [COUNT SEED]`: runs the Stryker that lies in FOLDER. With a COUNT only so
 * many of the mutants are run, drawn by SEED; the others stand in the report as ignored. Stryker itself can only be
 * told lines, and every line of a function lies inside mutants of the whole function.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, config, count, seed] = process.argv.slice(2);
if (!folder || !config) throw new Error('The folder of Stryker and a configuration are needed.');
const core = path.resolve(folder, 'node_modules/@stryker-mutator/core/dist/src');
const load = (name) => import(pathToFileURL(path.join(core, name)).href);

/** The place of a mutant in the draw: the same for the same seed, whatever else was changed in the project. */
function placeOf({ fileName, location, mutatorName, replacement }) {
  const { start, end } = location;
  const name = [path.relative(process.cwd(), fileName), start.line, start.column, end.line, end.column];
  return createHash('sha256')
    .update([seed, ...name, mutatorName, replacement].join('\u0000'))
    .digest('hex');
}

if (count) {
  const { MutantTestPlanner } = await load('mutants/mutant-test-planner.js');
  const { makePlan } = MutantTestPlanner.prototype;
  MutantTestPlanner.prototype.makePlan = function makeSampledPlan(mutants) {
    const open = mutants.filter(({ status }) => !status).map((mutant) => ({ mutant, place: placeOf(mutant) }));
    open.sort((a, b) => (a.place < b.place ? -1 : 1));
    const chosen = new Set(open.slice(0, Number(count)).map(({ mutant }) => mutant));
    const aside = (mutant) => ({ ...mutant, status: 'Ignored', statusReason: 'not in the sample' });
    return makePlan.call(
      this,
      mutants.map((mutant) => (mutant.status || chosen.has(mutant) ? mutant : aside(mutant))),
    );
  };
}
const { StrykerCli } = await load('index.js');
process.title = 'stryker';
new StrykerCli([process.argv[0], 'stryker', 'run', config]).run();
