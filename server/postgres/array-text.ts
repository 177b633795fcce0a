/** A list as PostgreSQL reads it: {"a","b",NULL}. */
export function arrayText(list: readonly unknown[]): string {
  const parts = list.map((one) => (one === null ? 'NULL' : `"${String(one).replace(/["\\]/g, '\\$&')}"`));
  return `{${parts.join(',')}}`;
}

/** A flat list as PostgreSQL writes it: {a,"b c",NULL}. */
export function arrayFrom(text: string): (string | null)[] {
  const parts = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^",]+)/gs);
  return [...parts].map(([, quoted, bare]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/gs, '$1');
    return bare === 'NULL' ? null : (bare as string);
  });
}
