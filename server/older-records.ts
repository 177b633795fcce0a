import * as v from 'valibot';
import { addDays } from '#engine/calendar.ts';
import type { Identity } from '#engine/context.ts';
import { idLengthMax } from '#engine/limits.ts';
import type { AnyKind, Row } from '#engine/kind.ts';
import type { Registry } from '#engine/registry.ts';
import { rulesFor, type SeeRule, type Viewer } from '#engine/scope.ts';
import { projectRow } from '#engine/visible.ts';
import type { HistoryPage, HistoryQuery } from './history.ts';
import { historyRowsMax } from './limits.ts';
import type { TransactionSql } from './postgres/connect.ts';
import { KindSql } from './postgres/kind-sql.ts';
import { ownConditions, Parameters, partName, scopeSql } from './postgres/scope-sql.ts';

/** Days of one page. */
const pageDays = 31;
const kindsMax = 8;
const rowsOfKindMax = historyRowsMax / kindsMax;
const word = v.pipe(v.string(), v.minLength(1), v.maxLength(idLengthMax));
const input = v.object({
  /** The record that all others of the page name in `field`; whoever asks must see it now. */
  about: v.object({ kind: word, id: word }),
  field: word,
  kinds: v.pipe(v.array(word), v.minLength(1), v.maxLength(kindsMax)),
  /** The day behind the page. */
  before: v.pipe(v.string(), v.isoDate()),
});
export type OlderRecordsInput = v.InferOutput<typeof input>;

/**
 * Records that have left a device's days: of these kinds, about one record that this person sees now, from the 31 days
 * before a day. Shown is what the rules for the whole station and for one's own records give when their days are left
 * out; what comes along with something else (stops with a route) stays with the days of that. `next` is the day behind
 * the newest record that is still older, null when there is none.
 */
export const olderRecords: HistoryQuery<OlderRecordsInput> = {
  input,
  roles: null,
  async run(tx, identity, { about, field, kinds, before }, { registry, today }): Promise<HistoryPage> {
    const asker = { ...identity, today };
    if (!(await isSeen(tx, registry, asker, about))) return { rows: [], next: null, about: [] };
    const from = addDays(before, -pageDays);
    const asked = registry.kinds.filter(({ name }) => kinds.includes(name));
    const pages = await Promise.all(
      asked.map((kind) => pageOf(tx, kind, asker, { field, id: about.id, from, before })),
    );
    const newest = pages
      .flatMap(({ earlier }) => earlier ?? [])
      .sort()
      .at(-1);
    return {
      rows: pages.flatMap(({ rows }) => rows),
      next: newest === undefined ? null : addDays(newest, 1),
      about: [`${about.kind}:${about.id}`],
    };
  },
};

type Asker = Identity & Viewer;

async function isSeen(
  tx: TransactionSql,
  registry: Registry,
  asker: Asker,
  { kind, id }: OlderRecordsInput['about'],
): Promise<boolean> {
  const parameters = new Parameters();
  const { parts, kinds } = scopeSql(registry, asker, asker.station, parameters);
  if (!kinds.some(({ name }) => name === kind)) return false;
  const wanted = parameters.add(id, 'text');
  const text = `with ${parts.join(', ')} select 1 from ${partName(kind)} s where s.id = ${wanted}`;
  return (await tx.unsafe(text, parameters.values as never[])).length > 0;
}

interface KindPage {
  readonly rows: readonly { readonly kind: string; readonly row: Row }[];
  /** Day of the newest record before the page. */
  readonly earlier: string | null;
}

async function pageOf(
  tx: TransactionSql,
  kind: AnyKind,
  asker: Asker,
  {
    field,
    id,
    from,
    before,
  }: { readonly field: string; readonly id: string; readonly from: string; readonly before: string },
): Promise<KindPage> {
  const rules = rulesFor(kind.sees, asker).filter(({ by }) => by !== 'joined');
  const dayField = rules.find(({ days }) => days)?.days?.field;
  if (dayField === undefined || !(field in kind.fields)) return { rows: [], earlier: null };
  const own = KindSql.of(kind);
  const parameters = new Parameters();
  const day = `t.${own.column(dayField).name}`;
  const seen = rules.map((rule) => {
    const anyDay = { ...rule, days: undefined } as SeeRule;
    return ownConditions(own, anyDay, asker, asker.station, parameters).join(' and ');
  });
  const where = `t.${own.column(field).name} = ${parameters.add(id, 'text')} and (${seen.map((one) => `(${one})`).join(' or ')})`;
  const [first, last] = [parameters.add(from, 'date'), parameters.add(before, 'date')];
  const ask = (text: string) => tx.unsafe(text, parameters.values as never[]);
  const found = await ask(
    `select ${own.select} from ${own.table} t where ${where} and ${day} >= ${first} and ${day} < ${last}
     order by ${day} desc, t.id limit ${rowsOfKindMax}`,
  );
  const [earlier] = await ask(
    `select max(${day})::text as day from ${own.table} t where ${where} and ${day} < ${first} and ${last} is not null`,
  );
  const rows = found.map((one) => ({ kind: kind.name, row: projectRow(kind, own.fromRow(one).row, asker.roles) }));
  return { rows, earlier: (earlier?.day as string | null) ?? null };
}
