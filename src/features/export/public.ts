export { default as ExportKey } from './export-key.svelte';
export type { ShownList } from './workbook-of.ts';
