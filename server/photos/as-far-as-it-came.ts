import { photoPartBytesMax } from '#server/limits.ts';

/**
 * The same request with a body that ends where the line broke, in place of one that fails there: whatever has come is
 * written, and the phone goes on behind it. Read at once and before anything is asked of anybody else: a body that
 * fails takes along what still waits to be read. More than one part may have is not read.
 */
export function asFarAsItCame(request: Request): Request {
  if (!request.body) return request;
  const reader = request.body.getReader();
  const all = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    let left = photoPartBytesMax;
    for (let part = await reader.read(); !part.done && left > 0; part = await reader.read()) {
      left -= part.value.byteLength;
      controller.enqueue(part.value);
    }
    if (left <= 0) await reader.cancel();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      void all(controller)
        .catch(() => undefined)
        // Nobody reads any more: closed already.
        .then(() => controller.close())
        .catch(() => undefined);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { method, headers } = request;
  return new Request(request.url, { method, headers, body, duplex: 'half' } as RequestInit);
}
