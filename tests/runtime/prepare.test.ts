/** What counts as a change of the sources: a station that starts again must not build again for nothing. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root, sourceMark } from '../../scripts/station/prepare.mjs';

test("what the build itself writes among the sources, the catalogue's compiler included, makes no build stale", () => {
  const before = sourceMark();
  const note = path.join(root, 'src/i18n/project.inlang/note-of-a-test.txt');
  fs.writeFileSync(note, 'as the compiler does on its first run');
  const after = sourceMark();
  fs.rmSync(note);
  expect(after).toBe(before);
});
