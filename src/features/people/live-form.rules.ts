/** Names of the fields in which the two differ. Values are plain JSON. */
export function changedFields<T extends object>(before: T, after: T): readonly (keyof T & string)[] {
  return (Object.keys(after) as (keyof T & string)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}

/** A form after its record has changed: fields that nobody has touched take the new value, all others stay as typed. */
export function followed<T extends object>(before: T, typed: T, now: T): T {
  const touched = new Set(changedFields(before, typed));
  const next = changedFields(before, now).filter((key) => !touched.has(key));
  return { ...typed, ...Object.fromEntries(next.map((key) => [key, now[key]])) };
}
