/**
 * From what an elder may and must not eat to the box that is packed. Pure; the kitchen's variants come in as arguments,
 * because every station configures its own.
 */
export interface Diet {
  readonly types: readonly string[];
  readonly allergens: readonly string[];
  readonly texture: 'soft' | 'minced' | 'pureed' | null;
}

export interface Variant {
  readonly id: string;
  /** Place in the kitchen's list; the first variant without `matches` is the plain meal. */
  readonly place: number;
  readonly alarm: boolean;
  readonly matches: readonly string[];
}

export interface VariantChoice {
  /** Null when the station packs nothing at all yet. */
  readonly variantId: string | null;
  /** Needs of this elder that the box does not meet, for a person to look at. */
  readonly unmet: readonly string[];
}

/** Sorts of alarm, most dangerous first. */
export interface DietAlarm {
  readonly sort: 'allergen' | 'type' | 'texture';
  readonly value: string;
}

/** Diet types at which a wrong box does harm within hours. */
const dangerousTypes = ['diabetic'];

/** What the box has to answer to, as variants name it in `matches`: diet types and 'texture:…'. */
export function needsOf(diet: Diet): readonly string[] {
  return [...diet.types, ...(diet.texture === null ? [] : [`texture:${diet.texture}`])];
}

/**
 * The variant that meets the weightiest needs of this diet: what harms before texture, texture before the rest. The
 * plain meal when there are no needs or none is met.
 */
export function variantFor(diet: Diet, variants: readonly Variant[]): VariantChoice {
  const needs = needsOf(diet);
  const inOrder = [...variants].sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  let best: Variant | undefined = inOrder.find(({ matches }) => matches.length === 0) ?? inOrder[0];
  let bestWeight = 0;
  for (const variant of inOrder) {
    const weight = needs
      .filter((need) => variant.matches.includes(need))
      .reduce((sum, need) => sum + weightOf(need), 0);
    if (weight > bestWeight) [best, bestWeight] = [variant, weight];
  }
  const unmet = needs.filter((need) => !best?.matches.includes(need));
  return { variantId: best?.id ?? null, unmet };
}

function weightOf(need: string): number {
  if (dangerousTypes.includes(need)) return 100;
  if (need === 'texture:minced' || need === 'texture:pureed') return 50;
  return need === 'texture:soft' ? 10 : 1;
}

/** What must never be overlooked at the door, the stove and the counter. Dislikes are not among it. */
export function alarmsOf(diet: Diet): readonly DietAlarm[] {
  return [
    ...diet.allergens.map((value) => ({ sort: 'allergen', value }) as const),
    ...diet.types.filter((type) => dangerousTypes.includes(type)).map((value) => ({ sort: 'type', value }) as const),
    ...(diet.texture === null ? [] : [{ sort: 'texture', value: diet.texture } as const]),
  ];
}

/** Whether another box than the diet's own may harm this elder: then it is packed only if somebody says so twice. */
export function swapHarms(diet: Diet, ownVariant: Variant | undefined, wanted: Variant | undefined): boolean {
  if (!ownVariant || !wanted || ownVariant.id === wanted.id) return false;
  const guarded = needsOf(diet).filter((need) => weightOf(need) >= 10);
  return (
    ownVariant.alarm || guarded.some((need) => ownVariant.matches.includes(need) && !wanted.matches.includes(need))
  );
}
