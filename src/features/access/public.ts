export { field, office, officeAndField, roles, type Role } from './roles.ts';
