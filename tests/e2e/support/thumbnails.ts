import type { Page } from 'playwright-core';

/** A page at a third of its size: small enough to keep, fine enough to see a key that moved by a few points. */
export const scale = 3;
/** How far a cell may be from the kept one in its strongest colour (of 255): what another smoothing of letters changes. */
const colourMax = 48;

export interface Difference {
  /** Share of the cells that are another colour; 1 when the sizes differ. */
  readonly share: number;
  readonly size: string;
}

/** The page as it stands, drawn small (PNG, base64). `easel` is any other page of the same browser. */
export async function thumbnail(page: Page, easel: Page): Promise<string> {
  const whole = (await page.screenshot({ fullPage: true, animations: 'disabled' })).toString('base64');
  return easel.evaluate(
    async ([picture, by]) => {
      const bytes = await (await fetch(`data:image/png;base64,${picture}`)).blob();
      const bitmap = await createImageBitmap(bytes);
      const [resizeWidth, resizeHeight] = [Math.round(bitmap.width / by), Math.round(bitmap.height / by)];
      const small = await createImageBitmap(bitmap, { resizeWidth, resizeHeight, resizeQuality: 'high' });
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [resizeWidth, resizeHeight];
      canvas.getContext('2d')!.drawImage(small, 0, 0);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    },
    [whole, scale] as const,
  );
}

/** How far two thumbnails are from each other. */
export function difference(easel: Page, one: string, other: string): Promise<Difference> {
  return easel.evaluate(
    async ([pictures, most]) => {
      const read = async (picture: string) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const [a, b] = [await read(pictures[0]), await read(pictures[1])];
      const size = `${a.width} × ${a.height}, ${b.width} × ${b.height}`;
      if (a.width !== b.width || a.height !== b.height) return { share: 1, size };
      let other = 0;
      for (let at = 0; at < a.data.length; at += 4)
        if ([0, 1, 2].some((colour) => Math.abs(a.data[at + colour]! - b.data[at + colour]!) > most)) other += 1;
      return { share: other / (a.width * a.height), size };
    },
    [[one, other], colourMax] as const,
  );
}
