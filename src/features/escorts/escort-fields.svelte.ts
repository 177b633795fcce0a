import { station } from '#engine/client/station.svelte.ts';
import { LiveForm } from '#features/forms/public.ts';
import { m } from '#messages';
import { dateWords } from '#ui/format.ts';
import { purposeWords } from './escort-words.ts';
import type { purposes } from './escort.record.ts';
import type { Escort } from './stage.rules.ts';

type Purpose = (typeof purposes)[number];

/** The fields of the form that asks for an escort or changes one; they follow what others change of it meanwhile. */
export function liveEscort(planned: () => Escort | undefined) {
  const fields = () => {
    const one = planned();
    return {
      purpose: [one?.purpose ?? 'hospital'] as Purpose[],
      placeName: one?.placeName ?? '',
      date: one?.date ?? station.today,
      startTime: one?.startTime ?? '09:00',
      expectedReturn: one?.expectedReturn ?? '11:30',
      brief: one?.brief ?? '',
      familyTold: (one?.familyTold ? ['yes'] : []) as 'yes'[],
    };
  };
  return new LiveForm(fields, {
    purpose: { label: m.escorts_what_for, tell: ([id]: Purpose[]) => (id ? purposeWords[id]() : '') },
    placeName: { label: m.escorts_column_where },
    date: { label: m.escorts_date, tell: (day: string) => dateWords(day) },
    startTime: { label: m.escorts_start },
    expectedReturn: { label: m.escorts_return },
    brief: { label: m.escorts_brief },
    familyTold: { label: m.escorts_family, tell: ([told]: 'yes'[]) => (told ? m.escorts_check_family_knows() : '') },
  });
}
