import { describe, expect, it } from 'vitest';
import { exif, jpeg, jpegSegment, webp } from '../../photo-bytes.fixture.ts';
import { isBarePhoto, photoTypeOf } from '../../photo-bytes.ts';
import { shrunk } from './shrink-steps.ts';

const blob = (bytes: Uint8Array<ArrayBuffer>, type: string) => new Blob([bytes], { type });

/** A camera's picture of which a pixel costs so many bytes at full quality; notes what it was drawn at. */
function picture(width: number, height: number, bytesPerPixel: number, writesWebp = false) {
  const drawn: [number, number][] = [];
  const draw = (w: number, h: number) => {
    drawn.push([w, h]);
    return {
      encode: async (type: string, quality: number) => {
        if (type === 'image/webp') return writesWebp ? blob(webp(), type) : blob(new Uint8Array(), 'image/png');
        const told = jpegSegment(0xe1, exif('MM'));
        return blob(jpeg([told], Math.round(w * h * bytesPerPixel * quality)), type);
      },
    };
  };
  return { width, height, draw, drawn };
}

describe('a picture from the camera', () => {
  it('becomes at most 1280 pixels long and 200,000 bytes large, and bare', async () => {
    const camera = picture(4_000, 3_000, 0.2);
    const bytes = await shrunk(camera);
    expect(camera.drawn).toEqual([[1_280, 960]]);
    expect(bytes!.length).toBeLessThanOrEqual(200_000);
    expect(isBarePhoto(bytes!)).toBe(true);
    expect(photoTypeOf(bytes!)).toBe('image/jpeg');
  });

  it('loses quality first, then size', async () => {
    const camera = picture(3_000, 4_000, 0.6);
    expect((await shrunk(camera))!.length).toBeLessThanOrEqual(200_000);
    expect(camera.drawn).toEqual([
      [960, 1_280],
      [768, 1_024],
    ]);
  });

  it('is not drawn larger than it is, and given up when nothing helps', async () => {
    const small = picture(300, 200, 0.5);
    await shrunk(small);
    expect(small.drawn).toEqual([[300, 200]]);
    expect(await shrunk(picture(4_000, 3_000, 5))).toBeNull();
  });

  it('is a WebP where the browser writes one', async () => {
    expect(photoTypeOf((await shrunk(picture(100, 100, 1, true)))!)).toBe('image/webp');
  });
});
