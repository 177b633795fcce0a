import { m } from '#messages';
import type { Elder } from './stop-view.ts';

/** How to call them at the door, 叫她刘奶奶; undefined where nobody has said it. */
export function callWords(who: Elder | undefined): string | undefined {
  if (!who?.callName) return undefined;
  if (who.sex === 'F') return m.routes_call_her({ name: who.callName });
  return who.sex === 'M' ? m.routes_call_him({ name: who.callName }) : m.routes_call_them({ name: who.callName });
}
