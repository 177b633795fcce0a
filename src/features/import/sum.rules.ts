/** A short sum over a text, to tell whether two are the same. Not against people who want them to look the same. */
export function textSum(text: string): string {
  let [low, high] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < text.length; at += 1) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b) + at;
  }
  return `${(low >>> 0).toString(36)}${(high & 0xffff).toString(36)}`;
}
