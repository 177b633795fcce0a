/** A list as PostgreSQL reads it: {"a","b",NULL}. */
export function arrayText(list: readonly unknown[]): string {
  return `{${list.map(partText).join(',')}}`;
}

const special = /["\\]/;

/** Nearly all are ids, which hold nothing special: to look is cheaper than to replace. */
function partText(one: unknown): string {
  if (one === null || one === undefined) return 'NULL';
  const text = String(one);
  return special.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}

/** A flat list as PostgreSQL writes it: {a,"b c",NULL}. */
export function arrayFrom(text: string): (string | null)[] {
  const parts = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^",]+)/gs);
  return [...parts].map(([, quoted, bare]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/gs, '$1');
    return bare === 'NULL' ? null : (bare as string);
  });
}
