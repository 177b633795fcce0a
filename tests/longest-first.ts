import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, the longest first: whoever starts last must not be the one that everybody waits for. */
const long = ['one-folder', 'torture', 'story', 'edits', 'tabs', 'photos'];

/** Begins with the files that take longest. A fresh clone has no record of how long each took, so they are named. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.includes(`/${name}.test.ts`));
      return at === -1 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
