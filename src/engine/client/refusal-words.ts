import { m } from '#messages';
import type { Words } from '../field.ts';
import type { EngineCode } from '../refusal.ts';
import type { Registry } from '../registry.ts';

/** Refusals the phone itself has beside the engine's: the act could not be written. */
export type ClientCode = EngineCode | 'not-saved';

const words: Readonly<Record<ClientCode, Words>> = {
  'not-allowed': () => m.client_refused_not_allowed(),
  invalid: () => m.client_refused_invalid(),
  'unknown-act': () => m.client_refused_unknown_act(),
  held: () => m.client_refused_held(),
  'server-check': () => m.client_refused_server_check(),
  'not-saved': () => m.client_refused_not_saved(),
};

/** Plain words for a refusal: what its act declares, else the engine's, else a sentence that claims nothing. */
export function refusalWordsOf(registry: Registry, code: string, mutationName?: string): string {
  const declared = mutationName === undefined ? undefined : registry.mutations.get(mutationName)?.refusals[code];
  const said = declared ?? (Object.hasOwn(words, code) ? words[code as ClientCode] : undefined);
  return said ? said() : m.client_refused_other();
}
