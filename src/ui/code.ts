/**
 * What a person typed, dictated or pasted, as the signs of a one-time code: capitals and figures only, eight of them.
 * Full-width signs of a Chinese keyboard are taken for what they look like.
 */
export function cleanCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, 8);
}
