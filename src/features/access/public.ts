export { roleWords } from './role-words.ts';
export { field, office, officeAndField, roles, type Role } from './roles.ts';
