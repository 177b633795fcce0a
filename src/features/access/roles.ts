/**
 * Roles are the hats a person wears here; one person may wear several. Staff read the whole station, field roles only
 * what their duty needs.
 */
export const roles = ['coordinator', 'subdistrict', 'canteen', 'deliverer', 'visitor', 'escort'] as const;
export type Role = (typeof roles)[number];

/** Plans and watches: the coordinator, and the subdistrict's staff who read along. */
export const office: readonly Role[] = ['coordinator', 'subdistrict'];
/** Goes to people's doors. */
export const field: readonly Role[] = ['deliverer', 'visitor', 'escort'];
/** Everybody who may know how to reach an elder's door. */
export const officeAndField: readonly Role[] = [...office, ...field];
