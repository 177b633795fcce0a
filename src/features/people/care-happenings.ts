import type { Reader } from '#engine/reader.ts';
import { person } from '#features/access/person.record.ts';
import { outcomeLabels } from '#features/routes/public.ts';
import { delivery } from '#features/routes/delivery.record.ts';
import { checkRung, safetyCheck } from '#features/safety/safety-check.record.ts';
import { visit } from '#features/visits/visit.record.ts';
import { m } from '#messages';
import type { Happening } from '#ui/happening.ts';

/** The kinds that are told of, as far as they name the elder. */
export const careKinds = [delivery, visit, safetyCheck] as const;

/** What happened at an elder's door: meals handed over, look-ins, doors that did not open. */
export function careHappenings(tx: Reader, elderId: string): readonly Happening[] {
  const who = (id: string) => tx.get(person, id)?.name ?? '';
  const alarming = ['noAnswer', 'inHospital', 'moved', 'died'];
  const meals = tx.where(delivery, { elderId }).map((one): Happening => ({
    id: one.id,
    at: one.at,
    icon: one.outcome === 'handedOver' || one.outcome === 'handedToOther' ? 'check' : 'door',
    title: outcomeLabels[one.outcome](),
    text: [who(one.by), one.enteredBy ? m.people_happened_on_paper({ name: who(one.enteredBy) }) : '', one.note ?? '']
      .filter(Boolean)
      .join(m.people_comma()),
    kind: alarming.includes(one.outcome) ? 'alarm' : 'plain',
  }));
  const visits = tx
    .where(visit, { elderId })
    .filter(({ state }) => state === 'finished')
    .map((one): Happening => ({
      id: one.id,
      at: one.finishedAt ?? one.startedAt,
      icon: one.mode === 'door' ? 'person' : 'call',
      title: m.people_happened_visit(),
      text: [who(one.visitorId), one.note ?? ''].filter(Boolean).join(m.people_comma()),
    }));
  const checks = tx.where(safetyCheck, { elderId }).flatMap((one): Happening[] => {
    const steps = tx.where(checkRung, { checkId: one.id }).length;
    const opened: Happening = {
      id: one.id,
      at: one.openedAt,
      icon: 'nobody',
      title: m.people_happened_check(),
      text: [who(one.openedBy), steps > 0 ? m.people_happened_steps({ n: steps }) : '']
        .filter(Boolean)
        .join(m.people_comma()),
      kind: 'alarm',
    };
    if (one.closedAt === null) return [opened];
    const by = one.closedBy ? who(one.closedBy) : '';
    const found: Happening = {
      id: `${one.id}:closed`,
      at: one.closedAt,
      icon: 'check',
      title: m.people_happened_found(),
      text: [by, one.findingNote ?? ''].filter(Boolean).join(m.people_comma()),
    };
    return [opened, found];
  });
  return [...meals, ...visits, ...checks];
}
