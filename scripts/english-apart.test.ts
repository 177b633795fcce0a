import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { englishApart } from './english-apart.mjs';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'src/i18n/compiled/messages');
const files = fs.readdirSync(folder).filter((file) => file.endsWith('.js') && file !== '_index.js');
const someFile = path.join(folder, files[0] as string);
/** Words as they were written, by key. */
const written = JSON.parse(fs.readFileSync(path.join(root, 'src/i18n/collected/en.json'), 'utf8')) as Record<
  string,
  unknown
>;

interface Hooks {
  resolveId(id: string): string | null;
  load(id: string): string | null;
  transform(code: string, id: string, options?: { ssr: boolean }): { code: string } | null;
}
/** A text with nothing to fill in is itself. */
type Tell = string | ((inputs: object) => string);

/** The bundler finds a file by its path, a module out of nowhere only by an address. */
function moduleOf(code: string): Promise<{ default: readonly Tell[] }> {
  const found = code.replace(/ from "([^"]+)"/, (_all, at: string) => ` from "${pathToFileURL(at).href}"`);
  return import(`data:text/javascript;base64,${Buffer.from(found).toString('base64')}`);
}

describe('English texts in a file of their own', () => {
  it('are all there, and the others hold Chinese only', async () => {
    const plugin = englishApart(root) as unknown as Hooks;
    const { default: english } = await moduleOf(plugin.load(plugin.resolveId('virtual:english') as string) as string);
    const wrong = files.filter((file) => {
      const id = path.join(folder, file);
      const { code } = plugin.transform(fs.readFileSync(id, 'utf8'), id) as { code: string };
      const [, key = '', at = ''] = code.match(/export const (\w+) = [\s\S]*?say\((\d+),/) ?? [];
      const tell = english[Number(at)];
      const said = typeof tell === 'function' ? tell({}) : tell;
      const words = written[key];
      const isPlain = typeof words === 'string' && !words.includes('{');
      // A text with forms that finds none of them says its own key.
      const isLost = said === undefined || said === key;
      return isLost || /const en_|registry/.test(code) || (isPlain && said !== words);
    });
    expect(files.length).toBeGreaterThan(1_000);
    expect(wrong).toEqual([]);
    expect(english.filter((tell) => typeof tell === 'string').length).toBeGreaterThan(900);
  });

  it('stay beside the Chinese ones on the server', () => {
    const plugin = englishApart(root) as unknown as Hooks;
    expect(plugin.transform(fs.readFileSync(someFile, 'utf8'), someFile, { ssr: true })).toBeNull();
  });

  it('are missed aloud when the compiler writes another form', () => {
    const plugin = englishApart(root) as unknown as Hooks;
    expect(() => plugin.transform('export const other = 1;', someFile)).toThrow('another form');
  });
});
