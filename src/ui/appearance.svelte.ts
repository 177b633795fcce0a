/** Theme, text size and language of this phone: read once, kept in localStorage, written on <html>. */
import { getLocale, setLocale, type Locale } from '#i18n';
import { loadEnglish } from '../i18n/english.ts';
import { readTextSize, readTheme, rootLook, textSizeKey, themeKey, type TextSize, type Theme } from './appearance.ts';

function stored(key: string): string | null {
  // Storage may be switched off; the look then lasts as long as the page.
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing is lost but the choice itself, and the next visit starts with the phone's own look.
  }
}

class Appearance {
  #theme = $state<Theme>('phone');
  #textSize = $state<TextSize>(20);
  #language = $state<Locale>('zh-CN');

  constructor() {
    if (typeof document === 'undefined') return;
    this.#theme = readTheme(stored(themeKey));
    this.#textSize = readTextSize(stored(textSizeKey));
    this.#language = getLocale();
    this.#write();
  }

  get theme(): Theme {
    return this.#theme;
  }
  get textSize(): TextSize {
    return this.#textSize;
  }
  /** The root layout keys its children by this, so that every text is told anew: {#key appearance.language}. */
  get language(): Locale {
    return this.#language;
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    keep(themeKey, theme);
    this.#write();
  }

  setTextSize(size: TextSize): void {
    this.#textSize = size;
    keep(textSizeKey, String(size));
    this.#write();
  }

  /** Stays as it is when the texts of that language cannot be fetched. */
  async setLanguage(language: Locale): Promise<void> {
    if (language === 'en' && !(await hasEnglish())) return;
    // Without a reload, which would throw away what is being written.
    void setLocale(language, { reload: false });
    this.#language = language;
    this.#write();
  }

  #write(): void {
    const root = document.documentElement;
    const look = rootLook(this.#theme, this.#textSize);
    root.lang = this.#language;
    root.classList.toggle('big-text', look.bigText);
    if (look.theme) root.dataset.theme = look.theme;
    else delete root.dataset.theme;
    if (look.size) root.dataset.size = look.size;
    else delete root.dataset.size;
    // The bar of the phone above the page takes the colour of the paper.
    const bar = document.querySelector('meta[name="theme-color"]');
    bar?.setAttribute('content', getComputedStyle(root).getPropertyValue('--ground').trim() || '#faf5ea');
  }
}

const hasEnglish = (): Promise<boolean> =>
  loadEnglish().then(
    () => true,
    () => false,
  );

export const appearance = new Appearance();
