import { m } from '#messages';

/** What a column may be, in the groups in which a person looks for it. */
export const roleGroups: readonly { readonly label: () => string; readonly roles: readonly string[] }[] = [
  {
    label: m.import_roles_person,
    roles: ['name', 'sex', 'id', 'birth', 'age', 'phone', 'status', 'living', 'categories', 'health', 'note'],
  },
  {
    label: m.import_roles_place,
    roles: ['address', 'community', 'grid', 'microGrid', 'estate', 'building', 'unit', 'floor', 'room', 'access'],
  },
  { label: m.import_roles_family, roles: ['contactName', 'contactRelation', 'contactPhone', 'helper'] },
  { label: m.import_roles_meals, roles: ['diet', 'mealMode', 'meals', 'items', 'item', 'quantity', 'time'] },
  {
    label: m.import_roles_volunteer,
    roles: ['skills', 'availability', 'team', 'vehicle', 'training', 'fixed', 'hours', 'points'],
  },
  { label: m.import_roles_map, roles: ['placeKind', 'lat', 'lon', 'lonLat', 'datum', 'units', 'floors', 'lift'] },
];

/** What is left out, whatever the reader calls it. */
export const leftOut = 'other';

const words: Readonly<Record<string, () => string>> = {
  name: m.import_role_name,
  sex: m.import_role_sex,
  id: m.import_role_id,
  birth: m.import_role_birth,
  age: m.import_role_age,
  phone: m.import_role_phone,
  status: m.import_role_status,
  living: m.import_role_living,
  livingTick: m.import_role_living_tick,
  categories: m.import_role_categories,
  categoryTick: m.import_role_category_tick,
  health: m.import_role_health,
  note: m.import_role_note,
  address: m.import_role_address,
  community: m.import_role_community,
  grid: m.import_role_grid,
  microGrid: m.import_role_micro_grid,
  estate: m.import_role_estate,
  building: m.import_role_building,
  unit: m.import_role_unit,
  floor: m.import_role_floor,
  room: m.import_role_room,
  access: m.import_role_access,
  contactName: m.import_role_contact_name,
  contactRelation: m.import_role_contact_relation,
  contactPhone: m.import_role_contact_phone,
  helper: m.import_role_helper,
  diet: m.import_role_diet,
  mealMode: m.import_role_meal_mode,
  meals: m.import_role_meals,
  mealTick: m.import_role_meal_tick,
  items: m.import_role_items,
  item: m.import_role_item,
  quantity: m.import_role_quantity,
  time: m.import_role_time,
  skills: m.import_role_skills,
  availability: m.import_role_availability,
  team: m.import_role_team,
  vehicle: m.import_role_vehicle,
  training: m.import_role_training,
  fixed: m.import_role_fixed,
  hours: m.import_role_hours,
  points: m.import_role_points,
  placeKind: m.import_role_place_kind,
  lat: m.import_role_lat,
  lon: m.import_role_lon,
  lonLat: m.import_role_lon_lat,
  datum: m.import_role_datum,
  units: m.import_role_units,
  floors: m.import_role_floors,
  lift: m.import_role_lift,
};

/** What a column was taken for, as a person would call it. */
export function roleWord(role: string): string {
  return (words[role] ?? m.import_role_left)();
}

/** Whether the column is used at all; numbers in a row and the like are read in order to leave them out. */
export function isUsed(role: string): boolean {
  return role in words;
}
