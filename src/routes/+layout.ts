import { getLocale } from '#i18n';
import { loadEnglish } from '../i18n/english.ts';

// Everything happens on the phone: the server sends one empty shell and answers questions, it never draws a page.
export const ssr = false;

/** English texts lie in a file of their own; without it the phone goes on in Chinese rather than not at all. */
export async function load(): Promise<void> {
  if (getLocale() === 'en') await loadEnglish().catch(() => undefined);
}
