/** Long, because a busy machine is no mistake; a test that is right never waits it out. */
export const patienceMs = 90_000;

/** Asks again and again until there is an answer that is not false, and gives it; throws when there never is one, with
 * what `tell` says of how things stand then. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | false | undefined>,
  limitMs = patienceMs,
  tell: () => Promise<string> = () => Promise.resolve(''),
): Promise<T> {
  for (const begun = performance.now(); performance.now() - begun < limitMs;) {
    const last = await ask();
    if (last !== false && last !== undefined) return last;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`Waited in vain for ${what}. ${await tell()}`);
}
