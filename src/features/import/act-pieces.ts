import type { ImportCall } from './import-calls.ts';

/**
 * Signs of one act as JSON. The centre can carry an act out again from the review queue up to 24,000; what the page adds
 * to a row (its sounds) and what stands around it has to fit too.
 */
export const signsPerPiece = 20_000;

/** The rows of a registering act in as many acts as it takes; an act without rows is one. */
export function cutIntoPieces(call: ImportCall): ImportCall[] {
  const args = call.args as Readonly<Record<string, unknown>>;
  const list = ['rows', 'days'].find((name) => Array.isArray(args[name]));
  if (list === undefined) return [call];
  const pieces: unknown[][] = [];
  let signs = signsPerPiece;
  for (const row of args[list] as readonly unknown[]) {
    const own = JSON.stringify(row).length + 1;
    if (signs + own > signsPerPiece) {
      pieces.push([]);
      signs = 0;
    }
    pieces.at(-1)?.push(row);
    signs += own;
  }
  return pieces.map((rows) => ({ name: call.name, args: { ...args, [list]: rows } }));
}
