export { accessIcon } from './access-icon.rules.ts';
export {
  alarmsOf,
  needsOf,
  swapHarms,
  variantFor,
  type Diet,
  type DietAlarm,
  type Variant,
  type VariantChoice,
} from './diet.rules.ts';
export { dietWord, foodWord } from './diet-words.ts';
export { completedDiet, completedElder, completedLine, newContacts } from './completion.rules.ts';
export { doorLine, doorOf, type Door } from './door.rules.ts';
export { eldersNamed } from './elders-named.ts';
export { housesById } from './houses.ts';
export { pinyinReader } from './pinyin.ts';
export { printableNote } from './printable-note.rules.ts';
export { placeId, placeName } from './place-book.rules.ts';
export { isSamePerson, type PersonTraits } from './same-person.rules.ts';
export type { ContactLine, DietLine, ElderLine } from './elder-line.ts';
export type { PlaceLine } from './place.desk.record.ts';
export type { VolunteerLine } from './volunteer.desk.record.ts';
