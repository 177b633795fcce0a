import { m } from '#messages';
import type { Role } from './roles.ts';

const words: Readonly<Record<Role, () => string>> = {
  coordinator: m.access_role_coordinator,
  subdistrict: m.access_role_subdistrict,
  canteen: m.access_role_canteen,
  deliverer: m.access_role_deliverer,
  visitor: m.access_role_visitor,
  escort: m.access_role_escort,
};

/** What a role is called to its face. */
export function roleWords(role: string): string {
  return Object.hasOwn(words, role) ? words[role as Role]() : role;
}
