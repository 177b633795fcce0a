import { m } from '#messages';

/** Words for the diets, textures, allergens and dislikes that ledgers write most; others are shown as they are written. */
const typeWords: Readonly<Record<string, () => string>> = {
  diabetic: () => m.people_diet_diabetic(),
  'low-salt': () => m.people_diet_low_salt(),
  'low-oil': () => m.people_diet_low_oil(),
  'low-sugar': () => m.people_diet_low_sugar(),
  'low-purine': () => m.people_diet_low_purine(),
  halal: () => m.people_diet_halal(),
  vegetarian: () => m.people_diet_vegetarian(),
  'vegetarian-lunar-1-15': () => m.people_diet_vegetarian_lunar(),
};
const textureWords: Readonly<Record<string, () => string>> = {
  soft: () => m.people_texture_soft(),
  minced: () => m.people_texture_minced(),
  pureed: () => m.people_texture_pureed(),
};
const foodWords: Readonly<Record<string, () => string>> = {
  crustacean: () => m.people_food_crustacean(),
  seafood: () => m.people_food_seafood(),
  fish: () => m.people_food_fish(),
  peanut: () => m.people_food_peanut(),
  nut: () => m.people_food_nut(),
  egg: () => m.people_food_egg(),
  milk: () => m.people_food_milk(),
  mango: () => m.people_food_mango(),
  soy: () => m.people_food_soy(),
  wheat: () => m.people_food_wheat(),
  sesame: () => m.people_food_sesame(),
  mollusc: () => m.people_food_mollusc(),
  mushroom: () => m.people_food_mushroom(),
  alcohol: () => m.people_food_alcohol(),
  mutton: () => m.people_food_mutton(),
  beef: () => m.people_food_beef(),
  pork: () => m.people_food_pork(),
  spicy: () => m.people_food_spicy(),
  coriander: () => m.people_food_coriander(),
};

/** One need of a diet in words: "糖尿病餐", "碎食", "花生过敏"; a dislike as "不吃香菜". */
export function dietWord(sort: 'type' | 'texture' | 'allergen' | 'dislike', value: string): string {
  if (sort === 'type') return typeWords[value]?.() ?? value;
  if (sort === 'texture') return textureWords[value]?.() ?? value;
  const food = foodWord(value);
  return sort === 'allergen' ? m.people_allergic_to({ what: food }) : m.people_does_not_eat({ what: food });
}

/** A food by itself: "花生". */
export function foodWord(value: string): string {
  return foodWords[value]?.() ?? value;
}

export const dietTypes = Object.keys(typeWords);
export const textures = ['soft', 'minced', 'pureed'] as const;
export const allergenCodes = Object.keys(foodWords).filter((code) => code !== 'spicy' && code !== 'coriander');
export const dislikeCodes = ['spicy', 'coriander', 'mutton', 'beef', 'pork', 'seafood', 'fish', 'egg', 'milk'];
