import type { AnyMutation, Row } from '#engine/kind.ts';

/** Addresses of the generic screens. Ids may hold ':' and letters of any script. */
export function listPath(kind: string): string {
  return `/more/${kind}`;
}

export function recordPath(kind: string, { id }: Pick<Row, 'id'>): string {
  return `/more/${kind}/${encodeURIComponent(id)}`;
}

/** The form of an act, perhaps with an argument that is given already. */
export function formPath({ name }: AnyMutation, given?: { readonly argument: string; readonly id: string }): string {
  const [kind, verb] = name.split('.');
  const query = given ? `?${new URLSearchParams({ [given.argument]: given.id }).toString()}` : '';
  return `/more/${kind}/do/${verb}${query}`;
}
