/** What a volunteer's phone fetches: how much, and nothing of what is done at a desk (decision 0031). */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  closure,
  deskFiles,
  entriesOf,
  isFieldPage,
  keysOf,
  readBuiltApp,
  type BuiltApp,
} from '../../scripts/built-app.mjs';

const root = path.resolve(import.meta.dirname, '../..');
/** A first run may have to build the app on a busy machine. */
const longMs = 600_000;

/**
 * Bytes after gzip, just above what was measured, so that no growth goes unseen. A mark goes up only with what it is
 * for in the changelog, and never over what is promised: 100,000 before the first list, 350,000 for a day without a line.
 */
const marks = { firstList: 97_600, fieldPage: 117_000, firstVisit: 142_000, volunteerOffline: 318_000 };

/** Modules that only a desk needs. Every phone knows every kind, also those of a feature that only desks have. */
const ofDesk =
  /[.]desk[.]record[.]ts$|kinds-at-desk[.]ts$|features[/](import|export|find)[/](?![\w-]+[.]record[.]ts$)|[/]office-[^/]+[.]svelte|node_modules[/](pinyin-pro|hucre)[/]/;

interface Bytes {
  readonly gzip: number;
}
interface Sizes {
  readonly pages: Readonly<Record<string, Bytes & { readonly scripts: Bytes; readonly firstVisit: Bytes }>>;
  readonly offline: { readonly volunteer: Bytes; readonly office: Bytes };
}

let sizes: Sizes;
let app: BuiltApp;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/size.mjs', '--json'], { cwd: root });
  sizes = JSON.parse(stdout) as Sizes;
  app = readBuiltApp(root);
}, longMs);

/** What of the desks comes with these files. */
function deskIn(files: Iterable<string>): string[] {
  const inside = [...files].flatMap((file) => app.modules[file] ?? []);
  return inside.filter(([id, length]) => length > 0 && ofDesk.test(id.replace(/[?].*/, ''))).map(([id]) => id);
}

const fieldPages = () => Object.keys(app.pages).filter(isFieldPage);
const firstLoad = (built: BuiltApp, route: string) => closure(built, entriesOf(built, route));

describe('what a volunteer fetches', () => {
  it('holds nothing of what is done at a desk, neither at first nor for the day without a line', () => {
    expect(fieldPages().length).toBeGreaterThan(10);
    for (const route of fieldPages()) expect(deskIn(firstLoad(app, route)), route).toEqual([]);
    const late = new Set(deskFiles(app));
    expect(deskIn(Object.keys(app.modules).filter((file) => !late.has(file)))).toEqual([]);
    expect(deskIn(late).length).toBeGreaterThan(50);
  });

  it('is seen to hold it when one import too many is made', () => {
    const [page = ''] = keysOf(app, `client-optimized/nodes/${app.pages['/']?.at(-1)}.js`);
    const chunk = app.manifest[page];
    const imports = [...(chunk?.imports ?? []), 'src/kinds-at-desk.ts'];
    const planted = { ...app, manifest: { ...app.manifest, [page]: { ...chunk, imports } } } as BuiltApp;
    expect(deskIn(firstLoad(planted, '/')).length).toBeGreaterThan(10);
    expect(deskFiles(planted).length).toBeLessThan(deskFiles(app).length);
  });

  it('is no more than it was', () => {
    const over = fieldPages().filter((route) => (sizes.pages[route]?.scripts.gzip ?? 0) > marks.fieldPage);
    const heavy = fieldPages().filter((route) => (sizes.pages[route]?.firstVisit.gzip ?? 0) > marks.firstVisit);
    expect([over, heavy]).toEqual([[], []]);
    expect(sizes.pages['/']?.scripts.gzip).toBeLessThan(marks.firstList);
    expect(sizes.offline.volunteer.gzip).toBeLessThan(marks.volunteerOffline);
    expect(sizes.offline.office.gzip).toBeGreaterThan(sizes.offline.volunteer.gzip);
  });
});
