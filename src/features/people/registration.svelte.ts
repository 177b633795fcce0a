import { station } from '#engine/client/station.svelte.ts';
import { m } from '#messages';
import type { ElderLine } from './elder-line.ts';
import { splitWords, words } from './forms/form-values.ts';
import { pinyinOf } from './pinyin.ts';
import { community } from './place.record.ts';

const phonePattern = /^[+\d][\d-]{2,24}$/;
const idPattern = /^\d{17}[\dX]$/;

/** What the form does not ask for; it is written in the file later. */
const unknown = {
  callName: null,
  grid: null,
  floor: null,
  accessNote: null,
  accessCode: null,
  mayLeaveAtDoor: false,
  categories: [],
  health: null,
  note: null,
  diet: { types: [], allergens: [], texture: null, dislikes: [], note: null },
  status: 'active' as const,
  endReason: null,
  endedOn: null,
};

/** Somebody new, as far as the form is filled in. */
export class Registration {
  name = $state('');
  sex = $state<('F' | 'M')[]>([]);
  birthDate = $state('');
  idNumber = $state('');
  phones = $state('');
  communityId = $state('');
  estate = $state('');
  house = $state('');
  entrance = $state('');
  door = $state('');
  living = $state('');
  contactName = $state('');
  relation = $state('');
  contactPhone = $state('');
  #sounds: string | null = null;

  /** Writes down how the name sounds, so that it is found by pinyin; to be called when the name is written. */
  async hear(): Promise<void> {
    const name = this.name.trim();
    this.#sounds = name === '' ? null : await pinyinOf(name);
  }

  /** Arguments of the act, or the words for what is missing. */
  args(): { row: ElderLine } | string {
    const wrong = this.#mistake();
    if (wrong !== '') return wrong;
    const id = words(this.idNumber)?.toUpperCase() ?? null;
    const entrance = this.entrance && m.people_entrance_n({ n: this.entrance });
    return {
      row: {
        ...unknown,
        name: this.name.trim(),
        pinyin: this.#sounds,
        sex: this.sex[0] ?? null,
        birthDate: words(this.birthDate) ?? (id && birthDateOf(id)),
        idNumber: id,
        idFlag: id ? null : 'missing',
        phones: splitWords(this.phones),
        community: station.records(community).get(this.communityId)?.name ?? '',
        estate: words(this.estate),
        building: words(this.house),
        address: [this.estate, this.house, entrance, this.door].filter(Boolean).join(''),
        entrance: words(this.entrance),
        door: words(this.door),
        living: words(this.living),
        contacts: this.#contacts(),
      },
    };
  }

  #mistake(): string {
    if (this.name.trim() === '') return m.people_form_name_missing();
    if (this.communityId === '') return m.people_form_community_missing();
    const id = this.idNumber.trim().toUpperCase();
    if (id !== '' && !idPattern.test(id)) return m.people_form_id_wrong();
    const numbers = [...splitWords(this.phones), ...splitWords(this.contactPhone)];
    return numbers.some((number) => !phonePattern.test(number)) ? m.people_form_phone_wrong() : '';
  }

  #contacts(): ElderLine['contacts'] {
    const name = words(this.contactName);
    if (name === null) return [];
    return [{ name, relation: this.relation.trim(), phone: words(this.contactPhone), hasKey: false }];
  }
}

/** The birth date in an ID number of eighteen signs. */
function birthDateOf(id: string): string {
  return `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
}
