import type { PlainPerson, PlainRow, PlainRows } from './history.ts';

/**
 * Who may see what of the simulated kinds, said once more by hand and in another way than the engine says it: kind by
 * kind, in plain conditions. Shares no code with the engine, so that a mistake there is not repeated here.
 */
export function mayHold(rows: PlainRows, viewer: PlainPerson, today: string): ReadonlyMap<string, PlainRow> {
  const held = new Map<string, PlainRow>();
  const give = (kind: string, row: PlainRow): void => void held.set(`${kind}/${row.id}`, row);
  const has = (kind: string, id: unknown): boolean => held.has(`${kind}/${String(id)}`);
  const is = (role: string): boolean => viewer.roles.includes(role);
  const near = (day: unknown, from: number, to: number): boolean => {
    const away = (Date.parse(`${String(day)}T12:00:00Z`) - Date.parse(`${today}T12:00:00Z`)) / 86_400_000;
    return away >= from && away <= to;
  };
  const all = (kind: string): readonly PlainRow[] => rows[kind] ?? [];

  for (const row of all('round')) {
    const mine = row['assignee'] === viewer.person && near(row['day'], -1, 1);
    const free = is('volunteer') && row['free'] === true && near(row['day'], 0, 1);
    if (is('office') || mine || free) give('round', row);
  }
  for (const row of all('door')) if (is('office') || has('round', row['round'])) give('door', row);
  const elders = new Set([...held].filter(([key]) => key.startsWith('door/')).map(([, row]) => row['elder']));
  for (const row of all('elder')) {
    if (!is('office') && !elders.has(row.id)) continue;
    give('elder', is('office') || is('nurse') ? row : { ...row, medical: null });
  }
  for (const row of all('handover')) {
    const mine = row['by'] === viewer.person && near(row['day'], -2, 1);
    if (is('office') || mine || has('door', row['door'])) give('handover', row);
  }
  for (const row of all('tally')) if (is('office') || row['person'] === viewer.person) give('tally', row);
  for (const row of all('note')) {
    const around = viewer.communities === 'all' || viewer.communities.includes(row['community'] as string);
    const board = is('volunteer') && around && near(row['day'], -1, 0);
    if (is('office') || row['by'] === viewer.person || board) give('note', row);
  }
  for (const row of all('reply')) if (row['by'] === viewer.person || has('note', row['note'])) give('reply', row);
  for (const row of all('slot')) give('slot', row);
  for (const row of all('lostWork')) if (is('office') || row['person'] === viewer.person) give('lostWork', row);
  return held;
}

/** Words that may stand on this phone's disk: every secret of a record its person may hold. */
export function allowedSecrets(held: ReadonlyMap<string, PlainRow>): ReadonlySet<string> {
  return new Set([...held.values()].flatMap((row) => Object.values(row).flatMap((value) => secretsIn(String(value)))));
}

/** Names and medical words of the simulated station carry a mark that nothing else carries. */
export function secretsIn(text: string): readonly string[] {
  return text.match(/secret-[a-z]+-\d+/g) ?? [];
}
