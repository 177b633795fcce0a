/** What is done at a desk, found like all declarations; fetched by the phones and computers of those who may do it. */
const found = import.meta.glob<Record<string, unknown>>('./features/*/*.desk.record.ts', { eager: true });

export const modules = Object.values(found);
