/**
 * Brings the English texts, which in the built app lie in a file of their own (scripts/english-apart.mjs writes the
 * body of this there). Everywhere else both languages are at hand. Rejects when the file cannot be fetched.
 */
export async function loadEnglish(): Promise<void> {
  await Promise.resolve();
}
