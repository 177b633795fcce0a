/** Names of the fields in which the two differ. Values are plain JSON. */
export function changedFields<T extends object>(before: T, after: T): readonly (keyof T & string)[] {
  return (Object.keys(after) as (keyof T & string)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}

/** Fields of a form that take the new value when its record has changed: those that nobody has touched. */
export function followingFields<T extends object>(before: T, typed: T, now: T): readonly (keyof T & string)[] {
  const touched = new Set(changedFields(before, typed));
  return changedFields(before, now).filter((key) => !touched.has(key));
}
