import { put, type Change } from '#engine/change.ts';
import { worksIn, type Context } from '#engine/context.ts';
import type { RowOf } from '#engine/kind.ts';
import type { Reader } from '#engine/reader.ts';
import { mealVariant } from '#features/meals/kitchen.record.ts';
import { variantFor } from './diet.rules.ts';
import type { ContactLine, ElderLine } from './elder-line.ts';
import { dietProfile, elder } from './elder.record.ts';
import { PlaceBook } from './place-book.rules.ts';
import { contact } from './place.record.ts';
import { isSamePerson } from './same-person.rules.ts';

type Elder = RowOf<typeof elder>;

/**
 * Writes elders into the register, each with diet and contacts. Somebody who is there already stays exactly as they
 * are: what the office has changed since is worth more than an old list.
 */
export class ElderRegistration {
  readonly #places: PlaceBook;
  readonly #added: Elder[] = [];
  readonly #lines: string[] = [];
  readonly #beside: Change[] = [];

  constructor(
    readonly tx: Reader,
    readonly ctx: Context,
  ) {
    this.#places = new PlaceBook(tx, ctx);
  }

  get changes(): readonly Change[] {
    return [...this.#places.changes, ...this.#added.map((row) => put(elder, row)), ...this.#beside];
  }

  /** Takes one line in. Says what came of it: a new file, one that stood there, or a community of somebody else. */
  take(line: ElderLine): 'added' | 'known' | 'other-community' {
    const community = this.#places.community(line.community);
    if (!worksIn(this.ctx, community.id)) return 'other-community';
    const row = this.#rowOf(line, community.id);
    // Of somebody without number, door and telephone only the very same facts tell that the line was taken before.
    if ((!line.apart && this.#find(row)) || this.#findSame(row, line)) return 'known';
    this.#added.push(row);
    this.#lines.push(JSON.stringify({ ...line, apart: undefined }));
    this.#writeDiet(row.id, line);
    line.contacts.forEach((one, at) =>
      this.#beside.push(put(contact, { id: `${row.id}:c${at + 1}`, elderId: row.id, order: at + 1, ...one })),
    );
    return 'added';
  }

  /** The elder of the register who is this person, if there is one. */
  #find(row: Elder): Elder | undefined {
    const byNumber = row.idNumber === null ? [] : this.tx.where(elder, { idNumber: row.idNumber });
    const known = [...byNumber, ...this.tx.where(elder, { name: row.name }), ...this.#added];
    return known.find((one) => isSamePerson(one, row));
  }

  /** Somebody with all the same facts: the line was taken before. */
  #findSame(row: Elder, line: ElderLine): boolean {
    const facts = (one: Elder) => JSON.stringify(Object.entries({ ...one, id: '' }).sort());
    const isHere = (one: Elder) =>
      facts(one) === facts(row) &&
      sameDiet(this.tx.get(dietProfile, one.id), line.diet) &&
      sameContacts(this.tx.where(contact, { elderId: one.id }), line.contacts);
    const written = JSON.stringify({ ...line, apart: undefined });
    return this.tx.where(elder, { name: row.name }).some(isHere) || this.#lines.includes(written);
  }

  #rowOf(line: ElderLine, communityId: string): Elder {
    const {
      diet: _diet,
      contacts: _contacts,
      community: _community,
      apart: _apart,
      grid,
      estate,
      building: name,
      ...own
    } = line;
    const gridId = grid === null ? null : this.#places.grid(communityId, grid).id;
    const place =
      estate === null || name === null ? null : this.#places.building(communityId, estate, name, { gridId });
    return {
      id: this.ctx.newId(),
      ...own,
      communityId,
      gridId: gridId ?? place?.gridId ?? null,
      buildingId: place?.id ?? null,
    };
  }

  #writeDiet(elderId: string, { diet }: ElderLine): void {
    const { variantId } = variantFor(diet, this.tx.where(mealVariant, { active: true }));
    this.#beside.push(put(dietProfile, { id: elderId, elderId, ...diet, variantId }));
  }
}

type Told<T> = { readonly [K in keyof T]: Readonly<T[K]> };

function sameDiet(held: Told<ElderLine['diet']> | undefined, line: ElderLine['diet']): boolean {
  const facts = ({ types, allergens, texture, dislikes, note }: Told<ElderLine['diet']>) =>
    JSON.stringify([types, allergens, texture, dislikes, note]);
  return held !== undefined && facts(held) === facts(line);
}

function sameContacts(held: readonly ContactLine[], line: readonly ContactLine[]): boolean {
  const facts = (all: readonly ContactLine[]) =>
    JSON.stringify(all.map(({ name, relation, phone }) => [name, relation, phone].join()).sort());
  return facts(held) === facts(line);
}
