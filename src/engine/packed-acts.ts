import { readColumn, UnreadableColumn, writeColumn } from './packing.ts';
import type { PackedActs, PackedVerdicts, Verdict, WireColumn, WireMutation } from './protocol.ts';

/** What every act has besides its arguments. */
const common = ['seq', 'id', 'name', 'version', 'claimedAt', 'serverTime', 'sinceServer', 'offset'] as const;

type Args = Readonly<Record<string, unknown>>;

/** Acts as columns; null when the arguments of one of them are not an object. */
export function packActs(acts: readonly WireMutation[]): PackedActs | null {
  const forms = new Map<string, { readonly names: readonly string[]; readonly args: Args[] }>();
  const form: number[] = [];
  for (const { args } of acts) {
    if (typeof args !== 'object' || args === null || Array.isArray(args)) return null;
    // What is undefined does not travel in plain JSON either.
    const names = Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const key = JSON.stringify(names);
    const known = forms.get(key) ?? { names, args: [] };
    forms.set(key, known);
    known.args.push(args as Args);
    form.push([...forms.keys()].indexOf(key));
  }
  const column = (name: (typeof common)[number]): [string, WireColumn] => [
    name,
    writeColumn(
      acts.map((act) => act[name]),
      true,
    ),
  ];
  return {
    count: acts.length,
    columns: Object.fromEntries(common.map(column)),
    form: writeColumn(form, true),
    forms: [...forms.values()].map(({ names, args }) => ({
      count: args.length,
      args: names.map((name) => [
        name,
        writeColumn(
          args.map((one) => one[name]),
          true,
        ),
      ]),
    })),
  };
}

/** The acts again, none of it checked but that the columns fit together; throws `UnreadableColumn`. */
export function unpackActs({ count, columns, form, forms }: PackedActs): Record<string, unknown>[] {
  const args = forms.map((one) => argsOf(one));
  const next = forms.map(() => 0);
  const given = common.map((name) => [name, readColumn(columns[name] ?? { each: [] }, count)] as const);
  return readColumn(form, count).map((place, at) => {
    const which = place as number;
    const own = args[which]?.[next[which] as number];
    if (!own) throw new UnreadableColumn();
    next[which] = (next[which] as number) + 1;
    return Object.fromEntries([...given.map(([name, values]) => [name, values[at]] as const), ['args', own]]);
  });
}

function argsOf({ count, args }: PackedActs['forms'][number]): Args[] {
  const columns = args.map(([name, column]) => [name, readColumn(column, count)] as const);
  return Array.from({ length: count }, (_none, at) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[at]])),
  );
}

const verdictParts = ['seq', 'id', 'verdict', 'repeated', 'code'] as const;

/** Verdicts as columns; without the ids when all are about these acts, which whoever reads them remembers. */
export function packVerdicts(verdicts: readonly Verdict[], acts: readonly WireMutation[] = []): PackedVerdicts {
  const ids = idsBySeq(acts);
  const isKnown = verdicts.every(({ seq, id }) => ids.get(seq) === id);
  const parts = verdictParts.filter((part) => part !== 'id' || !isKnown);
  const columns = parts.map((part) => [
    part,
    writeColumn(
      verdicts.map((one) => one[part] ?? null),
      true,
    ),
  ]);
  return { count: verdicts.length, columns: Object.fromEntries(columns) as PackedVerdicts['columns'] };
}

/** The verdicts again, about these acts when they do not say about which; throws `UnreadableColumn`. */
export function unpackVerdicts({ count, columns }: PackedVerdicts, acts: readonly WireMutation[] = []): Verdict[] {
  const [seqs, verdicts, repeated, codes] = (['seq', 'verdict', 'repeated', 'code'] as const).map((part) =>
    readColumn(columns[part], count),
  );
  const known = columns.id ? null : idsBySeq(acts);
  const ids = columns.id ? readColumn(columns.id, count) : seqs?.map((seq) => known?.get(seq as number));
  return Array.from({ length: count }, (_none, at) => {
    const [id, code] = [ids?.[at], codes?.[at]];
    if (typeof id !== 'string') throw new UnreadableColumn();
    const one = { seq: seqs?.[at], id, verdict: verdicts?.[at], repeated: repeated?.[at] } as Verdict;
    return typeof code === 'string' ? { ...one, code } : one;
  });
}

function idsBySeq(acts: readonly WireMutation[]): ReadonlyMap<number, string> {
  return new Map(acts.map(({ seq, id }) => [seq, id]));
}
