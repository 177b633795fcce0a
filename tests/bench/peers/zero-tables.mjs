/** What Zero is told of the records; the page and the server both need it, each with its own copy of the package. */
export function tablesOf(zero) {
  const { table, string, number, createSchema, createBuilder } = zero;
  const { defineQueries, defineQuery, defineMutators, defineMutator } = zero;
  const text = string();
  const visit = table('visit')
    .columns({
      ...{ id: text, kind: text, elder: text, volunteer: text, at: text, status: text },
      ...{ minutes: number(), note: text },
    })
    .primaryKey('id');
  const schema = createSchema({ tables: [visit] });
  const asked = createBuilder(schema);
  const anything = { '~standard': { version: 1, vendor: 'bench', validate: (value) => ({ value }) } };
  return {
    schema,
    queries: defineQueries({ all: defineQuery(() => asked.visit) }),
    mutators: defineMutators({ add: defineMutator(anything, ({ tx, args }) => tx.mutate.visit.insert(args)) }),
  };
}
