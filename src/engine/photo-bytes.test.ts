import { describe, expect, it } from 'vitest';
import { barePhoto, isBarePhoto, photoTypeOf } from './photo-bytes.ts';
import { exif, jpeg, jpegSegment, webp, webpChunk } from './photo-bytes.fixture.ts';

const ascii = (text: string) => new Uint8Array([...text].map((sign) => sign.charCodeAt(0)));
const contains = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text, 0, 'latin1');

describe('a photo', () => {
  it('is known by its bytes, not by its name', () => {
    expect(photoTypeOf(jpeg())).toBe('image/jpeg');
    expect(photoTypeOf(webp())).toBe('image/webp');
    expect(photoTypeOf(ascii('<html>not a photo</html>'))).toBeNull();
    expect(photoTypeOf(new Uint8Array())).toBeNull();
    expect(photoTypeOf(jpeg().slice(0, -2))).toBeNull();
    expect(photoTypeOf(webp().slice(0, -2))).toBeNull();
    expect(photoTypeOf(ascii('GIF89a'))).toBeNull();
  });

  it('is bare as it comes from a canvas', () => {
    expect(isBarePhoto(jpeg())).toBe(true);
    expect(isBarePhoto(webp())).toBe(true);
    expect(isBarePhoto(webp({ extended: 0x10, after: [] }))).toBe(true);
  });

  it('is not bare with EXIF of either byte order, and becomes so', () => {
    for (const order of ['II', 'MM'] as const) {
      const told = jpeg([jpegSegment(0xe1, exif(order))]);
      expect(contains(told, 'GPS')).toBe(true);
      expect(isBarePhoto(told)).toBe(false);
      expect(barePhoto(told)).toEqual(jpeg());
      const toldWebp = webp({ extended: 0x08, after: [webpChunk('EXIF', exif(order))] });
      expect(isBarePhoto(toldWebp)).toBe(false);
      expect(isBarePhoto(barePhoto(toldWebp)!)).toBe(true);
      expect(contains(barePhoto(toldWebp)!, 'GPS')).toBe(false);
    }
  });

  it('loses XMP, IPTC, comments, small pictures in its head, and what hangs on behind its end', () => {
    const xmp = ascii('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>');
    for (const segment of [
      jpegSegment(0xe1, xmp),
      jpegSegment(0xed, ascii('Photoshop 3.0\0')),
      jpegSegment(0xfe, ascii('taken at home')),
      jpegSegment(0xe0, ascii('JFXX\0small')),
      jpegSegment(0xe0, ascii('JFIF\0and a small picture')),
      jpegSegment(0xe2, ascii('MPF\0')),
      jpegSegment(0xef, ascii('anything')),
    ]) {
      expect(isBarePhoto(jpeg([segment]))).toBe(false);
      expect(barePhoto(jpeg([segment]))).toEqual(jpeg());
    }
    const behind = new Uint8Array([...jpeg(), ...exif('II')]);
    expect(isBarePhoto(behind)).toBe(false);
    expect(barePhoto(behind)).toEqual(jpeg());
    const between = webp({ extended: 0x04, after: [webpChunk('XMP ', xmp), webpChunk('what', xmp)] });
    expect(isBarePhoto(between)).toBe(false);
    expect(contains(barePhoto(between)!, 'xmpmeta')).toBe(false);
    expect(isBarePhoto(webp({ extended: 0x08, after: [] }))).toBe(false);
  });

  it('keeps its colours', () => {
    const coloured = jpeg([jpegSegment(0xe2, ascii('ICC_PROFILE\0colours')), jpegSegment(0xee, ascii('Adobe\0'))]);
    expect(isBarePhoto(coloured)).toBe(true);
  });

  it('that was cut or made up ends in null, wherever it was cut', () => {
    const whole = jpeg([jpegSegment(0xe1, exif('II'))]);
    for (let length = 0; length < whole.length; length += 1) expect(barePhoto(whole.slice(0, length))).toBeNull();
    const wholeWebp = webp({ extended: 0x08, after: [webpChunk('EXIF', exif('MM'))] });
    for (let length = 0; length < wholeWebp.length; length += 1)
      expect(barePhoto(wholeWebp.slice(0, length))).toBeNull();
  });
});
