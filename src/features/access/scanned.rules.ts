/** What a scanned code says: a way in here, one of another station, or nothing of ours. */
export type Scanned = { readonly token: string } | { readonly wrong: 'other-station' | 'no-code' };

/**
 * Reads the text of a code as the office shows it: `https://station/join#token`. `origin` is this station's own; a
 * code of another one would be asked for in vain here.
 */
export function readScanned(text: string, origin: string): Scanned {
  if (!URL.canParse(text)) return { wrong: 'no-code' };
  const url = new URL(text);
  const token = url.hash.slice(1);
  if (url.pathname !== '/join' || token === '') return { wrong: 'no-code' };
  return url.origin === origin ? { token } : { wrong: 'other-station' };
}
