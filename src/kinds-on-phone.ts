import type { LateDeclarations } from '#engine/client/late-acts.ts';
import { registryOf, type Registry } from '#engine/registry.ts';

/**
 * The declarations as a phone has them: every kind and the acts of the field at once; what is done at a desk
 * (`*.desk.record.ts`) when somebody may do it (decision 0031). Nobody edits this list.
 */
const modules = import.meta.glob<Record<string, unknown>>(
  ['./features/*/*.record.ts', '!./features/*/*.desk.record.ts'],
  { eager: true },
);

export const registry: Registry = registryOf(
  Object.keys(modules)
    .sort()
    .map((path) => modules[path] as Record<string, unknown>),
);

/** Who works at a desk: the office and the kitchen. */
export const deskRoles = ['coordinator', 'subdistrict', 'canteen'] as const;

export const actsAtDesk: LateDeclarations = {
  roles: deskRoles,
  load: async () => (await import('./kinds-at-desk.ts')).modules,
};
