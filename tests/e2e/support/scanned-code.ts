import fs from 'node:fs';
import { encode } from 'uqr';

/** Size of the drawn picture (px). */
const width = 640;
const height = 480;

/** Lightness (0 to 255) of every pixel of a picture with this text as a QR code in its middle, row by row. */
function drawn(text: string): Uint8Array {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const scale = Math.floor(Math.min(width, height) / size);
  const [left, top] = [(width - size * scale) >> 1, (height - size * scale) >> 1];
  const grey = new Uint8Array(width * height).fill(235);
  data.forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (!isDark) return;
      for (let line = 0; line < scale; line += 1)
        grey.fill(
          20,
          (top + y * scale + line) * width + left + x * scale,
          (top + y * scale + line) * width + left + (x + 1) * scale,
        );
    }),
  );
  return grey;
}

/** A film of one picture, as Chromium takes one for its camera (Y4M, 4:2:0). */
export function writeFilm(file: string, text: string): void {
  const frame = Buffer.concat([Buffer.from('FRAME\n'), drawn(text), Buffer.alloc((width * height) / 2, 128)]);
  fs.writeFileSync(
    file,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame]),
  );
}

/** The same as a photo (BMP, 24 bits). */
export function writePhoto(file: string, text: string): void {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + width * height * 3, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  // Negative: the rows run from the top.
  head.writeInt32LE(-height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const pixels = Buffer.alloc(width * height * 3);
  drawn(text).forEach((grey, at) => pixels.fill(grey, at * 3, at * 3 + 3));
  fs.writeFileSync(file, Buffer.concat([head, pixels]));
}
