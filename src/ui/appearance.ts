/** The person's own choice of look: pure part. static/appearance.js applies the same rules before the first paint. */

export type Theme = 'phone' | 'light' | 'dark' | 'sun';
export const themes: readonly Theme[] = ['phone', 'light', 'dark', 'sun'];

export type TextSize = 20 | 24 | 30 | 36;
export const textSizes: readonly TextSize[] = [20, 24, 30, 36];

/** Where the choices are kept in localStorage. */
export const themeKey = 'nuanlin-theme';
export const textSizeKey = 'nuanlin-text-size';

/** What is written on <html>; an absent attribute is removed. */
export interface RootLook {
  theme: 'light' | 'dark' | 'sun' | null;
  size: string | null;
  bigText: boolean;
}

/** Reads what was stored; anything unknown counts as not chosen. */
export function readTheme(stored: string | null): Theme {
  return themes.find((theme) => theme === stored) ?? 'phone';
}

/** Reads what was stored; anything unknown counts as the first size. */
export function readTextSize(stored: string | null): TextSize {
  return textSizes.find((size) => String(size) === stored) ?? 20;
}

/** From 30 px some parts are folded: `big-text`. */
export function rootLook(theme: Theme, size: TextSize): RootLook {
  return { theme: theme === 'phone' ? null : theme, size: size === 20 ? null : String(size), bigText: size >= 30 };
}
