import type { Field, Fields } from './field.ts';
import type { Registry } from './registry.ts';

/** The photos that these values of these fields name. */
export function photosIn(fields: Fields, values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = values[name];
    if (!holdsPhotos(field) || value === null || value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
  });
}

export function holdsPhotos({ input }: Pick<Field, 'input'>): boolean {
  return input === 'photo' || input === 'photos';
}

/** The photos an act carries; none for an act that nobody declares. */
export function photosOfAct(registry: Registry, { name, args }: { name: string; args: unknown }): readonly string[] {
  const act = registry.mutations.get(name);
  return act && typeof args === 'object' && args !== null ? photosIn(act.args as Fields, args as never) : [];
}
