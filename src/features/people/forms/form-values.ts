/** What was typed, or null when nothing was. */
export function words(typed: string): string | null {
  const text = typed.trim();
  return text === '' ? null : text;
}

/** Several words in one field, apart by blanks or any comma. */
export function splitWords(typed: string): string[] {
  return typed.split(/[\s,，、;；]+/).filter(Boolean);
}
