/**
 * Whether a line of a list and an elder of the register are the same person. Strict on purpose: two neighbours with one
 * name stay two, and what only looks alike is a question for a person, never an answer of the machine.
 */
export interface PersonTraits {
  readonly name: string;
  readonly idNumber: string | null;
  readonly birthDate: string | null;
  readonly buildingId: string | null;
  readonly door: string | null;
  readonly phones: readonly string[] | null;
}

/** An ID number decides both ways; without one, name and birth date need the same door or the same telephone. */
export function isSamePerson(a: PersonTraits, b: PersonTraits): boolean {
  if (a.idNumber !== null && b.idNumber !== null) return a.idNumber === b.idNumber;
  if (a.name !== b.name) return false;
  if (a.birthDate !== null && b.birthDate !== null && a.birthDate !== b.birthDate) return false;
  return sameDoor(a, b) || sharePhone(a, b);
}

function sameDoor(a: PersonTraits, b: PersonTraits): boolean {
  return a.buildingId !== null && a.buildingId === b.buildingId && a.door !== null && a.door === b.door;
}

function sharePhone(a: PersonTraits, b: PersonTraits): boolean {
  return (a.phones ?? []).some((phone) => (b.phones ?? []).includes(phone));
}
