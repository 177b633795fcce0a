/** A picture is looked at in this size at most (px): a code that fills a third of it has dots enough to be read. */
const side = 800;

/** Reads codes out of pictures. The reader is fetched when somebody scans: nobody else has to load it. */
export async function openQrReader(): Promise<(picture: CanvasImageSource, width: number, height: number) => string> {
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  /** The text of the code in the picture; empty when there is none that can be read. Sizes in px. */
  return (picture, width, height) => {
    if (!context || width === 0 || height === 0) return '';
    const scale = Math.min(1, side / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return '';
    }
  };
}
